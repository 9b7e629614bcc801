//! What is said of devices that cannot be used, and what is done where memory is short.

// Names and limits are those of Linux here.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::process::Command;

use common::program::{impasto, run};
use common::{example, scratch};
use impasto::file;

const OPENVINO: &str = "IMPASTO_OPENVINO";

fn paint_on(device: &str) -> Command {
    let mut command = impasto();
    command.arg("paint").arg(example("photo.png")).args(["--style", "ink", "--device", device]);
    command.arg("--out").arg(scratch().join("on-device.png"));
    command
}

fn assert_refused(device: &str, words: &[&str]) {
    run(&mut paint_on(device)).failed_with(1, &["cannot paint", "photo.png"]).failed_with(1, words);
}

#[test]
fn every_kind_is_listed_with_yes_or_a_reason() {
    let ran = run(impasto().env(OPENVINO, "/nowhere/x.so").args(["devices", "--json"])).silently();
    let found: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let devices = found["devices"].as_array().unwrap();
    let names: Vec<_> = devices.iter().map(|device| device["device"].as_str().unwrap()).collect();
    assert_eq!(names, ["cpu", "cuda:0", "cuda:0:fp16", "directml:0", "openvino", "openvino:bf16"]);
    for device in devices {
        let reason = device["why_not"].as_str();
        assert_eq!(device["available"].as_bool().unwrap(), reason.is_none());
    }
    let reason = |k: usize| devices[k]["why_not"].as_str().unwrap();
    assert!(devices[0]["available"].as_bool().unwrap());
    assert_eq!(reason(2), reason(1));
    assert!(reason(3).contains("Windows"), "{}", reason(3));
    assert!(
        reason(4).contains("/nowhere/x.so")
            && reason(4).contains("pip install onnxruntime-ep-openvino")
            && reason(4).contains("(here: `cargo xtask setup --openvino`")
    );
}

/// The library of these tests is the one for CPUs.
#[test]
fn cuda_says_what_to_set_up() {
    for device in ["cuda", "cuda:3", "cuda:fp16", "cuda:1:fp16"] {
        let cure = "(here: `cargo xtask setup --cuda`";
        assert_refused(device, &["built without it", "onnxruntime-gpu", cure]);
    }
}

#[test]
fn openvino_says_where_it_was_looked_for() {
    let cure = [
        "pip install onnxruntime-ep-openvino",
        "IMPASTO_OPENVINO",
        "(here: `cargo xtask setup --openvino`",
    ];
    let named = run(paint_on("openvino").env(OPENVINO, "/nowhere/x.so"));
    named.failed_with(1, &["'/nowhere/x.so' (IMPASTO_OPENVINO)"]).failed_with(1, &cure);
    let program = impasto();
    let beside = std::path::Path::new(program.get_program()).parent().unwrap().join("openvino");
    if !beside.exists() {
        let searched = run(paint_on("openvino").env(OPENVINO, ""));
        searched.failed_with(1, &["none of", beside.to_str().unwrap()]).failed_with(1, &cure);
    }
}

#[test]
fn a_plug_in_that_is_none_is_refused_before_it_is_loaded() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("text.so"), "This is no library.\n").unwrap();
    let part = fs::read(common::library()).unwrap();
    fs::write(path("part.so"), &part[..part.len() / 2]).unwrap();
    assert_refused(&path("none.so"), &["none.so' does not exist"]);
    assert_refused(folder.path().to_str().unwrap(), &["is a folder"]);
    assert_refused(&path("text.so"), &["text.so' is not a library"]);
    assert_refused(&path("part.so"), &["part.so' is truncated"]);
    let other = common::library();
    assert_refused(other.to_str().unwrap(), &["no plug-in provider", "CreateEpFactories"]);
}

#[test]
fn unknown_names_are_told_with_the_known_ones() {
    for name in ["tpu", "openvino:int8", "cuda:first", "cuda:bf16", "cpu:1", "x.so"] {
        let known = [name, "cuda[:N]:fp16", "directml[:N]", "openvino:bf16", "plug-in"];
        run(&mut paint_on(name)).failed_with(2, &known);
    }
}

/// The program under a limit of its address space: the first that is too small for one tile is
/// looked for from above, since it depends on the machine.
#[test]
fn too_little_memory_makes_tiles_smaller_and_is_told() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let (photo, out) = (folder.path().join("in.png"), folder.path().join("out.png"));
    let picture = common::pictures::drawn(900, 900, common::pictures::RGB_F32, |x, y| {
        common::pictures::scene(x, y)
    });
    file::write(&picture, &photo, &file::WriteOptions::default()).unwrap();
    let mut painting = None;
    for megabytes in (400..=1000).rev().step_by(60) {
        let program = impasto();
        let line = format!("ulimit -v {} && exec \"$0\" \"$@\"", megabytes << 10);
        let mut limited = Command::new("sh");
        limited.arg("-c").arg(line).arg(program.get_program());
        limited.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        limited.arg("paint").arg(&photo).args(["--style", "ink", "--device", "cpu"]);
        limited.args(["--threads", "1", "--memory", "4G", "--brush-size", "1", "--json", "--out"]);
        let ran = run(limited.arg(&out));
        if ran.code != Some(0) {
            break;
        }
        let report: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
        let notes = report["pictures"][0]["notes"].to_string();
        if notes.contains("tiles were halved") {
            assert!(report["pictures"][0]["tiles"].as_u64().unwrap() > 1, "{report}");
            assert!(ran.stderr.contains("tiles were halved"), "{}", ran.stderr);
            painting = Some(file::read(&out).unwrap());
            break;
        }
    }
    let painting = painting.expect("no limit led to smaller tiles");
    assert_eq!((painting.width(), painting.height()), (900, 900));
}
