//! `cargo xtask bench`: how fast it is, as a page and a plot.

mod measure;
mod others;
mod page;
pub mod peers;
mod plan;
mod plot;
mod request;
mod roofline;
mod row;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use crate::cargo;
use crate::repo::Repo;
use crate::runtime;
use crate::setup::setup;
use measure::Bench;
use others::Ticks;
use page::Findings;
use peers::Peers;
use roofline::Measured;
use row::Row;

pub use request::Request;

/// Measures both methods at several sizes, and writes `BENCH.md` and `docs/bench.svg`.
pub fn bench(repo: &Repo, request: &Request<'_>) -> Result<()> {
    setup(&runtime::CPU, repo)?;
    let (program, bench) = (cargo::build(repo)?.program, cargo::build_bench(repo)?);
    let peers = request.has_peers.then(|| Peers::provide(repo));
    let work = tempfile::tempdir().context("making a folder for pictures")?;
    let bench = Bench {
        repo,
        program: &program,
        bench: &bench,
        device: request.device,
        peers: peers.as_ref(),
        work: work.path(),
    };
    let findings = find(&bench, request.is_quick)?;
    let Findings { rows, roofline, notes, others, .. } = &findings;
    if request.is_json {
        let rows: Vec<_> = rows.iter().map(Row::as_json).collect();
        let roofline: Vec<_> = roofline.iter().map(Measured::as_json).collect();
        let found = json!({
            "rows": rows,
            "roofline": roofline,
            "not_measured": notes,
            "share_of_others": others,
        });
        println!("{found:#}");
        return Ok(());
    }
    write(&repo.root().join("docs/bench.svg"), &plot::plot(rows)?)?;
    let page = repo.root().join("BENCH.md");
    write(&page, &page::page(&findings, request))?;
    println!("{}", page.display());
    Ok(())
}

fn find(bench: &Bench<'_>, is_quick: bool) -> Result<Findings> {
    let mut versions = bench.versions()?.to_vec();
    let mut notes = Vec::new();
    if let Some(peers) = bench.peers {
        versions.extend(peers.versions());
        notes.extend(peers.notes.iter().cloned());
    }
    let before = Ticks::now();
    let (roofline, failed) = bench.roofline(is_quick)?;
    notes.extend(failed);
    let (rows, failed) = bench.rows(is_quick)?;
    notes.extend(failed);
    let others = before.zip(Ticks::now()).map(|(before, now)| before.share_of_others(&now));
    Ok(Findings { rows, roofline, notes, versions, others })
}

/// Beside first, then renamed.
fn write(path: &Path, text: &str) -> Result<()> {
    let beside = path.with_extension("new");
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, path))
        .with_context(|| format!("writing {}", path.display()))
}
