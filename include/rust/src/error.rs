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

/// What helps against a failure: enough for a host to say it in words of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cure {
    /// A part of Impasto's installation is missing or damaged: it must be restored.
    Installation,
    /// Another device must be chosen, or the chosen one set up.
    Device,
    /// A file is larger than is read: more must be allowed.
    Limit,
}

impl Cure {
    /// From the number that the library tells; `None` for none, or one of a newer library, whose
    /// words then serve.
    pub(crate) fn from_number(number: i32) -> Option<Self> {
        match number {
            1 => Some(Self::Installation),
            2 => Some(Self::Device),
            3 => Some(Self::Limit),
            _ => None,
        }
    }
}

/// An error: one line of words that start with what was tried and, where there is one, end with
/// the cure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    status: Status,
    message: String,
    /// What helps, and the words without it.
    cure: Option<(Cure, String)>,
}

/// The result of every function that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), cure: None }
    }

    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self::new(Status::Argument, message)
    }

    /// The same error, whose words are `failure` where the host says the cure.
    pub(crate) fn cured(mut self, cure: Cure, failure: impl Into<String>) -> Self {
        self.cure = Some((cure, failure.into()));
        self
    }

    /// What went wrong, coarsely.
    pub fn status(&self) -> Status {
        self.status
    }

    /// The words.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The words with the host's own for the cure, where `host` has some: the library's speak to
    /// who programs or sets it up.
    pub fn message_with(&self, host: impl FnOnce(Cure) -> Option<String>) -> String {
        let said = self.cure.as_ref().and_then(|(cure, failure)| Some((failure, host(*cure)?)));
        match said {
            Some((failure, words)) => format!("{failure}; {words}"),
            None => self.message.clone(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_says_the_cure_in_its_own_words() {
        let error = Error::new(Status::Model, "cannot read 'a'; do b");
        let host = |cure| (cure == Cure::Installation).then(|| "do c".to_owned());
        assert_eq!(error.message_with(host), "cannot read 'a'; do b");
        let installation = error.clone().cured(Cure::Installation, "cannot read 'a'");
        assert_eq!(installation.message_with(host), "cannot read 'a'; do c");
        let device = error.cured(Cure::Device, "cannot read 'a'");
        assert_eq!(device.message_with(host), "cannot read 'a'; do b");
    }
}
