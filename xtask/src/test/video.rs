//! The suite of videos, which the command line reads and writes with ffmpeg.

use anyhow::Result;

use super::ran::Ran;
use crate::cargo::{cargo, run_tests};
use crate::repo::Repo;
use crate::tools;

pub fn run(repo: &Repo) -> Result<Ran> {
    if !tools::provide(&["ffmpeg"]).is_empty() {
        return Ok(Ran::Skipped("there is no ffmpeg: `apt-get install ffmpeg`".to_owned()));
    }
    run_tests(
        cargo(repo, "test")
            // Of all packages: one alone would be built with other features, and anew.
            .args(["--release", "--workspace", "--test", "video", "--", "--ignored"]),
    )?;
    Ok(Ran::Whole)
}
