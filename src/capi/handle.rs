//! Objects that C owns by their handles.

use super::fence::{fenced, fenced_or};
use super::pointer::check;
use super::status::impasto_status;
use crate::error::Result;

/// Runs the body of a function that makes an object, and hands it to C, which owns it until it
/// calls the object's `_free`. An output that cannot be written is refused before the work.
///
/// # Safety
/// `handle` is NULL or points to writable room for a pointer.
pub(super) unsafe fn make<T>(
    handle: *mut *mut T,
    name: &str,
    body: impl FnOnce() -> Result<T>,
) -> impasto_status {
    fenced(|| {
        check(handle, name)?;
        let object = Box::into_raw(Box::new(body()?));
        // SAFETY: not NULL and aligned, as checked, and writable by this function's condition;
        // what lay there is not read.
        unsafe { handle.write(object) };
        Ok(())
    })
}

/// Takes an object back from C and clears C's handle. NULL and a cleared handle are nothing.
///
/// # Safety
/// `handle` is NULL or points to NULL or to what [`make`] wrote, which nobody uses any more.
pub(super) unsafe fn take<T>(handle: *mut *mut T) -> Option<Box<T>> {
    if check(handle, "").is_err() {
        return None;
    }
    // SAFETY: not NULL and aligned, as checked; it points to a pointer by this function's
    // condition.
    let object = unsafe { handle.replace(std::ptr::null_mut()) };
    // SAFETY: not NULL, so it is what `make` leaked from a box, and nobody else has it: the handle
    // is cleared.
    (!object.is_null()).then(|| unsafe { Box::from_raw(object) })
}

/// Frees an object and clears C's handle. A panic of a destructor ends here.
///
/// # Safety
/// As of [`take`].
pub(super) unsafe fn free<T>(handle: *mut *mut T) {
    // SAFETY: this function's condition is that of `take`.
    fenced_or((), || drop(unsafe { take(handle) }));
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::super::status::impasto_status::*;
    use super::*;

    struct Fragile;

    impl Drop for Fragile {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }

    /// As an exported function: a panic that left it would end the process.
    unsafe extern "C" fn free_fragile(handle: *mut *mut Fragile) {
        // SAFETY: the test's handle is NULL or holds what `make` wrote.
        unsafe { free(handle) };
    }

    #[test]
    fn a_panic_of_a_destructor_does_not_cross() {
        let mut handle = ptr::null_mut();
        // SAFETY: room for a pointer; then a handle that `make` filled, freed once and again.
        unsafe {
            assert_eq!(make(&mut handle, "handle", || Ok(Fragile)), IMPASTO_STATUS_OK);
            free_fragile(&mut handle);
            assert!(handle.is_null());
            free_fragile(&mut handle);
            free_fragile(ptr::null_mut());
        }
    }
}
