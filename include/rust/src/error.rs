//! What goes wrong.

use std::fmt;

/// What went wrong, coarsely: enough for a host to choose what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// The caller cancelled; nothing was changed.
    Cancelled,
    /// An argument is out of range or contradicts another.
    Argument,
    /// A picture cannot be read or painted.
    Picture,
    /// A style cannot be read or does not fit the network.
    Style,
    /// A network is missing or damaged.
    Model,
    /// ONNX Runtime is missing, too old, or failed.
    Runtime,
    /// The chosen device cannot be used.
    Device,
    /// The memory budget or the machine's memory does not suffice.
    Memory,
    /// A file cannot be opened, created or renamed.
    File,
    /// A defect in the library; the call had no effect and the library stays usable.
    Panic,
    /// `libimpasto` itself is missing or cannot be used.
    Library,
    /// A status of a newer library, by its number.
    Other(i32),
}

impl Status {
    /// From the number that a function returned; `None` for success.
    pub(crate) fn from_number(number: i32) -> Option<Self> {
        Some(match number {
            0 => return None,
            1 => Self::Cancelled,
            2 => Self::Argument,
            3 => Self::Picture,
            4 => Self::Style,
            5 => Self::Model,
            6 => Self::Runtime,
            7 => Self::Device,
            8 => Self::Memory,
            9 => Self::File,
            10 => Self::Panic,
            other => Self::Other(other),
        })
    }
}

/// An error: one line of words that start with what was tried and, where there is one, end with
/// the cure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    status: Status,
    message: String,
}

/// The result of every function that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self::new(Status::Argument, message)
    }

    /// What went wrong, coarsely.
    pub fn status(&self) -> Status {
        self.status
    }

    /// The words.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
