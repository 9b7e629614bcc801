//! `impasto paint`: files in, files out.

use std::fs;
use std::path::Path;

use impasto::file::{self, WriteOptions};
use impasto::image::Picture;
use serde_json::Value;

use crate::common::pictures::{
    RGB_U8, drawn, example, luma, mean_difference, most_difference, photo_part, pixels, scene,
};
use crate::common::program::{impasto, run};
use crate::{folder, names, paint};

fn saved(picture: &Picture, path: &Path) {
    file::write(picture, path, &WriteOptions::default()).unwrap();
}

/// A small photograph in a folder.
fn small(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("small.png");
    let photo = photo_part(150, 100, 160, 120);
    saved(&photo.converted(RGB_U8, photo.color_space().clone()).unwrap(), &path);
    path
}

#[test]
fn the_example_is_painted_in_a_shipped_style() {
    let folder = folder();
    let out = folder.path().join("painted.png");
    let photo = crate::common::example("photo.png");
    run(paint(&photo, "great-wave").arg("--out").arg(&out)).silently();
    assert_eq!(names(folder.path()), ["painted.png"]);
    let (photo, painted) = (example("photo.png"), file::read(&out).unwrap());
    assert_eq!((painted.width(), painted.height()), (600, 400));
    assert_eq!(painted.format(), photo.format());
    assert!(mean_difference(&photo, &painted) > 0.05);
}

#[test]
fn pictures_serve_as_styles_and_weights_mix_them() {
    let folder = folder();
    let input = small(folder.path());
    let ink = crate::common::example("styles/ink.png");
    let ink = ink.to_str().unwrap();
    let painted = |styles: &[&str]| {
        let out = folder.path().join("out.png");
        let mut command = impasto();
        command.arg("paint").arg(&input).arg("--out").arg(&out);
        styles.iter().for_each(|style| _ = command.args(["--style", style]));
        run(&mut command).silently();
        file::read(&out).unwrap()
    };
    let picture = painted(&[ink]);
    assert!(most_difference(&picture, &painted(&["ink"])) < 0.02);
    let other = painted(&["great-wave"]);
    let [first, mixed] = [["1", "0"], ["0.5", "0.5"]]
        .map(|[a, b]| painted(&[&format!("{ink}:{a}"), &format!("great-wave:{b}")]));
    assert!(most_difference(&first, &picture) < 0.01);
    assert!(mean_difference(&mixed, &picture) > 0.02 && mean_difference(&mixed, &other) > 0.02);
}

#[test]
fn one_bad_picture_among_several_does_not_stop_the_others() {
    let folder = folder();
    let first = small(folder.path());
    let corrupt = folder.path().join("corrupt.png");
    fs::write(&corrupt, &fs::read(&first).unwrap()[..500]).unwrap();
    let last = folder.path().join("last.png");
    saved(&drawn(90, 70, RGB_U8, scene), &last);
    let out = folder.path().join("new/out");
    let mut command = impasto();
    command.arg("paint").args([&first, &corrupt, &last]).args(["--style", "ink", "--json"]);
    let ran = run(command.arg("--out-dir").arg(&out));
    let ran = ran.failed_with(1, &["corrupt.png", "1 of 3"]);
    assert_eq!(names(&out), ["last.png", "small.png"]);
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let pictures = report["pictures"].as_array().unwrap();
    assert_eq!(pictures.len(), 3);
    assert!(pictures[1]["error"].as_str().unwrap().contains("corrupt.png"));
    assert!(pictures[2]["error"].is_null());
}

/// `impasto paint folder/* --out-dir out` takes in what lies beside the pictures.
#[test]
fn what_is_no_picture_among_several_does_not_stop_the_others() {
    let folder = folder();
    let first = small(folder.path());
    let text = folder.path().join("notes.txt");
    fs::write(&text, "about the pictures").unwrap();
    let below = folder.path().join("below");
    fs::create_dir(&below).unwrap();
    let out = folder.path().join("out");
    let mut command = impasto();
    command.arg("paint").args([&below, &text, &first]).args(["--style", "ink", "--json"]);
    let ran = run(command.arg("--out-dir").arg(&out));
    let words = ["below' to --out-dir: it is a folder", "notes.txt' to --out-dir", "2 of 3"];
    let ran = ran.failed_with(1, &words);
    assert_eq!(names(&out), ["small.png"]);
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(report["pictures"].as_array().unwrap().len(), 3);
}

/// A name in Latin-1, as old archives have them.
#[cfg(unix)]
#[test]
fn names_that_are_no_unicode_are_painted() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder();
    let odd = |ending: &str| {
        let name = [b"caf\xe9".as_slice(), ending.as_bytes()].concat();
        folder.path().join(std::ffi::OsStr::from_bytes(&name))
    };
    fs::rename(small(folder.path()), odd(".png")).unwrap();
    let out = folder.path().join("out");
    let ran = run(paint(odd(".png"), "ink").args(["--json", "--out-dir"]).arg(&out)).silently();
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert!(report["pictures"][0]["input"].as_str().unwrap().ends_with("caf\u{fffd}.png"));
    assert!(out.join(odd(".png").file_name().unwrap()).exists());
    run(paint(odd(".png"), "ink").arg("--out").arg(odd("-2.png"))).silently();
    assert!(odd("-2.png").exists());
}

/// Linux's device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_painting_that_finds_no_room_is_kept_elsewhere() {
    let folder = folder();
    let input = small(folder.path());
    let full = folder.path().join("full.png");
    std::os::unix::fs::symlink("/dev/full", &full).unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let mut command = paint(&input, "ink");
    let ran = run(command.arg("--out").arg(&full).current_dir(&elsewhere));
    ran.failed_with(1, &["kept as", "full-kept-1.png", "cannot write"]);
    let kept = file::read(&elsewhere.join("full-kept-1.png")).unwrap();
    assert_eq!((kept.width(), kept.height()), (160, 120));
}

#[test]
fn the_report_for_programs_says_what_was_done() {
    let folder = folder();
    let input = small(folder.path());
    let out = folder.path().join("out.png");
    let ran = run(paint(&input, "ink").args(["--json", "--out"]).arg(&out)).silently();
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert!(report["style_seconds"].as_f64().unwrap() >= 0.0);
    assert!(report["peak_memory_bytes"].as_u64().unwrap() > 10_000_000);
    let picture = &report["pictures"][0];
    assert_eq!(picture["input"].as_str(), input.to_str());
    assert_eq!(picture["output"].as_str(), out.to_str());
    assert_eq!(picture["size"], serde_json::json!([160, 120]));
    assert_eq!(picture["device"], "cpu");
    assert_eq!(picture["tiles"], 1);
    assert_eq!(picture["notes"], serde_json::json!([]));
    let seconds = |phase: &str| picture["seconds"][phase].as_f64().unwrap();
    let phases = ["read", "statistics", "network", "pixels", "write"];
    let sum: f64 = phases.map(seconds).iter().sum();
    assert!(seconds("network") > 0.0);
    assert!(sum <= seconds("total") * 1.01 + 1e-3, "{picture}");
}

#[test]
fn a_mask_of_any_size_says_where_to_paint() {
    let folder = folder();
    let input = small(folder.path());
    let mask = folder.path().join("mask.png");
    saved(
        &drawn(80, 60, RGB_U8, |x, _| if x < 40 { [0.0, 0.0, 0.0, 1.0] } else { [1.0; 4] }),
        &mask,
    );
    let out = folder.path().join("out.png");
    run(paint(&input, "ink").arg("--mask").arg(&mask).arg("--out").arg(&out)).silently();
    let [before, after] = [&input, &out].map(|path| pixels(&file::read(path).unwrap()));
    let changed = |columns: std::ops::Range<usize>| {
        let pairs = before.iter().zip(&after).enumerate();
        pairs.filter(|(k, (a, b))| columns.contains(&(k % 160)) && a != b).count()
    };
    // The scaled mask is soft where black meets white.
    assert_eq!(changed(0..76), 0);
    assert!(changed(84..160) > 70 * 120, "{}", changed(84..160));

    fs::write(&mask, "no picture").unwrap();
    let again = run(paint(&input, "ink").arg("--mask").arg(&mask).arg("--out").arg(&out));
    again.failed_with(1, &["mask.png"]);
}

#[test]
fn settings_reach_the_painting() {
    let folder = folder();
    let input = small(folder.path());
    let painted = |arguments: &[&str]| {
        let out = folder.path().join("out.png");
        run(paint(&input, "the-scream").args(arguments).arg("--out").arg(&out)).silently();
        file::read(&out).unwrap()
    };
    let original = file::read(&input).unwrap();
    let plain = painted(&[]);
    assert!(painted(&["--opacity", "0"]).data() == original.data());
    for arguments in [
        ["--strength", "0"],
        ["--grain", "1"],
        ["--brush-size", "2"],
        ["--turbulence", "1"],
        ["--seed", "7"],
        ["--opacity", "0.5"],
        ["--keep-color", "match"],
    ] {
        assert!(mean_difference(&painted(&arguments), &plain) > 0.004, "{arguments:?}");
    }
    let kept = pixels(&painted(&["--keep-color", "luminance"]));
    let off = pixels(&plain).into_iter().zip(kept).map(|(a, b)| (luma(a) - luma(b)).abs());
    assert!(off.fold(0.0, f32::max) < 2.0 / 255.0);
    assert!(mean_difference(&painted(&["--keep-color", "luminance"]), &plain) > 0.02);
}

#[test]
fn a_gray_photograph_is_painted_in_colour() {
    use impasto::image::{Channels, PixelFormat, SampleType};
    let folder = folder();
    let input = folder.path().join("gray.png");
    saved(&drawn(100, 80, PixelFormat::new(Channels::Gray, SampleType::U8), scene), &input);
    let out = folder.path().join("out.png");
    run(paint(&input, "the-scream").arg("--out").arg(&out)).silently();
    let painted = file::read(&out).unwrap();
    assert_eq!(painted.format().channels, Channels::Rgb);
    assert!(pixels(&painted).iter().any(|p| (p[0] - p[2]).abs() > 0.1));
}

#[test]
fn a_memory_limit_is_kept_or_explained() {
    let folder = folder();
    let input = folder.path().join("big.png");
    saved(&drawn(3000, 2000, RGB_U8, scene), &input);
    let out = folder.path().join("out.png");
    let limited = |limit: &str| {
        let mut command = paint(&input, "ink");
        run(command.args(["--json", "--memory", limit, "--out"]).arg(&out))
    };
    for limit in ["200M", "400M"] {
        let ran = limited(limit);
        if ran.code == Some(0) {
            let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
            let peak = report["peak_memory_bytes"].as_u64().unwrap();
            let megabytes: u64 = limit[..3].parse().unwrap();
            println!("{limit}: peak {} MiB, {} tiles", peak >> 20, report["pictures"][0]["tiles"]);
            assert!(peak <= megabytes << 20, "{limit}: peak {} MiB", peak >> 20);
            assert!(report["pictures"][0]["tiles"].as_u64().unwrap() > 1);
            fs::remove_file(&out).unwrap();
        } else {
            println!("{limit}: {}", ran.stderr);
            ran.failed_with(1, &["3000x2000", "allow"]);
            assert!(!out.exists());
        }
    }
    limited("30M").failed_with(1, &["3000x2000", "30 MiB", "allow"]);
    assert_eq!(names(folder.path()), ["big.png"]);
}

#[test]
fn what_cannot_be_written_is_told_and_leaves_nothing() {
    let folder = folder();
    let input = small(folder.path());
    let nowhere = folder.path().join("nowhere/out.png");
    run(paint(&input, "ink").arg("--out").arg(&nowhere)).failed_with(1, &["nowhere"]);
    assert!(!nowhere.parent().unwrap().exists());
    let in_the_way = folder.path().join("file");
    fs::write(&in_the_way, "mine").unwrap();
    let below = in_the_way.join("out");
    run(paint(&input, "ink").arg("--out-dir").arg(&below)).failed_with(1, &["file"]);
    run(paint(&input, "ink").arg("--out").arg(below.with_extension("png")))
        .failed_with(1, &["file"]);
    assert_eq!(fs::read_to_string(&in_the_way).unwrap(), "mine");
    assert_eq!(names(folder.path()), ["file", "small.png"]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_told() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().unwrap();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
    let input = small(folder.path());
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    mode(&closed, 0o555).unwrap();
    mode(folder.path(), 0o755).unwrap();
    mode(&input, 0o644).unwrap();
    // Root may write anywhere, so the program runs as nobody, with copies that nobody can reach.
    let program = folder.path().join("impasto");
    fs::copy(env!("CARGO_BIN_EXE_impasto"), &program).unwrap();
    let models = folder.path().join("models");
    fs::create_dir_all(models.join("styles")).unwrap();
    let shipped = crate::common::root().join("models");
    for name in ["manifest.toml", "render.onnx", "stylize.onnx", "styles/ink.toml"] {
        fs::write(models.join(name), fs::read(shipped.join(name)).unwrap()).unwrap();
    }
    let library = folder.path().join("libonnxruntime.so");
    fs::copy(crate::common::library(), &library).unwrap();
    mode(&library, 0o644).unwrap();
    let mut command = std::process::Command::new(&program);
    command.env("IMPASTO_MODELS", &models).env("IMPASTO_ONNXRUNTIME", &library);
    command.env("HOME", folder.path()).arg("paint").arg(&input).args(["--style", "ink", "--out"]);
    command.arg(closed.join("out.png"));
    if crate::common::may_everything() {
        command.uid(65534).gid(65534);
    }
    run(&mut command).failed_with(1, &["closed", "not writable"]);
    assert!(names(&closed).is_empty());
}

#[test]
fn an_existing_file_is_replaced_only_by_a_whole_one() {
    let folder = folder();
    let input = small(folder.path());
    let out = folder.path().join("out.png");
    fs::write(&out, "the old one").unwrap();
    let corrupt = folder.path().join("corrupt.png");
    fs::write(&corrupt, &fs::read(&input).unwrap()[..800]).unwrap();
    run(paint(&corrupt, "ink").arg("--out").arg(&out)).failed_with(1, &["corrupt.png"]);
    assert_eq!(fs::read_to_string(&out).unwrap(), "the old one");
    run(paint(&input, "ink").arg("--out").arg(&out)).silently();
    assert_eq!(file::read(&out).unwrap().width(), 160);
    assert_eq!(names(folder.path()), ["corrupt.png", "out.png", "small.png"]);
}
