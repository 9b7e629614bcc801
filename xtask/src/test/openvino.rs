//! The suite that sets OpenVINO up and paints with it, from the checkout and installed.

use anyhow::{Context, Result, bail};

use super::installed;
use super::ran::Ran;
use crate::cargo::{cargo, run_tests};
use crate::devices::OPENVINO;
use crate::install::install;
use crate::repo::Repo;
use crate::tools;

pub fn run(repo: &Repo) -> Result<Ran> {
    if !OPENVINO.is_for_this_machine() {
        return Ok(Ran::Skipped("OpenVINO's wheel is for Linux on x86-64".to_owned()));
    }
    OPENVINO.setup(repo)?;
    run_tests(
        cargo(repo, "test")
            // Of all packages: one alone would be built with other features, and anew.
            .args(["--release", "--workspace", "--test", "openvino", "--test", "openvino_memory"])
            .args(["--", "--ignored", "--nocapture"]),
    )?;
    let missing = tools::provide(&["valgrind"]);
    if missing.is_empty() {
        on_an_intel_processor(repo)?;
    }
    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;
    let prefix = work.path().join("prefix");
    install(repo, &prefix)?;
    installed::paint(repo, &prefix, work.path(), "openvino")?;
    Ok(match missing.is_empty() {
        true => Ran::Whole,
        false => Ran::Partly("there is no valgrind, which acts as a processor by Intel".to_owned()),
    })
}

/// OpenVINO's provider does more there: it offers the processor without being asked.
fn on_an_intel_processor(repo: &Repo) -> Result<()> {
    let status = cargo(repo, "test")
        .env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER", "valgrind --tool=none --quiet")
        .args(["--release", "--workspace", "--test", "openvino"])
        .args(["--", "--ignored", "the_cpu_does_without"])
        .status()
        .context("cargo could not be started. Run this as `cargo xtask`")?;
    if !status.success() {
        bail!("cargo test in valgrind failed. Correct what it says above");
    }
    Ok(())
}
