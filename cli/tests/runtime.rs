//! What the program says where ONNX Runtime is missing, another file, or too old.

// Names, permissions and other libraries are those of Linux here.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use common::program::{impasto, run};
use common::{library, root, scratch};

const VARIABLE: &str = "IMPASTO_ONNXRUNTIME";
const NAME: &str = "libonnxruntime.so";

/// Asks for something that needs the library; the program ends soon with words that name the file
/// and what to do.
fn assert_refused(command: &mut Command, words: &[&str]) {
    let ran = run(command.arg("devices"));
    assert!(ran.took < Duration::from_secs(20), "{:?}", ran.took);
    let cure =
        ["cannot load ONNX Runtime", "option runtime_path", VARIABLE, "(here: --runtime FILE"];
    let ran = ran.failed_with(1, words).failed_with(1, &cure);
    assert!(ran.stdout.is_empty(), "{}", ran.text());
}

fn assert_file_refused(file: &Path, words: &[&str]) {
    let named: Vec<_> = words.iter().copied().chain([file.to_str().unwrap()]).collect();
    assert_refused(impasto().env(VARIABLE, file), &named);
    assert_refused(impasto().env_remove(VARIABLE).arg("--runtime").arg(file), &named);
}

#[test]
fn the_library_of_these_tests_is_taken() {
    let ran = run(impasto().arg("devices")).silently();
    assert!(ran.text().contains("cpu"), "{}", ran.text());
}

#[test]
fn a_painting_without_the_library_says_the_same() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let out = folder.path().join("out.png");
    let mut command = impasto();
    command.env(VARIABLE, folder.path().join(NAME)).arg("paint");
    command.arg(common::example("photo.png")).args(["--style", "ink", "--out"]).arg(&out);
    run(&mut command)
        .failed_with(1, &[NAME, "does not exist", "option runtime_path", "--runtime FILE"]);
    assert!(!out.exists());
}

/// The library alone takes more address space than is left.
#[test]
#[cfg_attr(impasto_sanitized, ignore = "a sanitizer's own memory finds no room")]
fn too_little_memory_for_the_library_is_told_as_such() {
    let mut command = Command::new("sh");
    command.args(["-c", r#"ulimit -v 40000; exec "$0" devices"#]);
    command.arg(impasto().get_program());
    run(&mut command).failed_with(1, &["no memory for ONNX Runtime", "end other programs"]);
}

#[test]
fn a_file_that_does_not_exist_is_told() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    assert_file_refused(&folder.path().join(NAME), &["does not exist"]);
}

#[test]
fn without_any_library_the_places_looked_at_are_told() {
    // The program looks beside itself, where a build folder may hold the library.
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let program = folder.path().join("impasto");
    fs::copy(env!("CARGO_BIN_EXE_impasto"), &program).unwrap();
    let system = ["/usr/local/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"];
    if system.iter().any(|place| Path::new(place).join(NAME).exists()) {
        println!("skipped: this system has a library of its own");
        return;
    }
    let beside = folder.path().join(NAME);
    let mut command = Command::new(&program);
    command.env_remove(VARIABLE).current_dir(folder.path());
    assert_refused(&mut command, &["none of", beside.to_str().unwrap()]);
    // An empty variable is one that is not set.
    let mut command = Command::new(&program);
    command.env(VARIABLE, "").current_dir(folder.path());
    assert_refused(&mut command, &["none of", beside.to_str().unwrap()]);
}

#[test]
fn the_working_directory_is_not_searched() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let here = folder.path().join("here");
    fs::create_dir(&here).unwrap();
    fs::write(here.join(NAME), "text").unwrap();
    let program = folder.path().join("impasto");
    fs::copy(env!("CARGO_BIN_EXE_impasto"), &program).unwrap();
    let mut command = Command::new(&program);
    command.env_remove(VARIABLE).env("LD_LIBRARY_PATH", &here).current_dir(&here);
    let ran = run(command.arg("devices"));
    assert!(!ran.stderr.contains(here.to_str().unwrap()), "{}", ran.stderr);
}

#[test]
fn a_text_file_is_refused() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let file = folder.path().join(NAME);
    fs::write(&file, "This is not a library.\n".repeat(100)).unwrap();
    assert_file_refused(&file, &["is not a library"]);
    fs::write(&file, "").unwrap();
    assert_file_refused(&file, &["is not a library"]);
}

#[test]
fn a_truncated_library_is_refused() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let file = folder.path().join(NAME);
    let whole = fs::read(library()).unwrap();
    for part in [100, 5000, whole.len() / 2] {
        fs::write(&file, &whole[..part]).unwrap();
        assert_file_refused(&file, &["is truncated"]);
    }
}

#[test]
fn another_library_is_refused() {
    let places = ["/lib/x86_64-linux-gnu/libm.so.6", "/lib64/libm.so.6", "/usr/lib/libm.so.6"];
    let Some(other) = places.iter().map(Path::new).find(|path| path.is_file()) else {
        println!("skipped: no other library is known here");
        return;
    };
    assert_file_refused(other, &["is not ONNX Runtime"]);
}

#[test]
fn a_folder_is_refused() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let file = folder.path().join(NAME);
    fs::create_dir(&file).unwrap();
    assert_file_refused(&file, &["is a folder"]);
}

#[test]
fn a_runtime_that_is_too_old_is_refused_by_its_version() {
    let old = root().join("target/onnxruntime-1.19").join(NAME);
    if !old.is_file() {
        assert!(std::env::var_os("CI").is_none(), "`cargo xtask setup` did not fetch {old:?}");
        println!("skipped: no {}; `cargo xtask setup` fetches it", old.display());
        return;
    }
    assert_file_refused(&old, &["1.19", "1.24"]);
}

/// Root may read anything, so the program runs as nobody, in a folder that nobody can reach.
#[test]
fn a_library_without_read_permission_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    const NOBODY: u32 = 65534;
    let set_mode = |path: &Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let folder = tempfile::tempdir().unwrap();
    set_mode(folder.path(), 0o755);
    let program: PathBuf = folder.path().join("impasto");
    fs::copy(env!("CARGO_BIN_EXE_impasto"), &program).unwrap();
    set_mode(&program, 0o755);
    let file = folder.path().join(NAME);
    fs::copy(library(), &file).unwrap();
    for (mode, is_readable) in [(0o644, true), (0o000, false)] {
        set_mode(&file, mode);
        let mut command = Command::new(&program);
        command.env(VARIABLE, &file).current_dir(folder.path());
        if common::may_everything() {
            command.uid(NOBODY).gid(NOBODY);
        }
        if is_readable {
            assert_eq!(run(command.arg("devices")).code, Some(0));
        } else {
            assert_refused(&mut command, &[file.to_str().unwrap(), "cannot be read", "ermission"]);
        }
    }
    // A folder that may not be entered hides the file.
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::rename(&file, closed.join(NAME)).unwrap();
    set_mode(&closed, 0o000);
    let hidden = closed.join(NAME);
    let mut command = Command::new(&program);
    command.env(VARIABLE, &hidden).current_dir(folder.path());
    if common::may_everything() {
        command.uid(NOBODY).gid(NOBODY);
    }
    assert_refused(&mut command, &[hidden.to_str().unwrap()]);
    set_mode(&closed, 0o755);
}
