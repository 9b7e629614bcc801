//! Looking for memory that is misused or lost.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::build;
use super::process::{must, start};
use crate::environment::give_home;
use crate::repo::Repo;

const SANITIZERS: [&str; 2] = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

/// Everything that the programs do, at almost full speed; but only what the compiler sees, the
/// programs themselves and impasto.hpp, and leaks.
pub fn with_sanitizers(repo: &Repo, prefix: &Path, work: &Path) -> Result<()> {
    let flags = build::flags(prefix)?;
    for (compiler, source, dialect) in
        [("gcc", "paint.c", "-std=c99"), ("g++", "paint.cpp", "-std=c++17")]
    {
        let program = work.join("sanitized");
        let options = [&[dialect], &SANITIZERS[..]].concat();
        build::compile(compiler, &options, &build::hosts(repo).join(source), &flags, &program)?;
        start(&program, work)?;
    }
    Ok(())
}

/// All code, that of the library and of ONNX Runtime, too; but one small painting only, which
/// takes minutes.
pub fn with_valgrind(repo: &Repo, host: &Path, work: &Path) -> Result<()> {
    let mut suppressions = OsString::from("--suppressions=");
    suppressions.push(repo.root().join("tests/hosts/valgrind.supp"));
    let folder = tempfile::tempdir_in(work)?;
    let mut valgrind = Command::new("valgrind");
    give_home(&mut valgrind, folder.path());
    must(
        valgrind
            .args(["--quiet", "--error-exitcode=99", "--leak-check=full"])
            .args(["--errors-for-leak-kinds=definite", "--show-leak-kinds=definite"])
            .args(["--num-callers=30", "--gen-suppressions=all"])
            .arg(suppressions)
            .arg(host)
            .arg("--once")
            .current_dir(folder.path()),
    )
}
