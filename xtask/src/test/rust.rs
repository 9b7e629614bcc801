//! The suite of all that `cargo test` finds.

use anyhow::Result;

use super::ran::Ran;
use crate::cargo::{cargo, run_tests};
use crate::repo::Repo;

pub fn run(repo: &Repo) -> Result<Ran> {
    run_tests(cargo(repo, "test").args(["--workspace", "--release", "--no-fail-fast"]))?;
    Ok(Ran::Whole)
}
