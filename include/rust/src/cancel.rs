//! Stopping work from another thread.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Result;
use crate::ffi::{self, Handle};
use crate::library::Library;

/// A request to stop that any thread may make. Clones share one request; one may stop several
/// paintings. Once requested it stays requested.
#[derive(Clone)]
pub struct Cancel(Arc<Request>);

struct Request {
    handle: Handle<ffi::Cancel>,
    is_requested: AtomicBool,
    library: Library,
}

impl Cancel {
    /// No request yet.
    ///
    /// # Errors
    /// Only for a defect in the library.
    pub fn new(library: &Library) -> Result<Self> {
        let handle = library.functions().new_cancel()?;
        Ok(Self(Arc::new(Request { handle, is_requested: false.into(), library: *library })))
    }

    /// Asks the work to stop; it ends with [`Status::Cancelled`](crate::Status::Cancelled) within
    /// a fraction of a second, or where the setting "on-cancel" says so with the painting as it
    /// stands. This returns at once.
    pub fn request(&self) {
        self.0.is_requested.store(true, Ordering::SeqCst);
        self.0.library.functions().request_cancel(&self.0.handle);
    }

    /// Whether a stop was asked for.
    pub fn is_requested(&self) -> bool {
        self.0.is_requested.load(Ordering::SeqCst)
    }

    pub(crate) fn handle(&self) -> &Handle<ffi::Cancel> {
        &self.0.handle
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cancel").field(&self.is_requested()).finish()
    }
}
