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

/// What helps against a failure: enough for a face to say it in words of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cure {
    /// A part of Impasto's own installation is missing or damaged: it must be restored.
    Installation,
    /// Another device must be chosen, or the chosen one set up.
    Device,
    /// A file is larger than is read: more must be allowed.
    Limit,
}

/// An error whose message starts with what was tried and, where there is one, ends with the cure.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    /// The cure, in words for who calls the engine.
    cure: Option<(Cure, String)>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The result of every fallible function of the engine.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error without a deeper cause.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), cure: None, source: None }
    }

    /// An error that another one caused.
    pub fn caused(
        kind: ErrorKind,
        message: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self { kind, message: message.into(), cure: None, source: Some(source.into()) }
    }

    /// The error of a cancelled job.
    pub fn cancelled() -> Self {
        Self::new(ErrorKind::Cancelled, "cancelled")
    }

    /// What went wrong, coarsely.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The same error with its cure, in words for who calls the engine. One that has a cure keeps it.
    #[must_use]
    pub fn cured(mut self, cure: Cure, words: impl Into<String>) -> Self {
        if self.known_cure().is_none() {
            self.cure = Some((cure, words.into()));
        }
        self
    }

    /// What helps; `None` where that is not known, or stands in the message itself.
    pub fn cure(&self) -> Option<Cure> {
        self.known_cure().map(|(cure, _)| *cure)
    }

    fn known_cure(&self) -> Option<&(Cure, String)> {
        let cause = || self.source.as_ref()?.downcast_ref::<Self>()?.known_cure();
        self.cure.as_ref().or_else(cause)
    }

    /// The message followed by its causes, without the cure, in one line.
    pub fn failure(&self) -> String {
        let mut text = self.message.clone();
        let mut cause = self.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&match error.downcast_ref::<Self>() {
                Some(error) => error.message.clone(),
                None => error.to_string(),
            });
            cause = error.source();
        }
        text
    }

    /// The message followed by its causes and the cure, in one line.
    pub fn full_message(&self) -> String {
        match self.known_cure() {
            Some((_, words)) => format!("{}; {words}", self.failure()),
            None => self.failure(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.cure.iter().try_for_each(|(_, words)| write!(f, "; {words}"))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|e| e as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cure_ends_the_message_and_can_be_left_out() {
        let missing =
            Error::new(ErrorKind::Model, "cannot read 'a'").cured(Cure::Installation, "do b");
        assert_eq!(missing.to_string(), "cannot read 'a'; do b");
        let outer =
            Error::caused(ErrorKind::Style, "cannot paint", missing).cured(Cure::Limit, "c");
        assert_eq!(outer.cure(), Some(Cure::Installation));
        assert_eq!(outer.failure(), "cannot paint: cannot read 'a'");
        assert_eq!(outer.full_message(), "cannot paint: cannot read 'a'; do b");
        assert_eq!(Error::cancelled().cure(), None);
    }
}
