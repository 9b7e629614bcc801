//! Loading the library, and what is refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use impasto_client::{Library, Status, Version};
use tempfile::TempDir;

use crate::common::program::run;
use crate::common::scratch;
use crate::fixtures::{assert_refused, built, library};

/// A file that is no library to be used: the words name it and the cure, also once another library
/// is loaded.
fn assert_file_refused(file: &Path, words: &[&str]) {
    let error = Library::load(Some(file)).unwrap_err();
    assert_refused(&error, Status::Library, words);
    let cure = ["cannot load Impasto's library", file.to_str().unwrap(), "IMPASTO_LIBRARY"];
    assert_refused(&error, Status::Library, &cure);
}

#[test]
fn there_is_one_library() {
    assert_eq!(library().version().to_string(), env!("CARGO_PKG_VERSION"));
    assert_eq!(library().path(), built());
    let address = || std::ptr::from_ref(library().path()).addr();
    let loaders: Vec<_> = (0..8).map(|_| thread::spawn(address)).collect();
    assert!(loaders.into_iter().all(|loader| loader.join().unwrap() == address()));
    // A second one is not used beside it.
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let copy = folder.path().join("copy.so");
    fs::copy(built(), &copy).unwrap();
    assert_file_refused(&copy, &["comes too late", built().to_str().unwrap()]);
    assert_eq!(Library::load(None).unwrap().path(), built());
}

#[test]
fn files_that_are_no_library_are_refused() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let file = folder.path().join("libimpasto.so");
    assert_file_refused(&file, &["cannot be read", "No such file"]);
    assert_file_refused(folder.path(), &["is not a file"]);
    fs::write(&file, "This is not a library.\n".repeat(100)).unwrap();
    assert_file_refused(&file, &["is not a library that can be loaded here"]);
    let whole = fs::read(built()).unwrap();
    for part in [100, 5000, whole.len() / 2] {
        fs::write(&file, &whole[..part]).unwrap();
        assert_file_refused(&file, &["is truncated"]);
    }
    fs::write(&file, "").unwrap();
    assert_file_refused(&file, &["is not a library that can be loaded here"]);
}

/// A library of its own making.
#[cfg(target_os = "linux")]
fn fake(folder: &TempDir, code: &str) -> PathBuf {
    let (source, file) = (folder.path().join("fake.c"), folder.path().join("libfake.so"));
    fs::write(&source, code).unwrap();
    let _ = fs::remove_file(&file);
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-o"]).arg(&file).arg(&source);
    let ran = run(&mut compiler);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    file
}

#[cfg(target_os = "linux")]
#[test]
fn libraries_of_other_interfaces_are_refused() {
    let version =
        |number: u32| format!("unsigned impasto_version_number(void) {{ return {number}; }}");
    let Version { major, minor, .. } = Version::NEEDED;
    let number = |major: u32, minor: u32, patch: u32| major * 1_000_000 + minor * 1_000 + patch;
    let needed = format!("but {major}.{minor} is needed");
    for (number, words) in [
        (number(1, 0, 0), ["is Impasto 1.0.0", &needed]),
        (number(0, 1, 9), ["is Impasto 0.1.9", &needed]),
        // Before 1.0 a later minor version is another interface, too.
        (number(0, 3, 0), ["is Impasto 0.3.0", &needed]),
        (number(major, minor, 7), ["damaged Impasto 0.2.7", "it has no impasto_"]),
    ] {
        let folder = tempfile::tempdir_in(scratch()).unwrap();
        let file = fake(&folder, &version(number));
        assert_file_refused(&file, &words);
    }
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let file = fake(&folder, "int something_else(void) { return 1; }");
    assert_file_refused(&file, &["is not Impasto", "impasto_version_number"]);
}
