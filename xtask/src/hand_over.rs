//! Ending as another program: its exit code, and the signals sent to it, are ours.

use std::process::{Command, ExitCode};

use anyhow::{Result, anyhow};

#[cfg(unix)]
pub fn hand_over(mut command: Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;

    // Returns only if the program could not be started.
    Err(failure(&command.exec(), &command))
}

#[cfg(not(unix))]
pub fn hand_over(mut command: Command) -> Result<ExitCode> {
    let status = command.status().map_err(|error| failure(&error, &command))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, Into::into))
}

fn failure(error: &std::io::Error, command: &Command) -> anyhow::Error {
    let program = command.get_program().display();
    anyhow!("starting {program}: {error}. Check that it is there and may be executed")
}
