//! The suite of ARM64: the engine is cross-compiled, and its unit tests that need no ONNX Runtime
//! run under an emulator.

use anyhow::Result;

use super::ran::Ran;
use crate::cross;
use crate::repo::Repo;
use crate::root_folder::{ARM64, RootFolder};

/// What needs ONNX Runtime, whose library for this processor is not there.
const BUT: [&str; 5] = [
    "fast::network::shipped::",
    "graph::half::",
    "optimize::finite_differences::",
    "optimize::golden::",
    "runtime::operators::room::",
];

pub fn run(repo: &Repo) -> Result<Ran> {
    let obstacle = match cfg!(target_arch = "x86_64") {
        true => RootFolder::obstacle(),
        false => Some("the compiler is set up for x86-64".to_owned()),
    };
    if let Some(why) = obstacle {
        return Ok(Ran::Skipped(format!("{why}: nothing was tried for ARM64")));
    }
    cross::test_for_arm64(repo, &RootFolder::provide(repo, &ARM64)?, &BUT)?;
    Ok(Ran::Whole)
}
