//! Objects of the library that this crate owns.

use std::ptr::NonNull;

/// An object that is freed when this is dropped.
pub(crate) struct Handle<T> {
    object: NonNull<T>,
    free: unsafe extern "C" fn(*mut *mut T),
}

// SAFETY: the header lets every function, those that free among them, be called from any thread.
unsafe impl<T> Send for Handle<T> {}
// SAFETY: the header lets threads share every object as long as nobody changes it; what changes one
// needs its handle for itself (`as_mut_ptr`, `drop`).
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

    /// For functions that change the object.
    pub fn as_mut_ptr(&mut self) -> *mut T {
        self.object.as_ptr()
    }
}

impl<T> Drop for Handle<T> {
    fn drop(&mut self) {
        let mut object = self.object.as_ptr();
        // SAFETY: `new` was promised that `free` frees the object, which happens here alone.
        unsafe { (self.free)(&mut object) };
    }
}
