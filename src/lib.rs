//! Impasto paints one picture in the style of another.

pub mod color;
pub mod error;
pub mod image;

pub use error::{Error, ErrorKind, Result};
