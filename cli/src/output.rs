//! What goes to standard output.

use std::fmt::Display;
use std::io::{ErrorKind as IoErrorKind, Write};

use impasto::{Error, ErrorKind, Result};

/// Prints one line. A reader that has gone away wants no more of it; that is no error.
///
/// # Errors
/// `File` where it cannot be written.
pub fn line(text: impl Display) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(e) if e.kind() != IoErrorKind::BrokenPipe => {
            Err(Error::caused(ErrorKind::File, "cannot write to standard output", e))
        }
        _ => Ok(()),
    }
}
