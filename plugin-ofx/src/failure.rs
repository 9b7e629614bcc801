//! Why a frame was not painted.

use impasto_client::{Cure, Error, Status};
use openfx::sys::generic::core::{OfxStatus, kOfxStatErrMemory, kOfxStatFailed};

#[derive(Debug)]
pub enum Failure {
    /// The host no longer wants the frame.
    Aborted,
    /// With words for people.
    Failed(String, OfxStatus),
}

impl Failure {
    pub fn new(words: impl Into<String>) -> Self {
        Self::Failed(words.into(), kOfxStatFailed)
    }

    /// What to say and answer: to a host that wants the frame after all, too.
    pub fn told(self) -> (String, OfxStatus) {
        match self {
            Self::Failed(words, status) => (words, status),
            Self::Aborted => {
                let words = "cannot paint: the work was stopped. Render the frame again";
                (words.to_owned(), kOfxStatFailed)
            }
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.status() {
            Status::Cancelled => Self::Aborted,
            Status::Memory => Self::Failed(words(&error), kOfxStatErrMemory),
            _ => Self::new(words(&error)),
        }
    }
}

/// What is said of an error in a host: the engine's own cures are for programs and command lines.
fn words(error: &Error) -> String {
    error.message_with(|cure| match cure {
        Cure::Installation => {
            Some("put the whole folder Impasto.ofx.bundle in its place again".to_owned())
        }
        Cure::Device => Some("choose another device, such as auto".to_owned()),
        Cure::Limit => Some("connect the picture to the node's input Style".to_owned()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use impasto_client::Library;

    #[test]
    fn who_paints_in_a_host_reads_nothing_of_command_lines() {
        let missing = Library::load(Some("/nowhere/libimpasto.so".as_ref())).unwrap_err();
        let Failure::Failed(words, _) = Failure::from(missing) else { panic!("not a failure") };
        assert!(words.contains("/nowhere/libimpasto.so"), "{words}");
        assert!(words.contains("Impasto.ofx.bundle") && !words.contains("xtask"), "{words}");
    }
}
