//! GIMP in a window.

use std::path::Path;

use anyhow::Result;

use crate::repo::Repo;
use crate::test::root_folder::RootFolder;

pub fn run(_: &Repo, _: &RootFolder, _: &Path) -> Result<()> {
    Ok(())
}
