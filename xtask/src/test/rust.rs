//! The suite of all that `cargo test` finds.

use anyhow::{Context, Result, bail};

use super::ran::Ran;
use crate::cargo::cargo;
use crate::repo::Repo;

pub fn run(repo: &Repo) -> Result<Ran> {
    let status = cargo(repo, "test")
        .args(["--workspace", "--release", "--no-fail-fast"])
        .status()
        .context("cargo could not be started. Run this as `cargo xtask`")?;
    if !status.success() {
        bail!("cargo test failed. Correct what it says above");
    }
    Ok(Ran::Whole)
}
