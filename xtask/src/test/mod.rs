//! `cargo xtask test`: named suites, each run in turn, and what became of them.

mod arm64;
mod c_hosts;
mod editors;
mod farm;
mod gimp;
mod graph;
mod header;
mod installed;
mod installed_files;
mod looks;
mod mlt;
mod ofx;
mod openvino;
mod options;
mod processors;
mod ran;
mod report;
mod rust;
mod sanitizer;
mod video;
mod windows;
mod xtask;

use std::env;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use crate::repo::Repo;
use crate::runtime;
use crate::setup::setup;
use ran::Ran;
use report::{Line, Outcome};

struct Suite {
    name: &'static str,
    run: fn(&Repo) -> Result<Ran>,
    /// Whether it runs only by its name or with all.
    is_long: bool,
}

impl Suite {
    const fn new(name: &'static str, run: fn(&Repo) -> Result<Ran>) -> Self {
        Self { name, run, is_long: false }
    }

    const fn long(name: &'static str, run: fn(&Repo) -> Result<Ran>) -> Self {
        Self { name, run, is_long: true }
    }
}

const SUITES: [Suite; 18] = [
    Suite::new("header", header::run),
    Suite::new("options", options::run),
    Suite::new("rust", rust::run),
    Suite::new("processors", processors::run),
    Suite::new("graph", graph::run),
    Suite::new("install", installed::run),
    Suite::long("looks", looks::run),
    Suite::new("c-hosts", c_hosts::run),
    Suite::new("gimp", gimp::run),
    Suite::new("ofx", ofx::run),
    Suite::new("farm", farm::run),
    Suite::new("video", video::run),
    Suite::new("openvino", openvino::run),
    Suite::long("editors", editors::run),
    Suite::long("sanitizer", sanitizer::run),
    Suite::long("windows", windows::run),
    Suite::long("arm64", arm64::run),
    Suite::long("processors-golden", processors::golden),
];

/// The names that `cargo xtask test` knows.
pub fn names() -> [&'static str; SUITES.len()] {
    SUITES.map(|suite| suite.name)
}

/// Runs the named suites, or those that are not long, or all.
pub fn test(repo: &Repo, wanted: &[String], all: bool) -> Result<ExitCode> {
    setup(&runtime::CPU, repo)?;
    setup(&runtime::TOO_OLD, repo)?;

    let is_ci = env::var_os("CI").is_some();
    let is_wanted = |suite: &Suite| match wanted {
        [] => all || !suite.is_long,
        names => names.iter().any(|name| name == suite.name),
    };
    let mut lines = Vec::new();
    for suite in SUITES.iter().filter(|suite| is_wanted(suite)) {
        println!("\n--- suite {} ---", suite.name);
        let start = Instant::now();
        let outcome = outcome((suite.run)(repo), is_ci);
        if let Outcome::Failed(reason) = &outcome {
            eprintln!("suite {} failed: {reason}", suite.name);
        }
        lines.push(Line { suite: suite.name, outcome, seconds: start.elapsed().as_secs_f64() });
    }

    println!("\n{}", report::table(&lines));
    println!("{}", report::summary(&lines));
    let failed = lines.iter().any(|line| matches!(line.outcome, Outcome::Failed(_)));
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// On CI nothing may be skipped unseen.
fn outcome(result: Result<Ran>, is_ci: bool) -> Outcome {
    match result {
        Ok(Ran::Whole) => Outcome::Ran,
        Ok(Ran::Partly(why) | Ran::Skipped(why)) if is_ci => {
            Outcome::Failed(format!("skipped, though on CI: {why}"))
        }
        Ok(Ran::Partly(why)) => Outcome::Partly(why),
        Ok(Ran::Skipped(why)) => Outcome::Skipped(why),
        Err(error) => Outcome::Failed(format!("{error:#}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skip_is_a_failure_on_ci_only() {
        let why = || "why".to_owned();
        assert!(matches!(outcome(Ok(Ran::Skipped(why())), false), Outcome::Skipped(_)));
        assert!(matches!(outcome(Ok(Ran::Skipped(why())), true), Outcome::Failed(_)));
        assert!(matches!(outcome(Ok(Ran::Partly(why())), false), Outcome::Partly(_)));
        assert!(matches!(outcome(Ok(Ran::Partly(why())), true), Outcome::Failed(_)));
        assert!(matches!(outcome(Ok(Ran::Whole), true), Outcome::Ran));
    }
}
