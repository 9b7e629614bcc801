//! The page's pictures, small enough to be kept with the sources.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use super::packages;
use super::page::file_name;
use super::painting::Painting;
use crate::replace;
use crate::repo::Repo;

/// Of all together.
const LIMIT: u64 = 6_000_000;

/// Writes `docs/looks` anew; returns the longest side of the pictures, in pixels.
pub fn write(repo: &Repo, paintings: &[Painting], work: &Path) -> Result<u32> {
    let made = tempfile::tempdir_in(repo.target())?;
    let folder = made.path().join("looks");
    fs::create_dir(&folder)?;
    let files: BTreeMap<_, _> =
        paintings.iter().map(|painting| (file_name(painting), &painting.file)).collect();
    let pictures: Vec<_> =
        files.iter().map(|(name, from)| json!({"from": from, "to": folder.join(name)})).collect();
    let path = work.join("shrink.json");
    fs::write(&path, json!({"limit": LIMIT, "pictures": pictures}).to_string())
        .context("writing which pictures to shrink")?;
    let mut python = packages::python(repo, "shrink.py")?;
    python.arg(&path);
    let side = packages::output(python).context("making the page's pictures")?;
    let destination = repo.root().join("docs/looks");
    replace::folder(&folder, &destination, &made.path().join("old"))
        .with_context(|| format!("writing {}", destination.display()))?;
    side.trim().parse().context("reading the side of the page's pictures")
}
