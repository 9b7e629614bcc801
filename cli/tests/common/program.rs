//! The program `impasto` as a child process.

#[path = "../../../tests/common/program.rs"]
mod child;

use std::process::{Command, Stdio};

pub use child::{Ran, finish, run};

use super::scratch;

/// The program, with folders of its own instead of the user's.
pub fn impasto() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_impasto"));
    let home = scratch().join("home");
    command.stdin(Stdio::null());
    command.env("HOME", &home);
    command.env("XDG_CACHE_HOME", home.join("cache"));
    command.env("XDG_DATA_HOME", home.join("data"));
    command
}
