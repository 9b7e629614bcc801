//! The suite that sees to it that include/impasto.h is what src/capi describes.

use anyhow::Result;

use super::ran::Ran;
use crate::header::header;
use crate::repo::Repo;

pub fn run(repo: &Repo) -> Result<Ran> {
    header(repo, true)?;
    Ok(Ran::Whole)
}
