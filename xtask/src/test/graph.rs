//! The suite that runs the file of `impasto graph` in ONNX Runtime's Python package.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::ran::Ran;
use crate::cargo;
use crate::environment;
use crate::packages::Packages;
use crate::pip;
use crate::repo::Repo;

const PACKAGES: Packages = Packages {
    folder: "graph-check",
    requirements: &["onnx==1.23.2", "onnxruntime==1.31.1", "numpy==2.4.6", "safetensors==0.8.0"],
};

pub fn run(repo: &Repo) -> Result<Ran> {
    let packages = PACKAGES.install(repo)?;
    let program = cargo::build(repo)?.program;
    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;
    for (pooling, golden) in [("max", "max"), ("average", "avg")] {
        let file = work.path().join(format!("step-{pooling}.onnx"));
        let mut write = Command::new(&program);
        write.args(["graph", "--pooling", pooling, "--out"]).arg(&file);
        environment::give(&mut write, repo);
        succeed(write, "writing the graph")?;

        let mut check = Command::new(pip::PYTHON);
        check.arg(repo.root().join("tests/golden/step_graph.py")).arg(&file).arg(golden);
        check.env("PYTHONPATH", &packages).env("PYTHONNOUSERSITE", "1");
        check.env("ORT_DISABLE_TELEMETRY", "1");
        succeed(check, "running the graph in Python")?;
    }
    Ok(Ran::Whole)
}

fn succeed(mut command: Command, what: &str) -> Result<()> {
    let status = command.status().with_context(|| format!("{what}: starting {command:?}"))?;
    if !status.success() {
        bail!("{what} failed. Correct what it says above");
    }
    Ok(())
}
