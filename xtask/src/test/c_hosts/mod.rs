//! The suite that installs Impasto, builds programs in C and C++ with nothing but what was
//! installed, and runs them.

mod build;
mod compilers;
mod memory;
mod process;
mod readme;
mod reload;
mod symbols;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::ran::Ran;
use crate::install::install;
use crate::repo::Repo;
use crate::tools;
use compilers::COMPILERS;
use process::start;

/// Without these there is nothing to test.
const ALWAYS: [&str; 3] = ["gcc", "cmake", "pkg-config"];
const TOOLS: [&str; 6] = ["gcc", "g++", "clang", "valgrind", "cmake", "pkg-config"];

/// The programs that [`build`] makes.
const HOSTS: [&str; 7] = [
    "header_alone_c",
    "header_alone_cpp",
    "paint_c",
    "limits_c",
    "fork_c",
    "paint_cpp",
    "paint_cpp_returning",
];

pub fn run(repo: &Repo) -> Result<Ran> {
    if cfg!(not(target_os = "linux")) {
        return Ok(Ran::Skipped("the installed layout is that of Linux".to_owned()));
    }
    let missing = tools::provide(&TOOLS);
    if let Some(tool) = missing.iter().find(|tool| ALWAYS.contains(tool)) {
        return Ok(Ran::Skipped(format!("there is no {tool}")));
    }
    let has = |tool: &str| !missing.contains(&tool);

    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;
    let prefix = installed_and_moved(repo, work.path())?;
    symbols::check(&prefix)?;

    for compiler in COMPILERS.iter().filter(|compiler| has(compiler.c)) {
        let folder = work.path().join(compiler.c);
        build::with_pkg_config(repo, &prefix, compiler, &folder.join("pkg-config"))?;
        build::with_cmake(repo, &prefix, compiler, &folder.join("cmake"))?;
        for host in HOSTS {
            start(&folder.join("pkg-config").join(host), work.path())?;
        }
        // Linked another way; one shows that it finds the library.
        start(&folder.join("cmake/paint_c"), work.path())?;
    }
    build::versions(repo, work.path())?;
    reload::check(repo, &prefix, COMPILERS[0].c, work.path())?;
    memory::with_sanitizers(repo, &prefix, work.path())?;
    if has("valgrind") {
        let host = work.path().join(COMPILERS[0].c).join("pkg-config/paint_c");
        memory::with_valgrind(repo, &host, work.path())?;
    }
    readme::run_c(repo, &prefix, COMPILERS[0].c, work.path())?;
    readme::run_python(repo, &prefix, work.path())?;

    Ok(match missing.is_empty() {
        true => Ran::Whole,
        false => Ran::Partly(format!("there is no {}", missing.join(", no "))),
    })
}

/// Installs, and moves what was installed elsewhere: nothing in it may know where it lies.
fn installed_and_moved(repo: &Repo, work: &Path) -> Result<PathBuf> {
    let first = work.join("first");
    let moved = work.join("moved");
    install(repo, &first)?;
    fs::rename(&first, &moved).context("moving the installation")?;
    Ok(moved)
}
