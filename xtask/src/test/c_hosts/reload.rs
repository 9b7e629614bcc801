//! Loading the library by hand, unloading it, and again, as hosts of plug-ins do.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::build;
use super::process::must;
use crate::repo::Repo;

pub fn check(repo: &Repo, prefix: &Path, compiler: &str, work: &Path) -> Result<()> {
    let (source, program) = (build::hosts(repo).join("reload.c"), work.join("reload"));
    // Not linked to the library: it would be loaded all along.
    let mut include = OsString::from("-I");
    include.push(prefix.join("include"));
    build::compile(compiler, &["-std=c99"], &source, &[include, "-ldl".into()], &program)?;
    let folder = tempfile::tempdir_in(work)?;
    must(
        Command::new(program)
            .arg(prefix.join("lib/libimpasto.so"))
            .current_dir(folder.path())
            .env_clear()
            .env("HOME", folder.path()),
    )
}
