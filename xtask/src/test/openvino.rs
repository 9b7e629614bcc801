//! The suite that sets OpenVINO up and paints with it, from the checkout and installed.

use anyhow::{Context, Result, bail};

use super::{Ran, installed};
use crate::cargo::cargo;
use crate::devices::OPENVINO;
use crate::install::install;
use crate::repo::Repo;

pub fn run(repo: &Repo) -> Result<Ran> {
    if !OPENVINO.is_for_this_machine() {
        return Ok(Ran::Skipped("OpenVINO's wheel is for Linux on x86-64".to_owned()));
    }
    OPENVINO.setup(repo)?;
    let status = cargo(repo, "test")
        .args(["--release", "--test", "openvino", "--test", "openvino_memory"])
        .args(["--", "--ignored", "--nocapture"])
        .status()
        .context("cargo could not be started. Run this as `cargo xtask`")?;
    if !status.success() {
        bail!("cargo test failed. Correct what it says above");
    }
    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;
    let prefix = work.path().join("prefix");
    install(repo, &prefix)?;
    installed::paint(repo, &prefix, work.path(), "openvino")?;
    Ok(Ran::Whole)
}
