//! The suite of the OpenFX node: a strict host of our own under AddressSanitizer, and a real one,
//! `melt`.

mod melt;
mod strict;

use std::fs;

use anyhow::{Context, Result, ensure};

use super::ran::Ran;
use crate::install::ofx::{self, BUNDLE};
use crate::repo::Repo;
use crate::root_folder::{RootFolder, SID};
use crate::tools;

pub fn run(repo: &Repo) -> Result<Ran> {
    if cfg!(not(all(target_os = "linux", target_arch = "x86_64"))) {
        return Ok(Ran::Skipped("the bundle is made for Linux on x86-64".to_owned()));
    }
    if let Some(tool) = tools::provide(&["g++"]).first() {
        return Ok(Ran::Skipped(format!("there is no {tool}")));
    }
    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;

    // Installed, and moved: nothing in it may know where it lies.
    let (first, moved) = (work.path().join("first"), work.path().join("shared"));
    ofx::install(repo, &first)?;
    fs::rename(&first, &moved).context("moving the bundle")?;

    let host = strict::build(repo, work.path())?;
    strict::sanitized(repo, &host, work.path())?;
    strict::installed(repo, &host, &moved.join(BUNDLE), work.path())?;

    let left_out = match RootFolder::obstacle() {
        Some(why) => Some(format!("{why}: nothing was tried in melt")),
        None => {
            melt::run(repo, &RootFolder::provide(repo, &SID)?, &moved)?;
            None
        }
    };

    ofx::uninstall(&moved)?;
    ensure!(!moved.join(BUNDLE).exists(), "uninstalling left the bundle");
    Ok(left_out.map_or(Ran::Whole, Ran::Partly))
}
