//! Shots in files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use impasto::file::{self, WriteOptions};
use serde_json::Value;
use tempfile::TempDir;

use crate::common::pictures::{RGB_U8, drawn, mean_difference, most_difference, part, photo_part};
use crate::common::program::{Ran, impasto, run};
use crate::{folder, names, paint};

/// Where a camera that moves begins to see something else.
const CUT: i64 = 5;

/// Frames 1 to 8 of two shots.
fn shot() -> TempDir {
    let folder = folder();
    for frame in 1..=8 {
        let left = if frame < CUT { 60 + 4 * frame } else { 330 - 4 * frame } as u32;
        let top = if frame < CUT { 200 } else { 20 };
        let photo = photo_part(left, top, 112, 84);
        let picture = photo.converted(RGB_U8, photo.color_space().clone()).unwrap();
        let path = folder.path().join(format!("shot.{frame:04}.png"));
        file::write(&picture, &path, &WriteOptions::default()).unwrap();
    }
    folder
}

fn command(shot: &TempDir, more: &[&str], to: &str) -> Command {
    let mut command = paint(shot.path().join("shot.####.png"), "starry-night");
    command.args(more).arg("--out").arg(shot.path().join(to).join("p.%04d.png"));
    command
}

fn painted(shot: &TempDir, more: &[&str], to: &str) -> Ran {
    run(&mut command(shot, more, to))
}

fn frame(shot: &TempDir, folder: &str, frame: i64) -> PathBuf {
    shot.path().join(folder).join(format!("p.{frame:04}.png"))
}

fn same(a: &Path, b: &Path) -> bool {
    fs::read(a).unwrap() == fs::read(b).unwrap()
}

#[test]
fn chunks_of_any_size_in_any_order_give_the_same_frames() {
    let shot = shot();
    let more = ["--steady", "2", "--look", "smoothed:2"];
    painted(&shot, &more, "whole").silently();
    assert_eq!(names(&shot.path().join("whole")).len(), 8);
    for frames in ["6-8", "1,3", "2-5x3"] {
        painted(&shot, &[&more[..], &["--frames", frames]].concat(), "parts").silently();
    }
    for name in names(&shot.path().join("parts")) {
        assert!(same(
            &shot.path().join("whole").join(&name),
            &shot.path().join("parts").join(&name)
        ));
    }
    assert_eq!(names(&shot.path().join("parts")).len(), 7);
    painted(&shot, &["--look", "each"], "each").silently();
    let [whole, each] = ["whole", "each"].map(|of| file::read(&frame(&shot, of, 3)).unwrap());
    assert!(mean_difference(&whole, &each) > 0.005);
}

#[test]
fn nothing_is_shared_across_a_cut() {
    let shot = shot();
    painted(&shot, &[], "both").silently();
    for frame in CUT..=8 {
        fs::remove_file(shot.path().join(format!("shot.{frame:04}.png"))).unwrap();
    }
    painted(&shot, &[], "first").silently();
    assert!(same(&frame(&shot, "both", CUT - 1), &frame(&shot, "first", CUT - 1)));
}

#[test]
fn the_studio_method_hands_its_composition_on() {
    let shot = shot();
    let studio = ["--method", "studio", "--schedule", "64:24,112:30", "--steady", "0"];
    let with = |more: &[&str], to: &str| {
        painted(&shot, &[&studio[..], more].concat(), to).silently();
    };
    with(&["--frames", "1-5"], "whole");
    with(&["--frames", "1-5", "--key-every", "1"], "alone");
    // Wherever a chunk begins.
    with(&["--frames", "3"], "chunk");
    assert!(same(&frame(&shot, "whole", 3), &frame(&shot, "chunk", 3)));
    // The first frame, and the one behind the cut.
    for k in [1, CUT] {
        assert!(same(&frame(&shot, "whole", k), &frame(&shot, "alone", k)), "{k}");
    }
    // Frames 1, 3, 5 are composed alone.
    with(&["--frames", "3", "--key-every", "2"], "keyed");
    assert!(same(&frame(&shot, "keyed", 3), &frame(&shot, "alone", 3)));
    let flicker = |of: &str| {
        let painted = |k: i64| file::read(&frame(&shot, of, k)).unwrap();
        // The camera moves by four pixels.
        let [before, after] =
            [(2, 14), (3, 10)].map(|(k, left)| part(&painted(k), [left, 0], [90, 84]));
        mean_difference(&before, &after)
    };
    let (whole, alone) = (flicker("whole"), flicker("alone"));
    assert!(whole < 0.7 * alone, "{whole} {alone}");
    let fast = painted(&shot, &["--key-every", "2"], "none");
    fast.failed_with(2, &["--key-every", "--method studio"]);
}

#[test]
fn a_look_in_a_file_is_that_of_its_picture() {
    let shot = shot();
    let look = shot.path().join("shot.look");
    let mut command = impasto();
    command.arg("look").arg(shot.path().join("shot.0002.png")).args(["--style", "starry-night"]);
    run(command.arg("--out").arg(&look)).silently();
    let file = look.to_str().unwrap();
    painted(&shot, &["--look", file, "--frames", "3-4"], "file").silently();
    painted(&shot, &["--look", "2", "--frames", "3-4"], "frame").silently();
    for k in 3..=4 {
        assert!(same(&frame(&shot, "file", k), &frame(&shot, "frame", k)), "{k}");
    }
    // Single pictures take it, too.
    let single = shot.path().join("single.png");
    let mut command = paint(shot.path().join("shot.0004.png"), "starry-night");
    run(command.args(["--look", file, "--out"]).arg(&single)).silently();
    painted(&shot, &["--look", file, "--frames", "4", "--steady", "0"], "file").silently();
    assert!(same(&single, &frame(&shot, "file", 4)));
    let mut command = paint(shot.path().join("shot.0004.png"), "ink");
    let ran = run(command.args(["--look", file, "--out"]).arg(&single));
    ran.failed_with(2, &["shot.look", "another style"]);
    fs::write(&look, &fs::read(&look).unwrap()[..3000]).unwrap();
    painted(&shot, &["--look", file], "none").failed_with(1, &["shot.look", "truncated"]);
}

#[test]
fn a_frame_that_fails_does_not_end_the_others() {
    let shot = shot();
    let broken = shot.path().join("shot.0003.png");
    fs::write(&broken, &fs::read(&broken).unwrap()[..300]).unwrap();
    let ran = painted(&shot, &["--frames", "2-4,9", "--json", "--look", "2"], "out");
    let ran = ran.failed_with(1, &["shot.0003.png", "shot.0009.png", "2 of 4 frames", ": 3, 9"]);
    assert_eq!(names(&shot.path().join("out")), ["p.0002.png", "p.0004.png"]);
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let frames = report["pictures"].as_array().unwrap();
    assert_eq!(frames.len(), 4);
    assert!(frames[1]["error"].as_str().unwrap().contains("shot.0003.png"));
}

#[test]
fn what_is_there_is_left_out_or_made_again_where_it_is_damaged() {
    let shot = shot();
    let more = ["--frames", "1-3", "--look", "1"];
    painted(&shot, &more, "out").silently();
    let whole = fs::read(frame(&shot, "out", 2)).unwrap();
    fs::write(frame(&shot, "out", 2), &whole[..1000]).unwrap();
    fs::remove_file(frame(&shot, "out", 3)).unwrap();
    painted(&shot, &[&more[..], &["--skip-existing"]].concat(), "out").silently();
    assert_eq!(fs::read(frame(&shot, "out", 2)).unwrap().len(), 1000);
    assert!(frame(&shot, "out", 3).is_file());
    painted(&shot, &[&more[..], &["--resume"]].concat(), "out").silently();
    assert_eq!(fs::read(frame(&shot, "out", 2)).unwrap(), whole);
}

#[test]
fn each_frame_has_a_mask_of_its_own() {
    let shot = shot();
    let white = drawn(8, 6, RGB_U8, |_, _| [1.0; 4]);
    let black = drawn(8, 6, RGB_U8, |_, _| [0.0, 0.0, 0.0, 1.0]);
    for (number, mask) in [(2, &black), (3, &white)] {
        let path = shot.path().join(format!("mask.{number}.png"));
        file::write(mask, &path, &WriteOptions::default()).unwrap();
    }
    let masks = shot.path().join("mask.#.png");
    let more = ["--frames", "2-4", "--mask", masks.to_str().unwrap()];
    painted(&shot, &more, "masked").failed_with(1, &["mask.4.png", "1 of 3 frames"]);
    painted(&shot, &["--frames", "3"], "whole").silently();
    assert!(same(&frame(&shot, "masked", 3), &frame(&shot, "whole", 3)));
    let source = file::read(&shot.path().join("shot.0002.png")).unwrap();
    let kept = file::read(&frame(&shot, "masked", 2)).unwrap();
    assert!(most_difference(&kept, &source) == 0.0);
}

#[test]
fn a_killed_run_leaves_whole_frames_and_can_be_resumed() {
    let shot = shot();
    painted(&shot, &[], "whole").silently();
    let mut command = command(&shot, &[], "out");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let start = Instant::now();
    while !frame(&shot, "out", 2).is_file() && start.elapsed() < Duration::from_secs(120) {
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for name in names(&shot.path().join("out")).iter().filter(|name| name.starts_with("p.")) {
        assert!(same(&shot.path().join("out").join(name), &shot.path().join("whole").join(name)));
    }
    painted(&shot, &["--resume"], "out").silently();
    for k in 1..=8 {
        assert!(same(&frame(&shot, "out", k), &frame(&shot, "whole", k)), "{k}");
    }
}

#[test]
fn what_does_not_fit_is_refused_before_the_work() {
    let shot = shot();
    let at = |name: &str| shot.path().join(name);
    let refused = |input: &str, more: &[&str], out: &str, words: &[&str]| {
        let mut command = paint(at(input), "ink");
        run(command.args(more).arg("--out").arg(at(out))).failed_with(2, words);
    };
    refused("shot.####.png", &[], "one.png", &["painted.####.png"]);
    refused("shot.####.png", &[], "shot.%04d.png", &["over itself"]);
    refused("none.####.png", &[], "p.####.png", &["there are no frames"]);
    refused("shot.0001.png", &["--steady", "1"], "p.png", &["--steady with single pictures"]);
    refused(
        "shot.####.png",
        &["--look", "each", "--steady", "1"],
        "p.#.png",
        &["leave --look out"],
    );
    let optimize = ["--method", "optimize", "--steady", "1"];
    refused("shot.####.png", &optimize, "p.#.png", &["only the fast and the studio method"]);
    let state = at("state").to_str().unwrap().to_owned();
    let kept = ["--method", "optimize", "--checkpoint", &state];
    refused("shot.####.png", &kept, "p.#.png", &["one checkpoint for several pictures"]);
    let seen = ["--method", "optimize", "--preview", "seen.png"];
    refused("shot.####.png", &seen, "p.#.png", &["--preview with a sequence"]);
    refused("shot.####.png", &["--frames", "9-1"], "p.#.png", &["--frames", "9 comes after 1"]);
    let ran = painted(&shot, &["--look", "99"], "out");
    ran.failed_with(1, &["cannot lock the look to frame 99", "shot.0099.png"]);
    assert!(names(&at("out")).is_empty());
}
