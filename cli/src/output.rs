//! What goes to standard output.

use std::fmt::Display;
use std::io::{self, ErrorKind as IoErrorKind, StdoutLock, Write};

use impasto::{Error, ErrorKind, Result};

/// Standard output for as long as somebody reads it: a reader that has gone away wants no more,
/// which is no error.
pub struct Output(StdoutLock<'static>);

impl Default for Output {
    /// Nobody else writes to it until it is dropped.
    fn default() -> Self {
        Self(io::stdout().lock())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(e) if e.kind() == IoErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(e) if e.kind() == IoErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

/// Prints one line.
///
/// # Errors
/// `File` where it cannot be written.
pub fn line(text: impl Display) -> Result<()> {
    let mut out = Output::default();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|e| Error::caused(ErrorKind::File, "cannot write to standard output", e))
}
