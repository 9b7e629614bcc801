//! Requests to stop.

use super::functions::Functions;
use super::handle::Handle;
use super::types::Cancel;
use crate::error::Result;

impl Functions {
    pub fn new_cancel(&self) -> Result<Handle<Cancel>> {
        // SAFETY: the function asks for nothing but room for a handle, and what it writes there is
        // new and freed by `impasto_cancel_free`.
        unsafe { self.made(self.impasto_cancel_free, |cancel| (self.impasto_cancel_new)(cancel)) }
    }

    pub fn request_cancel(&self, cancel: &Handle<Cancel>) {
        // SAFETY: the handle keeps the object alive; any thread may request. Only NULL is an error.
        unsafe { (self.impasto_cancel_request)(cancel.as_ptr()) };
    }
}
