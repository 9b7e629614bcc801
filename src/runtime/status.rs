//! What ONNX Runtime's functions answer.
#![allow(unsafe_code)]

use ort::sys::OrtStatusPtr;

/// The error that a status of ONNX Runtime's or a provider's function stands for, which it takes.
pub(super) fn check(status: OrtStatusPtr) -> ort::Result<()> {
    // SAFETY: the status comes straight from a function, and no one else owns it.
    unsafe { ort::Error::result_from_status(status) }
}
