//! From C's pointers to Rust's references: the checks that every function makes.

use std::ffi::{CStr, c_char};
use std::path::PathBuf;

use crate::error::{Error, ErrorKind, Result};

/// An error about an argument.
pub(super) fn wrong(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::Argument, what)
}

fn check<T>(pointer: *const T, name: &str) -> Result<()> {
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
    // SAFETY: not NULL, aligned, valid by this function's own condition.
    Ok(unsafe { &*pointer })
}

/// What an optional input points to.
///
/// # Safety
/// As [`shared`].
pub(super) unsafe fn optional<'a, T>(pointer: *const T, name: &str) -> Result<Option<&'a T>> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: this function's own condition.
    unsafe { shared(pointer, name) }.map(Some)
}

/// Refuses an output that cannot be written, before the work.
pub(super) fn check_output<T>(pointer: *mut T, name: &str) -> Result<()> {
    check(pointer, name)
}

/// Hands a new object to C, which owns it until it calls the object's `_free`.
///
/// # Safety
/// `pointer` passed [`check_output`] and points to writable memory.
pub(super) unsafe fn give<T>(pointer: *mut *mut T, object: T) {
    // SAFETY: this function's own condition; `write` does not read what lay there.
    unsafe { pointer.write(Box::into_raw(Box::new(object))) };
}

/// Takes an object back from C and clears C's handle. NULL and a cleared handle are nothing.
///
/// # Safety
/// `pointer` is NULL or points to NULL or to what [`give`] wrote, which nobody uses any more.
pub(super) unsafe fn take<T>(pointer: *mut *mut T) -> Option<Box<T>> {
    if pointer.is_null() || !pointer.is_aligned() {
        return None;
    }
    // SAFETY: this function's own condition.
    let object = unsafe { pointer.replace(std::ptr::null_mut()) };
    // SAFETY: as above, `give` made it.
    (!object.is_null()).then(|| unsafe { Box::from_raw(object) })
}

/// A string that must be given.
///
/// # Safety
/// `pointer` is NULL or points to a string that ends with NUL and stays as it is.
pub(super) unsafe fn text<'a>(pointer: *const c_char, name: &str) -> Result<&'a str> {
    // SAFETY: this function's own condition.
    unsafe { optional_text(pointer, name) }?
        .ok_or_else(|| wrong(format!("the argument '{name}' is NULL")))
}

/// A string that may be left out.
///
/// # Safety
/// As [`text`].
pub(super) unsafe fn optional_text<'a>(
    pointer: *const c_char,
    name: &str,
) -> Result<Option<&'a str>> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: not NULL; the rest is this function's own condition.
    let text = unsafe { CStr::from_ptr(pointer) }.to_str();
    text.map(Some).map_err(|_| wrong(format!("the argument '{name}' is not UTF-8")))
}

/// A path that may be left out; empty is left out, too.
///
/// # Safety
/// As [`text`].
pub(super) unsafe fn optional_path(pointer: *const c_char, name: &str) -> Result<Option<PathBuf>> {
    // SAFETY: this function's own condition.
    let text = unsafe { optional_text(pointer, name) }?;
    Ok(text.filter(|text| !text.is_empty()).map(PathBuf::from))
}

/// Objects of C that start with their own size, so that they can grow.
///
/// # Safety
/// A type that implements this is `repr(C)`, begins with a `usize` that holds its size in the
/// caller's version, and is valid for every bit pattern.
pub(super) unsafe trait Growing: Copy {
    /// The size of the first version: smaller is no such struct.
    const FIRST_SIZE: usize;
    /// Values for what an older caller does not know.
    fn defaults() -> Self;
}

/// Reads a struct of the size that its caller knew: what an older caller does not have gets its
/// default, what a newer one has beyond ours must be zero.
///
/// # Safety
/// `pointer` is NULL or points to a `usize` followed by as many bytes as it says, less its own.
pub(super) unsafe fn read_sized<T: Growing>(pointer: *const T, name: &str) -> Result<T> {
    check(pointer, name)?;
    let size = size_of::<T>();
    // SAFETY: the struct begins with its size.
    let given = unsafe { pointer.cast::<usize>().read() };
    // A size beyond this is no struct but garbage that must not be followed.
    const MOST: usize = 4096;
    if !(T::FIRST_SIZE..=MOST).contains(&given) {
        return Err(wrong(format!(
            "'{name}' has the struct_size {given}: initialise it with its _init function"
        )));
    }
    let bytes = pointer.cast::<u8>();
    if given > size {
        // SAFETY: the caller says that so many bytes are there.
        let beyond = unsafe { std::slice::from_raw_parts(bytes.add(size), given - size) };
        if beyond.iter().any(|&byte| byte != 0) {
            return Err(wrong(format!(
                "'{name}' asks for something that this version of the library does not know"
            )));
        }
    }
    let mut known = T::defaults();
    // SAFETY: both sides have at least this many bytes, and every bit pattern is valid.
    unsafe {
        std::ptr::copy_nonoverlapping(
            bytes,
            std::ptr::from_mut(&mut known).cast::<u8>(),
            given.min(size),
        );
    }
    Ok(known)
}

/// Writes a struct with as much as the caller has room for.
///
/// # Safety
/// `pointer` is NULL or has room for `room` bytes.
pub(super) unsafe fn write_sized<T: Growing>(
    pointer: *mut T,
    room: usize,
    value: T,
    name: &str,
) -> Result<()> {
    check(pointer, name)?;
    if room < T::FIRST_SIZE {
        return Err(wrong(format!("'{name}' has no room: its size is given as {room} bytes")));
    }
    let mut value = value;
    let from = std::ptr::from_mut(&mut value);
    // SAFETY: the struct begins with its size; the rest is this function's own condition.
    unsafe {
        from.cast::<usize>().write(room.min(size_of::<T>()));
        std::ptr::copy_nonoverlapping(
            from.cast::<u8>(),
            pointer.cast::<u8>(),
            room.min(size_of::<T>()),
        );
    }
    Ok(())
}
