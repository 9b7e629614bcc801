//! How a program ends.

use std::process::ExitCode;

use impasto::{ErrorKind, Result};

use crate::cures;

/// The exit codes, for the end of a help text.
pub const EXIT_CODES: &str = "Exit codes: 0 all done, 1 something failed, 2 wrong command line, \
                              130 interrupted (nothing is left half-written).";

/// Says on standard error what went wrong, and returns the exit code.
pub fn exit_code(program: &str, result: Result<()>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    if error.kind() == ErrorKind::Cancelled {
        eprintln!("{program}: interrupted");
        return ExitCode::from(130);
    }
    eprintln!("{program}: {}", cures::with_options(&error.full_message()));
    ExitCode::from(if error.kind() == ErrorKind::Argument { 2 } else { 1 })
}
