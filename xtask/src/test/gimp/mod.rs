//! The suite that installs the GIMP filter and uses it in real GIMPs: 3.0 of Debian trixie and 3.2
//! of sid, each in a root folder.

mod batch;
mod compare;
mod session;
mod window;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::ran::Ran;
use crate::repo::Repo;
use crate::root_folder::{RootFolder, SID, TRIXIE};
use session::{plug_in, settings};

/// What GIMP's settings say: no dialog but ours.
const SETTINGS: &str = "(check-updates no)\n(show-welcome-dialog no)\n";

pub fn run(repo: &Repo) -> Result<Ran> {
    if let Some(why) = RootFolder::obstacle() {
        return Ok(Ran::Skipped(format!("{why}: nothing was tried in GIMP 3.0 and 3.2")));
    }
    let gimps = [(&TRIXIE, "3.0"), (&SID, "3.2")];
    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;
    let shared = work.path();
    for (_, version) in gimps {
        let settings = settings(shared, version);
        fs::create_dir_all(&settings)?;
        fs::write(settings.join("gimprc"), SETTINGS)?;
    }
    for (from, to) in [
        ("examples/photo.png", "photo.png"),
        ("examples/styles/ink.png", "style.png"),
        ("tests/hosts/gimp/batch.py", "batch.py"),
        ("tests/hosts/gimp/window.py", "window.py"),
        ("tests/hosts/gimp/window.sh", "window.sh"),
    ] {
        fs::copy(repo.root().join(from), shared.join(to)).with_context(|| from.to_owned())?;
    }
    xtask(repo, shared, &["install", "--gimp"])?;

    for (debian, version) in gimps {
        let root = RootFolder::provide(repo, debian)?;
        batch::run(repo, &root, shared, version).with_context(|| format!("GIMP {version}"))?;
        if version == "3.2" {
            window::run(repo, &root, shared).context("GIMP 3.2 in a window")?;
        }
    }

    xtask(repo, shared, &["install", "--gimp", "--uninstall"])?;
    for (_, version) in gimps {
        let left = plug_in(shared, version);
        if left.exists() {
            bail!("uninstalling left {}. Correct xtask/src/install/gimp.rs", left.display());
        }
    }
    Ok(Ran::Whole)
}

/// This program, as that user would start it.
fn xtask(repo: &Repo, shared: &Path, arguments: &[&str]) -> Result<()> {
    let home = env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let of_tool = |name: &str, below_home: &str| {
        env::var_os(name).unwrap_or_else(|| home.join(below_home).into_os_string())
    };
    let status = Command::new(env::current_exe()?)
        .args(arguments)
        .current_dir(repo.root())
        .env("CARGO_HOME", of_tool("CARGO_HOME", ".cargo"))
        .env("RUSTUP_HOME", of_tool("RUSTUP_HOME", ".rustup"))
        .env("HOME", shared.join("home"))
        .env_remove("XDG_CONFIG_HOME")
        .status()?;
    if !status.success() {
        bail!("`cargo xtask {}` failed ({status})", arguments.join(" "));
    }
    Ok(())
}
