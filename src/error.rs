//! The one error type of the engine.

use std::error::Error as StdError;
use std::fmt;

/// What went wrong, coarsely: enough for a host to choose a status or an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The caller cancelled the job; nothing was changed.
    Cancelled,
    /// An option or argument is out of range or contradicts another.
    Argument,
    /// A picture cannot be read, written or painted.
    Picture,
    /// A style cannot be read or does not fit the network.
    Style,
    /// A network or its description is missing, damaged or of another kind.
    Model,
    /// ONNX Runtime is missing, too old, not a library, or failed.
    Runtime,
    /// The chosen device cannot be used.
    Device,
    /// The memory budget or the machine's memory does not suffice.
    Memory,
    /// A file cannot be opened, created or renamed.
    File,
}

/// An error whose message starts with what was tried and, where there is one, ends with the cure.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The result of every fallible function of the engine.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error without a deeper cause.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// An error that another one caused.
    pub fn caused(
        kind: ErrorKind,
        message: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self { kind, message: message.into(), source: Some(source.into()) }
    }

    /// The error of a cancelled job.
    pub fn cancelled() -> Self {
        Self::new(ErrorKind::Cancelled, "cancelled")
    }

    /// What went wrong, coarsely.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The message followed by its causes, in one line.
    pub fn full_message(&self) -> String {
        let mut text = self.message.clone();
        let mut cause = self.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|e| e as &(dyn StdError + 'static))
    }
}
