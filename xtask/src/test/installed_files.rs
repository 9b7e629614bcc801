//! What holds of all that is installed, wherever it lies.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use walkdir::{DirEntry, WalkDir};

use crate::install;
use crate::repo::Repo;

/// Parts of names that only a checkout has.
const FOREIGN: [&str; 4] = ["train", "__pycache__", ".py", "models/README.md"];

/// Everybody may read all that lies in the folder, and nothing tells of the machine that made it.
pub fn check(repo: &Repo, folder: &Path) -> Result<()> {
    let mut own = 0;
    for entry in WalkDir::new(folder) {
        let entry = entry.with_context(|| format!("looking through {}", folder.display()))?;
        let attempt = || format!("{} is not fit to be passed on", entry.path().display());
        check_mode(&entry).with_context(attempt)?;
        let below = entry.path().strip_prefix(folder)?.to_string_lossy();
        let foreign = FOREIGN.iter().find(|part| below.contains(*part));
        ensure!(foreign.is_none(), "{below} belongs to the checkout alone");
        if is_own_binary(&entry) {
            check_binary(repo, entry.path()).with_context(attempt)?;
            own += 1;
        }
    }
    ensure!(own > 0, "{} has no program of ours", folder.display());
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(_: &DirEntry) -> Result<()> {
    Ok(())
}

#[cfg(unix)]
fn check_mode(entry: &DirEntry) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;

    if entry.path_is_symlink() {
        return Ok(());
    }
    let mode = entry.metadata()?.permissions().mode() & 0o7777;
    let is_good = match entry.file_type().is_dir() {
        true => mode == 0o755,
        false => [0o644, 0o755].contains(&mode),
    };
    ensure!(is_good, "its mode is {mode:o}");
    Ok(())
}

fn is_own_binary(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let is_library =
        name.starts_with("libimpasto.so") || ["impasto.so", "Impasto.ofx"].contains(&&*name);
    let is_program = name == "impasto" || name == "impasto-gimp";
    entry.file_type().is_file() && (is_library || is_program)
}

fn check_binary(repo: &Repo, path: &Path) -> Result<()> {
    let symbols = Command::new("nm").arg(path).output().context("nm could not be started")?;
    ensure!(symbols.status.success() && symbols.stdout.is_empty(), "it has symbols");

    let sources = install::sources().context("there is no folder of Cargo's")?;
    let checkout = fs::canonicalize(repo.root())?;
    let bytes = fs::read(path)?;
    for place in [sources.as_path(), &checkout] {
        let place = place.as_os_str().as_encoded_bytes();
        if bytes.windows(place.len()).any(|window| window == place) {
            bail!("it names {}", String::from_utf8_lossy(place));
        }
    }
    Ok(())
}
