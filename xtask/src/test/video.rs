//! The suite of videos, which the command line reads and writes with ffmpeg.

use anyhow::{Context, Result, bail};

use super::ran::Ran;
use crate::cargo::cargo;
use crate::repo::Repo;
use crate::tools;

pub fn run(repo: &Repo) -> Result<Ran> {
    if !tools::provide(&["ffmpeg"]).is_empty() {
        return Ok(Ran::Skipped("there is no ffmpeg: `apt-get install ffmpeg`".to_owned()));
    }
    let status = cargo(repo, "test")
        // Of all packages: one alone would be built with other features, and anew.
        .args(["--release", "--workspace", "--test", "video", "--", "--ignored"])
        .status()
        .context("cargo could not be started. Run this as `cargo xtask`")?;
    if !status.success() {
        bail!("cargo test failed. Correct what it says above");
    }
    Ok(Ran::Whole)
}
