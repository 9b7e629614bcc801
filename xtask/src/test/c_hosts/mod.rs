//! The suite that installs Impasto, builds programs in C and C++ with nothing but what was
//! installed, and runs them.

mod build;
mod compilers;
mod memory;
mod readme;
mod symbols;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Ran, tools};
use crate::install::install;
use crate::repo::Repo;
use compilers::COMPILERS;

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

/// Runs a program in a folder of its own, without any variable.
fn start(program: &Path, work: &Path) -> Result<()> {
    let folder = tempfile::tempdir_in(work)?;
    must(Command::new(program).current_dir(folder.path()).env_clear())
}

/// Runs a command; its output is shown only where it fails.
fn must(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_owned();
    let name = Path::new(&name).file_name().unwrap_or(OsStr::new("the program")).display();
    println!("{name} ...");
    let output = command.output().with_context(|| format!("{name} could not be started"))?;
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stdout));
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        bail!("{name} failed ({}). Correct what it says above", output.status);
    }
    Ok(())
}
