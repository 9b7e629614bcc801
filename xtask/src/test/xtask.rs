//! This program, as a person would start it.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::repo::Repo;

/// Runs `cargo xtask ARGUMENTS...` for a user with this home and a mask that keeps what is made
/// from everybody else.
pub fn xtask(repo: &Repo, home: &Path, arguments: &[&OsStr]) -> Result<()> {
    let own = env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let of_tool = |name: &str, below_home: &str| {
        env::var_os(name).unwrap_or_else(|| own.join(below_home).into_os_string())
    };
    let mut command = Command::new("sh");
    command.args(["-c", "umask 077; exec \"$@\"", "sh"]).arg(env::current_exe()?).args(arguments);
    command
        .current_dir(repo.root())
        .env("CARGO_HOME", of_tool("CARGO_HOME", ".cargo"))
        .env("RUSTUP_HOME", of_tool("RUSTUP_HOME", ".rustup"))
        .env("HOME", home);
    for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "DESTDIR", "OFX_PLUGIN_PATH"] {
        command.env_remove(name);
    }
    let status = command.status()?;
    if !status.success() {
        let arguments: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
        bail!("`cargo xtask {}` failed ({status})", arguments.join(" "));
    }
    Ok(())
}
