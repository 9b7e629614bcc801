//! Looks: what the frames of a shot share so that they do not flicker.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::ffi::{self, Handle};
use crate::library::Library;
use crate::options::PaintOptions;
use crate::pixels::Pixels;
use crate::style::Style;

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
    /// The look that [`Engine::paint`] would give to a picture, in a fraction of the time. The
    /// options' request to stop is heard, their own look is not.
    ///
    /// # Errors
    /// `Cancelled`, or what went wrong.
    pub fn from_pixels(
        engine: &Engine,
        style: &Style,
        options: &PaintOptions,
        pixels: &Pixels<'_>,
    ) -> Result<Self> {
        let library = engine.library();
        let handle = library.functions().look_from_pixels(
            engine.handle(),
            style.handle(),
            options,
            pixels,
        )?;
        Ok(Self(Arc::new(Found { handle, library })))
    }

    /// As [`Look::from_pixels`], of a picture file.
    ///
    /// # Errors
    /// `Picture` or `File` for a file that cannot be used, `Cancelled`, or what went wrong.
    pub fn from_file(
        engine: &Engine,
        style: &Style,
        options: &PaintOptions,
        path: &Path,
    ) -> Result<Self> {
        let library = engine.library();
        let functions = library.functions();
        let handle = functions.look_from_file(engine.handle(), style.handle(), options, path)?;
        Ok(Self(Arc::new(Found { handle, library })))
    }

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
        let handle = library.functions().mix_looks(&handles)?;
        Ok(Self(Arc::new(Found { handle, library })))
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
