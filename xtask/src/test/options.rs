//! The suite that sees to it that README's tables of options are those of the engine's settings, and
//! that all words of the GIMP filter are translated.

use anyhow::Result;

use super::ran::Ran;
use crate::options::options;
use crate::repo::Repo;

pub fn run(repo: &Repo) -> Result<Ran> {
    options(repo, true)?;
    Ok(Ran::Whole)
}
