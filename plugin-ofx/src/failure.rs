//! Why a frame was not painted.

use impasto_client::{Error, Status};
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
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.status() {
            Status::Cancelled => Self::Aborted,
            Status::Memory => Self::Failed(error.message().to_owned(), kOfxStatErrMemory),
            _ => Self::new(error.message()),
        }
    }
}
