//! The scripts of `tests/looks`, and the Python packages that they run with.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::packages::Packages;
use crate::pip;
use crate::repo::Repo;

/// Everything is named, so that nothing comes along unpinned.
const PACKAGES: Packages = Packages {
    folder: "looks-python",
    requirements: &[
        "--no-deps",
        "onnxruntime==1.31.1",
        "onnx==1.23.2",
        "numpy==2.4.6",
        "pillow==13.0.0",
        "safetensors==0.8.0",
        "protobuf==7.36.2",
        "flatbuffers==25.12.19",
        "packaging==26.3",
        "ml_dtypes==0.6.0",
        "typing_extensions==4.16.0",
    ],
};

/// Python about to run a script of `tests/looks`.
pub fn python(repo: &Repo, script: &str) -> Result<Command> {
    let mut python = with_packages(repo)?;
    python.arg(scripts(repo).join(script));
    Ok(python)
}

/// Python with the packages and nothing else of the user's.
pub fn with_packages(repo: &Repo) -> Result<Command> {
    let mut python = Command::new(pip::PYTHON);
    python.env("PYTHONPATH", PACKAGES.install(repo)?).env("PYTHONNOUSERSITE", "1");
    python.env("ORT_DISABLE_TELEMETRY", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(python)
}

pub fn scripts(repo: &Repo) -> PathBuf {
    repo.root().join("tests/looks")
}

/// What the script printed.
pub fn output(mut python: Command) -> Result<String> {
    let done = python.output().context("starting Python")?;
    if !done.status.success() {
        bail!("{}", String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
