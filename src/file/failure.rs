//! What is said when a picture file cannot be read or written.

use std::io;

use image::ImageError;

use crate::error::{Error, ErrorKind};

/// What was tried with which picture, before the cause.
pub(super) fn cannot(verb: &str, name: &str, cause: Error) -> Error {
    Error::caused(cause.kind(), format!("cannot {verb} the picture '{name}'"), cause)
}

/// The error of a file whose content is not what it should be.
pub(super) fn damaged(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::Picture, what)
}

/// The error of a decoder that found the end of the bytes too early.
pub(super) fn truncated() -> Error {
    damaged("the file ends before the picture does")
}

/// The error of a decoder of crate `image` that reads from memory.
pub(super) fn decoding_error(error: ImageError) -> Error {
    match error {
        ImageError::IoError(e) if e.kind() == io::ErrorKind::UnexpectedEof => truncated(),
        other => damaged(other.to_string()),
    }
}
