//! Help, and command lines that are wrong.

use std::fs;
use std::path::Path;

use impasto::settings::SETTINGS;

use crate::common::example;
use crate::common::program::{impasto, run};
use crate::{folder, names, paint};

#[test]
fn help_lists_commands_and_every_setting() {
    let help = |arguments: &[&str]| run(impasto().args(arguments)).silently().text();
    let overview = help(&["--help"]);
    for command in ["paint", "styles", "settings", "graph", "models", "devices"] {
        assert!(overview.contains(command), "{command}");
        let text = help(&[command, "--help"]);
        assert!(text.contains("Usage") && text.contains("--runtime"), "{text}");
    }
    let text = help(&["paint", "--help"]);
    for setting in SETTINGS {
        assert!(text.contains(&format!("--{} <", setting.name)), "{}", setting.name);
    }
    for action in ["add", "remove"] {
        assert!(help(&["styles", action, "--help"]).contains("Usage"));
    }
    assert!(help(&["--version"]).contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_command_lines_end_with_2_and_usage() {
    let photo = example("photo.png");
    let photo = photo.to_str().unwrap();
    for arguments in [
        &["paints"][..],
        &["paint", photo],
        &["paint", photo, "--style", "ink"],
        &["paint", "--style", "ink", "--out", "x.png"],
        &["paint", photo, "--style", "ink", "--out", "x.png", "--out-dir", "y"],
        &["paint", photo, "--style", "ink", "--out", "x.jpg", "--quality", "0"],
        &["paint", photo, "--style", "ink", "--out", "x.png", "--colour", "red"],
        &["paint", photo, "--style", "ink", "--out", "x.png", "--device", "tpu"],
        &["paint", photo, "--style", "ink", "--out", "x.png", "--threads", "0"],
        &["paint", photo, "--style", "ink", "--out", "x.png", "--network-order", "bgr"],
        &["styles", "add", photo],
    ] {
        let ran = run(impasto().args(arguments));
        assert!(ran.stdout.is_empty());
        ran.failed_with(2, &["error"]);
    }
}

#[test]
fn options_of_other_programs_and_a_missing_style_are_answered() {
    let photo = example("photo.png");
    let photo = photo.to_str().unwrap();
    for (arguments, words) in [
        (&["--style", "ink", "--original-colors"][..], "--keep-color luminance"),
        (&["--style", "ink", "--original_colors=1"], "--keep-color luminance"),
        (&["--style-image", "ink"], "--style"),
        (&[], "`impasto styles`"),
    ] {
        let mut command = impasto();
        command.args(["paint", photo, "--out", "x.png"]).args(arguments);
        run(&mut command).failed_with(2, &[words]);
    }
}

#[test]
fn amounts_of_memory_that_make_no_sense_are_refused() {
    for amount in ["", "much", "-1G", "0", "0M", "1X", "nan", "inf", "1e999G", "G", "1 2M"] {
        let folder = folder();
        let mut command = paint(example("photo.png"), "ink");
        let memory = format!("--memory={amount}");
        command.arg(memory).arg("--out").arg(folder.path().join("x.png"));
        run(&mut command).failed_with(2, &["--memory"]);
        assert!(names(folder.path()).is_empty());
    }
}

#[test]
fn settings_out_of_range_are_refused_with_the_range() {
    let folder = folder();
    for (name, value, words) in [
        ("--strength", "1.5", "from 0 to 1"),
        ("--strength", "-0.1", "from 0 to 1"),
        ("--opacity", "nan", "from 0 to 1"),
        ("--brush-size", "33", "from 0.25 to 32, or 0: follows the picture"),
        ("--seed", "1.5", "seed"),
        ("--keep-color", "all", "none, luminance, match"),
    ] {
        let mut command = paint(example("photo.png"), "ink");
        command.args([name, value, "--out"]).arg(folder.path().join("x.png"));
        let ran = run(&mut command);
        assert!(ran.code == Some(1) || ran.code == Some(2), "{:?}", ran.code);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    assert!(names(folder.path()).is_empty());
}

#[test]
fn an_unknown_style_lists_the_known_ones() {
    let folder = folder();
    let out = folder.path().join("x.png");
    let ran = run(paint(example("photo.png"), "gerat-wave").arg("--out").arg(&out));
    ran.failed_with(1, &["'gerat-wave'", "great-wave", "mosaic", "starry-night"]);
    let ran = run(paint(example("photo.png"), "no/picture.jpg").arg("--out").arg(&out));
    ran.failed_with(1, &["no/picture.jpg", "no such file"]);
    let ran = run(paint(example("photo.png"), "../ink").arg("--out").arg(&out));
    ran.failed_with(1, &["../ink"]);
    let ran = run(paint(example("photo.png"), "great-wave:0,7").arg("--out").arg(&out));
    ran.failed_with(1, &["weight", "'great-wave'", "0.7"]);
    let photo = example("photo.png");
    let weights = ["ink:0", "mosaic:0"].map(|style| format!("--style={style}"));
    let mut command = impasto();
    command.arg("paint").arg(photo).args(weights).arg("--out").arg(&out);
    run(&mut command).failed_with(2, &["weights"]);
    assert!(names(folder.path()).is_empty());
}

#[test]
fn an_unknown_ending_is_refused_before_the_work() {
    let folder = folder();
    let missing = folder.path().join("not looked for.png");
    for name in ["x.gif", "x", "x.png.txt"] {
        let ran = run(paint(&missing, "ink").arg("--out").arg(folder.path().join(name)));
        assert!(!ran.stderr.contains("not looked for"), "{}", ran.stderr);
        ran.failed_with(2, &[name, ".png", ".jpg", ".exr"]);
    }
    for (name, program) in [
        ("x.jxl", "cjxl"),
        ("x.avif", "avifenc"),
        ("x.HEIC", "heif-enc"),
        ("x.jp2", "opj_compress"),
    ] {
        let ran = run(paint(&missing, "ink").arg("--out").arg(folder.path().join(name)));
        ran.failed_with(2, &[name, program]);
    }
}

#[test]
fn an_unknown_ending_in_a_folder_of_outputs_is_refused_before_the_work() {
    let folder = folder();
    let odd = folder.path().join("photo.dat");
    fs::copy(example("photo.png"), &odd).unwrap();
    let out = folder.path().join("out");
    let ran = run(paint(&odd, "no-such-style").arg("--out-dir").arg(&out));
    assert!(!ran.stderr.contains("no-such-style"), "{}", ran.stderr);
    ran.failed_with(2, &["photo.dat", ".png"]);
}

#[test]
fn inputs_that_are_no_pictures_are_told() {
    let folder = folder();
    let out = folder.path().join("x.png");
    let text = folder.path().join("text.png");
    fs::write(&text, "no picture").unwrap();
    let missing = folder.path().join("missing.png");
    let sub = folder.path().join("sub.png");
    fs::create_dir(&sub).unwrap();
    for input in [text, missing, sub] {
        let name = input.file_name().unwrap().to_str().unwrap();
        run(paint(&input, "ink").arg("--out").arg(&out)).failed_with(1, &[name]);
    }
    assert!(!out.exists());
}

#[test]
fn outputs_that_would_meet_are_refused() {
    let folder = folder();
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    for sub in [&a, &b] {
        fs::create_dir(sub).unwrap();
        fs::copy(example("photo.png"), sub.join("photo.png")).unwrap();
    }
    let out = folder.path().join("out");
    let inputs = [a.join("photo.png"), b.join("photo.png")];
    let several = || {
        let mut command = impasto();
        command.arg("paint").args(&inputs).args(["--style", "ink"]);
        command
    };
    run(several().arg("--out-dir").arg(&out)).failed_with(2, &["two pictures", "photo.png"]);
    run(several().arg("--out").arg(folder.path().join("x.png"))).failed_with(2, &["--out-dir"]);
    let before = fs::read(&inputs[0]).unwrap();
    run(paint(&inputs[0], "ink").arg("--out-dir").arg(&a)).failed_with(2, &["folder"]);
    assert!(fs::read(&inputs[0]).unwrap() == before);
}

/// Told before anything is read: neither the photograph nor the style is there.
#[test]
fn what_cannot_be_written_is_told_before_the_work() {
    let folder = folder();
    let missing = folder.path().join("missing.png");
    let nowhere = folder.path().join("nowhere");
    let out = folder.path().join("out.png");
    let refused = |arguments: &[&str], file: &Path| {
        let ran = run(paint(&missing, "no-such-style").args(arguments).arg(file));
        assert!(!ran.stderr.contains("missing.png"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("no-such-style"), "{}", ran.stderr);
        ran.failed_with(1, &["cannot write", "nowhere", "no such folder"]);
    };
    refused(&["--out"], &nowhere.join("out.png"));
    let out = out.to_str().unwrap();
    let long = ["--method", "optimize", "--out", out];
    refused(&[&long[..], &["--preview"]].concat(), &nowhere.join("preview.png"));
    refused(&[&long[..], &["--checkpoint"]].concat(), &nowhere.join("state"));
    assert!(names(folder.path()).is_empty());
    let mut graph = impasto();
    graph.args(["graph", "--features", "no-such-network", "--out"]);
    run(graph.arg(nowhere.join("step.onnx"))).failed_with(1, &["nowhere", "no such folder"]);
    let mut sheet = impasto();
    sheet.args(["styles", "--sheet"]).arg(&missing).arg("--out").arg(nowhere.join("sheet.png"));
    run(&mut sheet).failed_with(1, &["nowhere", "no such folder"]);
}

/// One of several outputs has a folder in its way: none of the pictures is read.
#[test]
fn an_output_below_a_folder_that_cannot_be_written_is_told_before_the_work() {
    let folder = folder();
    let out = folder.path().join("out");
    fs::create_dir_all(out.join("second.png")).unwrap();
    let mut command = impasto();
    command.arg("paint").args(["first.png", "second.png"].map(|name| folder.path().join(name)));
    command.args(["--style", "no-such-style", "--out-dir"]).arg(&out);
    let ran = run(&mut command);
    assert!(!ran.stderr.contains("first.png"), "{}", ran.stderr);
    ran.failed_with(1, &["cannot write", "second.png", "there is a folder of this name"]);
    assert_eq!(names(&out), ["second.png"]);
}
