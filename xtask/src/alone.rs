//! A program in a process of its own, with its time and its peak memory.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::environment;
use crate::pip;
use crate::repo::Repo;

/// What a process took.
pub struct Alone {
    pub seconds: f64,
    pub peak_bytes: u64,
}

/// What `alone.py` prints.
#[derive(Deserialize)]
struct Told {
    seconds: f64,
    peak_rss_bytes: u64,
    status: i32,
    timed_out: bool,
}

/// Runs `words` in the checkout, with empty caches, for `limit` seconds at most. Python finds
/// `packages` only. Returns what it took, and what it printed.
pub fn run(
    repo: &Repo,
    words: &[OsString],
    packages: Option<&Path>,
    limit: u32,
    work: &Path,
) -> Result<(Alone, String)> {
    let printed = work.join("printed");
    let cache = tempfile::tempdir_in(work)?;
    let mut python = Command::new(pip::PYTHON);
    python.arg("-S").arg(repo.root().join("tests/peer/alone.py")).arg(&printed);
    python.arg(limit.to_string()).args(words).current_dir(repo.root());
    // Only the pinned packages, not the user's own.
    python.env("PYTHONPATH", packages.unwrap_or(Path::new(""))).env("PYTHONNOUSERSITE", "1");
    // Nothing but the work is to be measured, and nothing is to leave this machine.
    python.env("ORT_DISABLE_TELEMETRY", "1").env("XDG_CACHE_HOME", cache.path());
    environment::give(&mut python, repo);
    let done = python.output().context("starting Python")?;
    let words = String::from_utf8_lossy(&done.stderr);
    let told: Told = serde_json::from_slice(&done.stdout)
        .with_context(|| format!("starting it failed: {}", last_line(&words)))?;
    if told.timed_out {
        bail!("it was stopped after {limit} s");
    }
    match told.status {
        0 => {}
        -9 => bail!("it was killed, as happens where memory runs out"),
        _ => bail!("it failed: {}", last_line(&words)),
    }
    let alone = Alone { seconds: told.seconds, peak_bytes: told.peak_rss_bytes };
    Ok((alone, fs::read_to_string(&printed).unwrap_or_default()))
}

fn last_line(words: &str) -> &str {
    words.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("it gave no reason")
}
