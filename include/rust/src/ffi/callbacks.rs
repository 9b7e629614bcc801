//! What the library calls. No panic crosses into it.

use std::any::Any;
use std::ffi::{CStr, c_char, c_void};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::log::Receiver;

/// A listener to a painting's progress, and the panic that it ended with.
pub(super) struct Listener<'a> {
    pub hear: &'a mut dyn FnMut(f32, &str) -> ControlFlow<()>,
    pub panic: Option<Box<dyn Any + Send>>,
}

/// Hands progress to a [`Listener`].
///
/// # Safety
/// `user_data` points to a [`Listener`] that nobody else uses; `phase` ends with NUL.
pub(super) unsafe extern "C" fn progress(
    user_data: *mut c_void,
    fraction: f32,
    phase: *const c_char,
) -> i32 {
    // SAFETY: this function's own condition; the library calls on one thread, one call at a time.
    let (listener, phase) =
        unsafe { (&mut *user_data.cast::<Listener<'_>>(), CStr::from_ptr(phase)) };
    if listener.panic.is_some() {
        return 1;
    }
    let hear = AssertUnwindSafe(|| (listener.hear)(fraction, &phase.to_string_lossy()));
    match catch_unwind(hear) {
        Ok(ControlFlow::Continue(())) => 0,
        Ok(ControlFlow::Break(())) => 1,
        Err(panic) => {
            listener.panic = Some(panic);
            1
        }
    }
}

/// Hands a message to a [`Receiver`].
///
/// # Safety
/// `user_data` points to a [`Receiver`]; `message` ends with NUL.
pub(super) unsafe extern "C" fn log(user_data: *mut c_void, level: i32, message: *const c_char) {
    // SAFETY: this function's own condition; a receiver may be shared by threads.
    let (receiver, message) =
        unsafe { (&*user_data.cast_const().cast::<Receiver>(), CStr::from_ptr(message)) };
    let receive = AssertUnwindSafe(|| receiver.receive(level, &message.to_string_lossy()));
    if let Err(panic) = catch_unwind(receive) {
        // The payload's own destructor may panic, too.
        std::mem::forget(panic);
    }
}
