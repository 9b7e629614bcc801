//! Starting compilers, and the programs that they made.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::test::sanitizer::OPENVINO_IS_TOLD;

/// Runs a program in a folder of its own, which is its home, without any other variable but one for
/// sanitizers.
pub fn start(program: &Path, work: &Path) -> Result<()> {
    let folder = tempfile::tempdir_in(work)?;
    let mut program = Command::new(program);
    program.current_dir(folder.path()).env_clear().envs([OPENVINO_IS_TOLD]);
    must(program.env("HOME", folder.path()))
}

/// Runs a command; its output is shown only where it fails.
pub fn must(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_owned();
    let name = Path::new(&name).file_name().unwrap_or(OsStr::new("the program")).display();
    println!("{name} ...");
    let output = command.output().with_context(|| format!("{name} could not be started"))?;
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stdout));
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        bail!("{name} failed ({}). Correct what it says above", output.status);
    }
    Ok(())
}
