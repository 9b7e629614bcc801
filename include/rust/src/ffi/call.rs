//! What all calls share: errors, new objects, structs with the library's defaults.

use std::ptr;

use super::functions::Functions;
use super::handle::Handle;
use super::text::copied;
use crate::error::{Cure, Error, Result, Status};

impl Functions {
    /// The error of a status, with the words that the library keeps for this thread.
    pub fn checked(&self, status: i32) -> Result<()> {
        let Some(status) = Status::from_number(status) else { return Ok(()) };
        // SAFETY: the functions take nothing; their strings live until the next failure on this
        // thread, which cannot come before the copies are made.
        let (message, failure, cure) = unsafe {
            (
                copied((self.impasto_last_error_message)()),
                copied((self.impasto_last_error_failure)()),
                (self.impasto_last_error_cure)(),
            )
        };
        let error = Error::new(status, message.unwrap_or_default());
        Err(match Cure::from_number(cure) {
            Some(cure) => error.cured(cure, failure.unwrap_or_default()),
            None => error,
        })
    }

    /// Calls a function that makes an object.
    ///
    /// # Safety
    /// `make` writes NULL or an object that `free` frees and nobody else owns.
    pub unsafe fn made<T>(
        &self,
        free: unsafe extern "C" fn(*mut *mut T),
        make: impl FnOnce(*mut *mut T) -> i32,
    ) -> Result<Handle<T>> {
        let mut object = ptr::null_mut();
        self.checked(make(&mut object))?;
        // SAFETY: `make` wrote the object, and this function was promised that `free` frees it.
        unsafe { Handle::new(object, free) }
            .ok_or_else(|| Error::new(Status::Panic, "the library made nothing"))
    }

    /// A struct with the library's defaults.
    pub fn initialised<T: Default>(
        &self,
        init: unsafe extern "C" fn(*mut T, usize) -> i32,
    ) -> Result<T> {
        let mut raw = T::default();
        // SAFETY: there is room for as many bytes as are told, and the defaults of every struct
        // are plain data, which need no dropping.
        self.checked(unsafe { init(&mut raw, size_of::<T>()) })?;
        Ok(raw)
    }
}
