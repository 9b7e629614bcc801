//! Looks: what the frames of a shot share so that they do not flicker.

use std::fmt;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::ffi::{self, Handle};
use crate::library::Library;

/// What a painting takes from the whole of its picture. Every picture has its own, found anew at
/// each painting; frames of a shot that are painted in one do not pump. Clones share it; it may be
/// shared by threads.
#[derive(Clone)]
pub struct Look(Arc<Found>);

struct Found {
    handle: Handle<ffi::Look>,
    library: Library,
}

impl Look {
    /// The mean of several looks by weight. Weights need not sum to 1.
    ///
    /// # Errors
    /// `Argument` for no looks, wrong weights, or looks of different networks.
    pub fn mix(parts: &[(&Self, f32)]) -> Result<Self> {
        let Some((first, _)) = parts.first() else {
            return Err(Error::argument("cannot mix no looks: give at least one"));
        };
        let handles: Vec<_> =
            parts.iter().map(|(look, weight)| (&look.0.handle, *weight)).collect();
        let library = first.0.library;
        Ok(Self::new(library.functions().mix_looks(&handles)?, library))
    }

    pub(crate) fn new(handle: Handle<ffi::Look>, library: Library) -> Self {
        Self(Arc::new(Found { handle, library }))
    }

    pub(crate) fn handle(&self) -> &Handle<ffi::Look> {
        &self.0.handle
    }
}

impl fmt::Debug for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Look").finish_non_exhaustive()
    }
}
