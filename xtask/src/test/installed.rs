//! The suite that installs Impasto and paints with nothing but what was installed.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use super::ran::Ran;
use crate::install::{install, uninstall};
use crate::repo::Repo;

pub fn run(repo: &Repo) -> Result<Ran> {
    if cfg!(not(target_os = "linux")) {
        return Ok(Ran::Skipped("the installed layout is that of Linux".to_owned()));
    }
    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;
    let prefix = work.path().join("prefix");
    install(repo, &prefix)?;
    paint(repo, &prefix, work.path(), "cpu")?;

    uninstall(&prefix)?;
    let left = WalkDir::new(&prefix).min_depth(1).into_iter().filter_map(Result::ok).next();
    if let Some(left) = left {
        bail!("uninstalling left {}. Correct xtask/src/install/", left.path().display());
    }
    Ok(Ran::Whole)
}

/// Paints with what is installed, which alone may help.
pub fn paint(repo: &Repo, prefix: &Path, work: &Path, device: &str) -> Result<()> {
    let photo = repo.root().join("examples/photo.png");
    let home = tempfile::tempdir_in(work)?;
    let painting = work.join("out.png");

    let status = Command::new(prefix.join("bin/impasto"))
        .arg("paint")
        .arg(&photo)
        .args(["--style", "great-wave", "--device", device, "--out"])
        .arg(&painting)
        .current_dir(home.path())
        // No variable may help it to find what was installed.
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home.path())
        .status()
        .context("the installed program could not be started")?;
    if !status.success() {
        bail!("the installed program failed ({status}). Correct what it says above");
    }
    let (given, made) = (png_size(&photo)?, png_size(&painting)?);
    if given != made {
        bail!("the painting has {made:?} pixels, the photo {given:?}. They must be the same");
    }
    Ok(())
}

fn png_size(path: &Path) -> Result<(u32, u32)> {
    let attempt = || format!("reading {}", path.display());
    let file = File::open(path).with_context(attempt)?;
    let reader = png::Decoder::new(BufReader::new(file)).read_info().with_context(attempt)?;
    Ok(reader.info().size())
}
