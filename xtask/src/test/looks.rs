//! The suite of the measures of `cargo xtask looks`.

use anyhow::Result;

use super::ran::Ran;
use crate::looks;
use crate::repo::Repo;

pub fn run(repo: &Repo) -> Result<Ran> {
    looks::test(repo)?;
    Ok(Ran::Whole)
}
