//! The variables with which a program built here finds what it needs.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::repo::Repo;
use crate::runtime;

/// Tells `command` where ONNX Runtime and the networks are, unless the caller already does.
pub fn give(command: &mut Command, repo: &Repo) {
    let mut unless_set = |name: &str, value: PathBuf| {
        if env::var_os(name).is_none() {
            command.env(name, value);
        }
    };
    unless_set("IMPASTO_ONNXRUNTIME", runtime::CPU.library_in(repo));
    unless_set("IMPASTO_MODELS", repo.models());
}
