//! What functions return.

use std::ffi::{CStr, c_char};

use crate::error::ErrorKind;

/// What a function returns. The numbers never change; new ones may be added.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum impasto_status {
    /// Done; the outputs are written.
    IMPASTO_STATUS_OK = 0,
    /// The caller cancelled; nothing was changed.
    IMPASTO_STATUS_CANCELLED = 1,
    /// An argument is NULL, out of range, or contradicts another.
    IMPASTO_STATUS_ARGUMENT = 2,
    /// A picture cannot be read or painted.
    IMPASTO_STATUS_PICTURE = 3,
    /// A style cannot be read or does not fit the network.
    IMPASTO_STATUS_STYLE = 4,
    /// A network is missing or damaged.
    IMPASTO_STATUS_MODEL = 5,
    /// ONNX Runtime is missing, too old, or failed.
    IMPASTO_STATUS_RUNTIME = 6,
    /// The chosen device cannot be used.
    IMPASTO_STATUS_DEVICE = 7,
    /// The memory budget or the machine's memory does not suffice.
    IMPASTO_STATUS_MEMORY = 8,
    /// A file cannot be opened, created or renamed.
    IMPASTO_STATUS_FILE = 9,
    /// A defect in the library; the call had no effect and the library stays usable.
    IMPASTO_STATUS_PANIC = 10,
}

use impasto_status::*;

impl From<ErrorKind> for impasto_status {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Cancelled => IMPASTO_STATUS_CANCELLED,
            ErrorKind::Argument => IMPASTO_STATUS_ARGUMENT,
            ErrorKind::Picture => IMPASTO_STATUS_PICTURE,
            ErrorKind::Style => IMPASTO_STATUS_STYLE,
            ErrorKind::Model => IMPASTO_STATUS_MODEL,
            ErrorKind::Runtime => IMPASTO_STATUS_RUNTIME,
            ErrorKind::Device => IMPASTO_STATUS_DEVICE,
            ErrorKind::Memory => IMPASTO_STATUS_MEMORY,
            ErrorKind::File => IMPASTO_STATUS_FILE,
        }
    }
}

/// A word for a status, for logs: "cancelled". Any number is allowed. The string is static.
#[unsafe(no_mangle)]
pub extern "C" fn impasto_status_name(status: i32) -> *const c_char {
    const NAMES: [&CStr; 11] = [
        c"ok",
        c"cancelled",
        c"argument",
        c"picture",
        c"style",
        c"model",
        c"runtime",
        c"device",
        c"memory",
        c"file",
        c"panic",
    ];
    let name = usize::try_from(status).ok().and_then(|status| NAMES.get(status).copied());
    name.unwrap_or(c"unknown").as_ptr()
}
