//! From C's pointers to Rust's references: the checks that every function makes.

use std::ffi::{CStr, c_char};
use std::path::PathBuf;

use crate::error::{Error, ErrorKind, Result};

/// An error about an argument.
pub(super) fn wrong(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::Argument, what)
}

/// Refuses what cannot be the address of a `T`.
pub(super) fn check<T>(pointer: *const T, name: &str) -> Result<()> {
    if pointer.is_null() {
        return Err(wrong(format!("the argument '{name}' is NULL")));
    }
    if !pointer.is_aligned() {
        return Err(wrong(format!("the argument '{name}' is not aligned for its type")));
    }
    Ok(())
}

/// What an input points to.
///
/// # Safety
/// `pointer` is NULL, or points to a valid `T` that nobody changes while the reference lives.
pub(super) unsafe fn shared<'a, T>(pointer: *const T, name: &str) -> Result<&'a T> {
    check(pointer, name)?;
    // SAFETY: not NULL and aligned, as checked; a `T` that stays by this function's condition.
    Ok(unsafe { &*pointer })
}

/// What an optional input points to.
///
/// # Safety
/// As of [`shared`].
pub(super) unsafe fn optional<'a, T>(pointer: *const T, name: &str) -> Result<Option<&'a T>> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: this function's condition is that of `shared`.
    unsafe { shared(pointer, name) }.map(Some)
}

/// A string that must be given.
///
/// # Safety
/// `pointer` is NULL or points to a string that ends with NUL and stays as it is.
pub(super) unsafe fn text<'a>(pointer: *const c_char, name: &str) -> Result<&'a str> {
    check(pointer, name)?;
    // SAFETY: not NULL, as checked; a string that stays by this function's condition.
    let text = unsafe { CStr::from_ptr(pointer) }.to_str();
    text.map_err(|_| wrong(format!("the argument '{name}' is not UTF-8")))
}

/// A string that may be left out, by NULL or by an empty one.
///
/// # Safety
/// As of [`text`].
pub(super) unsafe fn optional_text<'a>(
    pointer: *const c_char,
    name: &str,
) -> Result<Option<&'a str>> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: this function's condition is that of `text`.
    let text = unsafe { text(pointer, name) }?;
    Ok((!text.is_empty()).then_some(text))
}

/// A path that may be left out.
///
/// # Safety
/// As of [`text`].
pub(super) unsafe fn optional_path(pointer: *const c_char, name: &str) -> Result<Option<PathBuf>> {
    // SAFETY: this function's condition is that of `optional_text`.
    Ok(unsafe { optional_text(pointer, name) }?.map(PathBuf::from))
}
