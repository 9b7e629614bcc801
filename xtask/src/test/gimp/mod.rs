//! The suite that installs the GIMP filter and uses it in real GIMPs: 3.0 of Debian trixie and 3.2
//! of sid, each in a root folder.

mod batch;
mod compare;
mod window;

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::Ran;
use super::root_folder::{RootFolder, SHARED, SID, TRIXIE};
use crate::repo::Repo;

/// What GIMP's settings say: no dialog but ours.
const SETTINGS: &str = "(check-updates no)\n(show-welcome-dialog no)\n(show-tooltips no)\n";

/// Longer than anything takes; ends what hangs.
const PATIENCE: Duration = Duration::from_secs(600);

pub fn run(repo: &Repo) -> Result<Ran> {
    if let Some(why) = RootFolder::obstacle() {
        return Ok(Ran::Skipped(format!("{why}: nothing was tried in GIMP 3.0 and 3.2")));
    }
    let gimps = [(&TRIXIE, "3.0"), (&SID, "3.2")];
    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;
    let shared = work.path();
    for (_, version) in gimps {
        let settings = settings(shared, version);
        fs::create_dir_all(&settings)?;
        fs::write(settings.join("gimprc"), SETTINGS)?;
    }
    for (from, to) in [
        ("examples/photo.png", "photo.png"),
        ("examples/styles/ink.png", "style.png"),
        ("tests/hosts/gimp/batch.py", "batch.py"),
        ("tests/hosts/gimp/window.py", "window.py"),
        ("tests/hosts/gimp/window.sh", "window.sh"),
    ] {
        fs::copy(repo.root().join(from), shared.join(to)).with_context(|| from.to_owned())?;
    }
    xtask(repo, shared, &["install", "--gimp"])?;

    for (debian, version) in gimps {
        let root = RootFolder::provide(repo, debian)?;
        batch::run(repo, &root, shared, version).with_context(|| format!("GIMP {version}"))?;
        if version == "3.2" {
            window::run(repo, &root, shared).context("GIMP 3.2 in a window")?;
        }
    }

    xtask(repo, shared, &["install", "--gimp", "--uninstall"])?;
    for (_, version) in gimps {
        let left = plug_in(shared, version);
        if left.exists() {
            bail!("uninstalling left {}. Correct xtask/src/install/gimp.rs", left.display());
        }
    }
    Ok(Ran::Whole)
}

/// GIMP's settings of the user whose home is in the shared folder.
fn settings(shared: &Path, version: &str) -> PathBuf {
    shared.join("home/.config/GIMP").join(version)
}

fn plug_in(shared: &Path, version: &str) -> PathBuf {
    settings(shared, version).join("plug-ins/impasto-gimp")
}

/// This program, as that user would start it.
fn xtask(repo: &Repo, shared: &Path, arguments: &[&str]) -> Result<()> {
    let home = env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let of_tool = |name: &str, below_home: &str| {
        env::var_os(name).unwrap_or_else(|| home.join(below_home).into_os_string())
    };
    let status = Command::new(env::current_exe()?)
        .args(arguments)
        .current_dir(repo.root())
        .env("CARGO_HOME", of_tool("CARGO_HOME", ".cargo"))
        .env("RUSTUP_HOME", of_tool("RUSTUP_HOME", ".rustup"))
        .env("HOME", shared.join("home"))
        .env_remove("XDG_CONFIG_HOME")
        .status()?;
    if !status.success() {
        bail!("`cargo xtask {}` failed ({status})", arguments.join(" "));
    }
    Ok(())
}

/// A program in the root folder, for the user whose home is shared.
fn in_root(root: &RootFolder, shared: &Path, program: &[&str]) -> Result<Output> {
    let mut inside = root.command(shared, "env");
    inside.arg(format!("HOME={SHARED}/home")).arg("IMPASTO_GIMP_TIMES=1").args(program);
    // Out here: as a root folder's first process, that of sid's fails.
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", &PATIENCE.as_secs().to_string()]);
    command.arg(inside.get_program()).args(inside.get_args());
    command.stdin(Stdio::null());
    let start = Instant::now();
    let output = command.output().context("timeout could not be started")?;
    println!("{} took {:.0} s", program.first().unwrap_or(&""), start.elapsed().as_secs_f64());
    Ok(output)
}

/// What a script in GIMP wrote about its cases: lines `passed NAME`, `FAILED NAME: why` and, at
/// the end, `end`. Without that the rest did not run.
fn judge(results: &Path, output: &Output) -> Result<()> {
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
