//! Standard input and output.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::process::Stdio;
use std::thread;

use impasto::file;
use serde_json::Value;

use crate::common::example;
use crate::common::program::{finish, impasto, run};
use crate::{folder, paint};

#[test]
fn a_pipe_in_and_a_pipe_out() {
    let photo = fs::read(example("portrait.png")).unwrap();
    let mut command = paint("-", "ink");
    command.args(["--out", "-", "--json"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeder = thread::spawn(move || stdin.write_all(&photo).unwrap());
    let ran = finish(child);
    feeder.join().unwrap();
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let painted = file::read_bytes(&ran.stdout, "pipe").unwrap();
    assert_eq!((painted.width(), painted.height()), (512, 512));
    // The picture has standard output, so the report takes the other.
    let report: Value = serde_json::from_str(&ran.stderr).unwrap();
    assert_eq!(report["pictures"][0]["size"], serde_json::json!([512, 512]));

    let folder = folder();
    let out = folder.path().join("out.png");
    run(paint(example("portrait.png"), "ink").arg("--out").arg(&out)).silently();
    assert!(file::read(&out).unwrap() == painted);
}

#[test]
fn nothing_on_standard_input_is_no_picture() {
    run(paint("-", "ink").args(["--out", "-"])).failed_with(1, &["standard input", "empty"]);
}

#[test]
fn standard_input_needs_a_name_for_its_file() {
    let folder = folder();
    run(paint("-", "ink").arg("--out-dir").arg(folder.path())).failed_with(2, &["--out"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = paint(example("photo.png"), "ink");
    command.args(["--out", "-"]).stdout(full).stderr(Stdio::piped());
    finish(command.spawn().unwrap()).failed_with(1, &["No space left"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    for arguments in [&["styles"][..], &["styles", "--json"], &["models"], &["devices", "--json"]] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = impasto();
        command.args(arguments).stdout(full).stderr(Stdio::piped());
        finish(command.spawn().unwrap()).failed_with(1, &["No space left"]);
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut command = paint(example("photo.png"), "ink");
    command.args(["--out", "-"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    finish(child).silently();

    let mut command = impasto();
    command.arg("styles").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    finish(child).silently();
}
