//! The program, as a person or a script meets it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/mod.rs"]
mod common;

mod arguments;
mod formats;
mod graph;
mod hostile;
mod interrupting;
mod optimizing;
mod own_network;
mod painting;
mod sequences;
mod settings;
mod streams;
mod styles;

use std::path::Path;
use std::process::Command;

use common::program::impasto;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir_in(common::scratch()).unwrap()
}

/// `impasto paint INPUT --style STYLE`.
fn paint(input: impl AsRef<Path>, style: &str) -> Command {
    let mut command = impasto();
    command.arg("paint").arg(input.as_ref()).args(["--style", style]);
    command
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
