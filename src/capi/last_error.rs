//! The words of the last failure on this thread.

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char};

use super::cure::impasto_cure::{self, *};
use crate::error::Error;

struct Kept {
    message: CString,
    failure: CString,
    cure: impasto_cure,
}

thread_local! {
    static LAST: RefCell<Kept> = RefCell::new(Kept {
        message: CString::default(),
        failure: CString::default(),
        cure: IMPASTO_CURE_NONE,
    });
}

/// The words of the last function that failed on the calling thread: one line of UTF-8 that
/// starts with what was tried and, where there is one, ends with the cure. Empty before the first
/// failure; never NULL. The string belongs to the library and is valid until the next function
/// fails on this thread.
#[unsafe(no_mangle)]
pub extern "C" fn impasto_last_error_message() -> *const c_char {
    words(|last| &last.message)
}

/// The same words without the cure that `impasto_last_error_cure` tells, for hosts that have words
/// of their own for it. Where it tells none, the whole message.
#[unsafe(no_mangle)]
pub extern "C" fn impasto_last_error_failure() -> *const c_char {
    words(|last| &last.failure)
}

/// What helps against the last failure on the calling thread.
#[unsafe(no_mangle)]
pub extern "C" fn impasto_last_error_cure() -> impasto_cure {
    LAST.try_with(|last| last.borrow().cure).unwrap_or(IMPASTO_CURE_NONE)
}

fn words(part: impl FnOnce(&Kept) -> &CStr) -> *const c_char {
    // A thread that is being torn down has no words left.
    LAST.try_with(|last| part(&last.borrow()).as_ptr()).unwrap_or(c"".as_ptr())
}

/// Keeps the words of a failure.
pub(super) fn keep(error: &Error) {
    keep_words(&error.full_message(), &error.failure(), error.cure().into());
}

/// Keeps the words of a defect.
pub(super) fn keep_defect(message: &str) {
    keep_words(message, message, IMPASTO_CURE_NONE);
}

fn keep_words(message: &str, failure: &str, cure: impasto_cure) {
    let kept = Kept { message: line(message), failure: line(failure), cure };
    let _ = LAST.try_with(|last| *last.borrow_mut() = kept);
}

fn line(words: &str) -> CString {
    let line: Vec<_> = words.split(char::is_control).map(str::trim).collect();
    CString::new(line.join(" ")).unwrap_or_default()
}
