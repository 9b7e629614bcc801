//! The words of the last failure on this thread.

use std::cell::RefCell;
use std::ffi::{CString, c_char};

thread_local! {
    static LAST: RefCell<CString> = RefCell::default();
}

/// The words of the last function that failed on the calling thread: one line of UTF-8 that
/// starts with what was tried and, where there is one, ends with the cure. Empty before the first
/// failure; never NULL. The string belongs to the library and is valid until the next function
/// fails on this thread.
#[unsafe(no_mangle)]
pub extern "C" fn impasto_last_error_message() -> *const c_char {
    // A thread that is being torn down has no words left.
    LAST.try_with(|last| last.borrow().as_ptr()).unwrap_or(c"".as_ptr())
}

/// Keeps the words of a failure.
pub(super) fn keep(message: &str) {
    let line: Vec<_> = message.split(char::is_control).map(str::trim).collect();
    let message = CString::new(line.join(" ")).unwrap_or_default();
    let _ = LAST.try_with(|last| *last.borrow_mut() = message);
}
