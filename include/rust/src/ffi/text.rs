//! Texts on their way to the library and back.

use std::ffi::{CStr, CString, c_char};
use std::path::Path;
use std::ptr;

use crate::error::{Error, Result};

pub fn text(text: &str) -> Result<CString> {
    CString::new(text).map_err(|_| Error::argument(format!("the text {text:?} holds a NUL")))
}

pub fn path_text(path: &Path) -> Result<CString> {
    let wrong = || Error::argument(format!("the path '{}' is not UTF-8", path.display()));
    text(path.to_str().ok_or_else(wrong)?)
}

/// NULL for none.
pub fn optional(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(ptr::null(), |text| text.as_ptr())
}

/// Nothing for NULL.
///
/// # Safety
/// `pointer` is NULL or points to a string that ends with NUL and stays as it is for `'a`.
pub unsafe fn borrowed<'a>(pointer: *const c_char) -> &'a str {
    // SAFETY: what this asks for is what this function was promised.
    unsafe { meant(pointer) }.unwrap_or_default()
}

/// `None` for NULL.
///
/// # Safety
/// As of [`borrowed`].
pub unsafe fn meant<'a>(pointer: *const c_char) -> Option<&'a str> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: it is not NULL, and so a string that ends with NUL and stays for `'a`.
    Some(unsafe { CStr::from_ptr(pointer) }.to_str().unwrap_or_default())
}

/// A copy; `None` for NULL.
///
/// # Safety
/// `pointer` is NULL or points to a string that ends with NUL.
pub unsafe fn copied(pointer: *const c_char) -> Option<String> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: it is not NULL, and so a string that ends with NUL; it is copied at once.
    Some(unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned())
}

/// What stands in an array of letters, up to its NUL.
pub fn written(letters: &[c_char]) -> String {
    let bytes: Vec<u8> =
        letters.iter().take_while(|&&letter| letter != 0).map(|&letter| letter as u8).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}
