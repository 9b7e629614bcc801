//! `cargo xtask bench`: how fast it is, as a page and a plot.

mod measure;
mod page;
pub mod peer;
mod plot;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use crate::cargo;
use crate::repo::Repo;
use crate::runtime;
use crate::setup::setup;
use measure::{Bench, Row};

/// What is asked of `cargo xtask bench` as a whole.
pub struct Request<'a> {
    /// As the program takes it; `None` for its own choice.
    pub device: Option<&'a str>,
    /// Prints the rows as JSON instead of writing the page.
    pub is_json: bool,
    /// Without what takes longer than a minute.
    pub is_quick: bool,
}

/// Measures both methods at several sizes, and writes `BENCH.md` and `docs/bench.svg`.
pub fn bench(repo: &Repo, request: &Request<'_>) -> Result<()> {
    setup(&runtime::CPU, repo)?;
    let program = cargo::build(repo)?.program;
    let work = tempfile::tempdir().context("making a folder for pictures")?;
    let bench = Bench { repo, program: &program, device: request.device, work: work.path() };
    let rows = bench.rows(request.is_quick)?;
    if request.is_json {
        println!("{:#}", json!({ "rows": rows.iter().map(Row::as_json).collect::<Vec<_>>() }));
        return Ok(());
    }
    write(&repo.root().join("docs/bench.svg"), &plot::plot(&rows)?)?;
    let page = repo.root().join("BENCH.md");
    write(&page, &page::page(&rows, request, &bench.versions()?))?;
    println!("{}", page.display());
    Ok(())
}

/// Beside first, then renamed.
fn write(path: &Path, text: &str) -> Result<()> {
    let beside = path.with_extension("new");
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, path))
        .with_context(|| format!("writing {}", path.display()))
}
