//! Opening libraries, with what they need themselves from their own folder or the system's.
#![allow(unsafe_code)]

use std::path::Path;

use libloading::{Error, Library};

/// Opens the library at `path`. On Windows, a bare name stands for one of the system's own.
///
/// # Safety
/// The library's constructors run: it must be one that the user or an installation chose.
#[cfg(not(windows))]
pub(super) unsafe fn library(path: &Path) -> Result<Library, Error> {
    // SAFETY: this function's own condition.
    unsafe { Library::new(path) }
}

/// Opens the library at `path`. On Windows, a bare name stands for one of the system's own.
///
/// # Safety
/// The library's constructors run: it must be one that the user or an installation chose.
#[cfg(windows)]
pub(super) unsafe fn library(path: &Path) -> Result<Library, Error> {
    use libloading::os::windows::{
        LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR, LOAD_LIBRARY_SEARCH_SYSTEM32, Library,
    };
    // Left to itself, Windows would look in the program's folder, the working directory and PATH.
    let own = if path.is_absolute() { LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR } else { 0 };
    // SAFETY: this function's own condition.
    unsafe { Library::load_with_flags(path, own | LOAD_LIBRARY_SEARCH_SYSTEM32) }.map(Into::into)
}
