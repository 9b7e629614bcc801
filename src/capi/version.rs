//! Versions.

use std::ffi::{CStr, c_char};

const fn number(text: &str) -> u32 {
    let (bytes, mut value, mut k) = (text.as_bytes(), 0, 0);
    while k < bytes.len() {
        value = value * 10 + (bytes[k] - b'0') as u32;
        k += 1;
    }
    value
}

/// The major version of the interface that this header describes. A library with another one
/// cannot be used with it.
pub const IMPASTO_VERSION_MAJOR: u32 = 0;
/// The minor version: functions are added. While the major version is 0, a library with another
/// minor version cannot be used with this header either.
pub const IMPASTO_VERSION_MINOR: u32 = 2;
/// The patch version.
pub const IMPASTO_VERSION_PATCH: u32 = 0;

const _: () = assert!(
    number(env!("CARGO_PKG_VERSION_MAJOR")) == IMPASTO_VERSION_MAJOR
        && number(env!("CARGO_PKG_VERSION_MINOR")) == IMPASTO_VERSION_MINOR
        && number(env!("CARGO_PKG_VERSION_PATCH")) == IMPASTO_VERSION_PATCH,
    "the header's version is the crate's"
);

/// The version of the loaded library: major * 1000000 + minor * 1000 + patch.
#[unsafe(no_mangle)]
pub extern "C" fn impasto_version_number() -> u32 {
    IMPASTO_VERSION_MAJOR * 1_000_000 + IMPASTO_VERSION_MINOR * 1_000 + IMPASTO_VERSION_PATCH
}

/// The version of the loaded library for people: "1.2.3". The string is static.
#[unsafe(no_mangle)]
pub extern "C" fn impasto_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => c"",
        };
    VERSION.as_ptr()
}
