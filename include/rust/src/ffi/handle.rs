//! Objects of the library that this crate owns.

use std::ptr::NonNull;

/// An object that is freed when this is dropped.
pub(crate) struct Handle<T> {
    object: NonNull<T>,
    free: unsafe extern "C" fn(*mut *mut T),
}

// SAFETY: the header says that every function may be called from any thread and that objects may
// be shared; dropping needs the handle itself, so nobody else uses the object then.
unsafe impl<T> Send for Handle<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Handle<T> {}

impl<T> Handle<T> {
    /// Takes over a new object.
    ///
    /// # Safety
    /// `object` is NULL or what a function of the library made, which `free` frees.
    pub unsafe fn new(object: *mut T, free: unsafe extern "C" fn(*mut *mut T)) -> Option<Self> {
        NonNull::new(object).map(|object| Self { object, free })
    }

    pub fn as_ptr(&self) -> *const T {
        self.object.as_ptr()
    }
}

impl<T> Drop for Handle<T> {
    fn drop(&mut self) {
        let mut object = self.object.as_ptr();
        // SAFETY: the object was not freed before, and nobody uses it any more.
        unsafe { (self.free)(&mut object) };
    }
}
