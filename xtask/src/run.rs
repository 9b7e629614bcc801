//! `cargo xtask run`: paint with the engine as it is in this checkout.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::cargo;
use crate::environment;
use crate::hand_over::hand_over;
use crate::repo::Repo;
use crate::runtime;
use crate::setup::setup;

/// Runs `impasto paint ARGS...`, built for release, in the caller's folder.
pub fn run(repo: &Repo, args: &[OsString]) -> Result<ExitCode> {
    setup(&runtime::CPU, repo)?;
    let mut impasto = Command::new(cargo::build(repo)?.program);
    impasto.arg("paint").args(args);
    environment::give(&mut impasto, repo);
    hand_over(impasto)
}

/// Runs `impasto-bench ARGS...`, built for release, in the caller's folder.
pub fn bench(repo: &Repo, args: &[OsString]) -> Result<ExitCode> {
    setup(&runtime::CPU, repo)?;
    let mut bench = Command::new(cargo::build_bench(repo)?);
    bench.args(args);
    environment::give(&mut bench, repo);
    hand_over(bench)
}
