//! The crate in a project of somebody else.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::program::run;
use crate::common::root;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Outside of this tree, where no workspace and no settings of Cargo are around.
#[test]
fn a_copy_of_the_crate_builds_on_its_own() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("include/rust"), folder.path());
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["check", "--offline", "--target-dir", "target"]).current_dir(folder.path());
    for ours in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        cargo.env_remove(ours);
    }
    let ran = run(&mut cargo);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}

#[test]
fn the_crate_has_the_version_of_the_library() {
    let manifest = fs::read_to_string(root().join("include/rust/Cargo.toml")).unwrap();
    let version = concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"");
    assert!(manifest.lines().any(|line| line == version), "no {version}");
}
