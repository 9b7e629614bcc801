//! Stopping work from another thread.

use super::fence::fenced;
use super::handle::{free, make};
use super::pointer::shared;
use super::status::impasto_status;
use crate::job::Cancel;

/// A request to stop. It may be used from any thread at any time, also while a painting that was
/// given it (in its run) goes on; one may stop several paintings. Once requested it stays requested.
pub struct impasto_cancel(pub(super) Cancel);

/// Makes a request that is not made yet. Free it with `impasto_cancel_free`.
///
/// @param cancel receives the new object
/// @return `ARGUMENT` for NULL
///
/// # Safety
/// `cancel` is NULL or points to writable room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_cancel_new(cancel: *mut *mut impasto_cancel) -> impasto_status {
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(cancel, "cancel", || Ok(impasto_cancel(Cancel::new()))) }
}

/// Asks the work that was given this object to stop. It ends within about a third of a second with
/// `IMPASTO_STATUS_CANCELLED`, or where the setting "on-cancel" says so with the painting as it
/// stands; this function returns at once.
///
/// @param cancel not NULL
/// @return `ARGUMENT` for NULL
///
/// # Safety
/// `cancel` is NULL or an object of `impasto_cancel_new` that was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_cancel_request(cancel: *const impasto_cancel) -> impasto_status {
    fenced(|| {
        // SAFETY: the caller guarantees that it is not freed during the call.
        unsafe { shared(cancel, "cancel") }?.0.request();
        Ok(())
    })
}

/// Frees the object and sets the handle to NULL. Work that was given it goes on and can no longer
/// be stopped through it. NULL and a handle of NULL are allowed.
///
/// @param cancel the address of the handle
///
/// # Safety
/// `cancel` is NULL or points to a handle that no other thread uses in this moment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_cancel_free(cancel: *mut *mut impasto_cancel) {
    // SAFETY: the caller guarantees that the handle is this thread's alone.
    unsafe { free(cancel) };
}
