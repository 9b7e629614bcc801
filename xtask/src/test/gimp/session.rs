//! A user of GIMP in a root folder: where the settings lie, and what a script in GIMP found.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::root_folder::{RootFolder, SHARED, limited};

/// Longer than anything takes; ends what hangs.
const PATIENCE: Duration = Duration::from_secs(600);

/// GIMP's settings of the user whose home is in the shared folder.
pub fn settings(shared: &Path, version: &str) -> PathBuf {
    shared.join("home/.config/GIMP").join(version)
}

/// The filter's folder among that user's plug-ins.
pub fn plug_in(shared: &Path, version: &str) -> PathBuf {
    settings(shared, version).join("plug-ins/impasto-gimp")
}

/// What all of that user's GIMPs share.
pub fn data(shared: &Path) -> PathBuf {
    shared.join("home/.local/share/impasto-gimp")
}

/// A program in the root folder, for the user whose home is shared.
pub fn in_root(root: &RootFolder, shared: &Path, program: &[&str]) -> Result<Output> {
    watched(root.command(shared, "env"), "home", program)
}

/// The same for a user who has nothing, where GIMP's own plug-ins are those of the folder
/// `plug_ins`.
pub fn in_root_with(
    root: &RootFolder,
    shared: &Path,
    plug_ins: (&Path, &str),
    program: &[&str],
) -> Result<Output> {
    watched(root.command_with(&[(shared, SHARED), plug_ins], "env"), "nobody", program)
}

fn watched(mut inside: Command, home: &str, program: &[&str]) -> Result<Output> {
    inside.arg(format!("HOME={SHARED}/{home}")).arg("IMPASTO_GIMP_TIMES=1").args(program);
    let start = Instant::now();
    let output = limited(&inside, PATIENCE).output().context("timeout could not be started")?;
    println!("{} took {:.0} s", program.first().unwrap_or(&""), start.elapsed().as_secs_f64());
    Ok(output)
}

/// What a script in GIMP wrote about its cases: lines `passed NAME`, `FAILED NAME: why` and, at
/// the end, `end`. Without that the rest did not run.
pub fn judge(results: &Path, output: &Output) -> Result<()> {
    let text = fs::read_to_string(results).unwrap_or_default();
    let failed: Vec<_> = text.lines().filter(|line| line.starts_with("FAILED")).collect();
    let is_whole = text.lines().last() == Some("end");
    let passed = text.lines().filter(|line| line.starts_with("passed")).count();
    let name = results.file_name().unwrap_or(OsStr::new("")).display();
    println!("{name}: {passed} passed, {} failed", failed.len());
    if is_whole && failed.is_empty() {
        return Ok(());
    }
    for stream in [&output.stdout, &output.stderr] {
        eprint!("{}", String::from_utf8_lossy(stream));
    }
    if !is_whole {
        bail!("the script in GIMP did not come to its end; see what GIMP says above");
    }
    bail!("{}", failed.join("; "))
}
