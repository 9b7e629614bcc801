//! Python packages in a folder of their own rather than a virtual environment, whose module Debian
//! packs apart.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use crate::pip;
use crate::replace;
use crate::repo::Repo;

const STAMP: &str = "stamp.txt";

/// Pinned packages and the name of their folder under `target/`.
pub struct Packages {
    pub folder: &'static str,
    pub requirements: &'static [&'static str],
}

impl Packages {
    /// The folder, for the variable `PYTHONPATH`; installs the packages where they are not there
    /// yet.
    pub fn install(&self, repo: &Repo) -> Result<PathBuf> {
        let destination = repo.target().join(self.folder);
        let requirements = self.requirements;
        let stamp = format!("{}\n{}\n", pip::python_version(pip::PYTHON)?, requirements.join("\n"));
        if fs::read_to_string(destination.join(STAMP)).is_ok_and(|found| found == stamp) {
            return Ok(destination);
        }
        eprintln!("installing Python packages into {} ...", destination.display());
        place(&destination, &stamp, |folder| pip::install(pip::PYTHON, requirements, folder))
            .context("installing Python packages")?;
        Ok(destination)
    }
}

fn place(destination: &Path, stamp: &str, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let parent = destination.parent().context("the destination has no parent folder")?;
    let unwritable = |error| {
        anyhow!("cannot write in {} ({error}). Make that folder writable", parent.display())
    };
    fs::create_dir_all(parent).map_err(unwritable)?;
    let work = tempfile::Builder::new().prefix(".peer-").tempdir_in(parent).map_err(unwritable)?;
    let made = work.path().join("made");
    fs::create_dir(&made).map_err(unwritable)?;
    fill(&made)?;
    fs::write(made.join(STAMP), stamp).map_err(unwritable)?;
    replace::folder(&made, destination, &work.path().join("old")).map_err(unwritable)
}
