//! Networks that are missing, damaged or wrongly described.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::program::{impasto, run};
use common::{example, root, scratch};
use impasto::models::Models;
use impasto::{Engine, EngineOptions, ErrorKind};
use tempfile::TempDir;

/// The shipped networks, each a file of its own, to be damaged.
fn copied() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let models = folder.path().join("networks");
    copy(&root().join("models"), &models);
    (folder, models)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (from, to) = {
            let entry = entry.unwrap();
            (entry.path(), to.join(entry.file_name()))
        };
        if from.is_dir() {
            copy(&from, &to);
        } else {
            // Not copied: the shipped files may be write-protected.
            fs::write(to, fs::read(from).unwrap()).unwrap();
        }
    }
}

/// The list, a painting and the library all refuse the folder, and say why.
fn assert_refused(models: &Path, words: &[&str]) {
    assert_painting_refused(models, words);
    run(impasto().arg("models").arg("--models").arg(models)).failed_with(1, words);
    run(impasto().arg("models").env("IMPASTO_MODELS", models)).failed_with(1, words);
    let engine =
        Engine::new(EngineOptions { models: Some(models.to_owned()), ..EngineOptions::default() });
    let error = engine.prepare().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Model);
    for word in words {
        assert!(error.full_message().contains(word), "{}", error.full_message());
    }
}

fn assert_painting_refused(models: &Path, words: &[&str]) {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let out = folder.path().join("out.png");
    let mut command = impasto();
    command.arg("paint").arg(example("photo.png")).args(["--style", "ink", "--out"]).arg(&out);
    run(command.arg("--models").arg(models)).failed_with(1, words);
    assert!(!out.exists());
}

#[test]
fn whole_networks_are_whole() {
    let (_folder, models) = copied();
    let ran = run(impasto().arg("models").arg("--models").arg(&models)).silently();
    for name in ["style.onnx", "stylize.onnx", "render.onnx"] {
        let line = ran.text().lines().find(|line| line.contains(name)).unwrap().to_owned();
        assert!(line.ends_with("whole"), "{line}");
    }
    let opened = Models::open(Some(&models)).unwrap();
    for description in opened.descriptions() {
        let bytes = opened.load(&description.name).unwrap();
        assert!(bytes == fs::read(models.join(&description.file)).unwrap());
    }
}

#[test]
fn a_truncated_network_is_refused_by_name() {
    let (_folder, models) = copied();
    let file = models.join("render.onnx");
    let bytes = fs::read(&file).unwrap();
    for length in [bytes.len() - 1, 1000, 0] {
        fs::write(&file, &bytes[..length]).unwrap();
        assert_refused(&models, &[file.to_str().unwrap(), "truncated"]);
        let error = Models::open(Some(&models)).unwrap().load("render").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Model);
    }
}

#[test]
fn one_altered_byte_is_noticed() {
    let (_folder, models) = copied();
    for name in ["render.onnx", "stylize.onnx"] {
        let file = models.join(name);
        let whole = fs::read(&file).unwrap();
        let mut bytes = whole.clone();
        bytes[whole.len() / 2] ^= 1;
        fs::write(&file, &bytes).unwrap();
        assert_refused(&models, &[file.to_str().unwrap(), "altered"]);
        fs::write(&file, &whole).unwrap();
    }
}

#[test]
fn an_altered_network_for_styles_is_noticed_when_a_style_is_taken() {
    let (_folder, models) = copied();
    let file = models.join("style.onnx");
    let mut bytes = fs::read(&file).unwrap();
    bytes[12345] ^= 0x80;
    fs::write(&file, &bytes).unwrap();
    let words = [file.to_str().unwrap(), "altered"];
    run(impasto().arg("models").arg("--models").arg(&models)).failed_with(1, &words);
    let out = models.join("out.png");
    let cache = tempfile::tempdir_in(scratch()).unwrap();
    let mut command = impasto();
    command.env("XDG_CACHE_HOME", cache.path()).env("HOME", cache.path());
    command.arg("paint").arg(example("photo.png")).arg("--style");
    command.arg(example("styles/ink.png")).arg("--out").arg(&out).arg("--models").arg(&models);
    run(&mut command).failed_with(1, &words);
    assert!(!out.exists());
}

#[test]
fn without_the_network_for_styles_an_optimised_painting_is_only_enlarged() {
    let (_folder, models) = copied();
    fs::remove_file(models.join("style.onnx")).unwrap();
    let out = models.join("out.png");
    let cache = tempfile::tempdir_in(scratch()).unwrap();
    let mut command = impasto();
    command.env("XDG_CACHE_HOME", cache.path()).env("HOME", cache.path());
    command.arg("paint").arg(example("photo.png")).arg("--style").arg(example("styles/ink.png"));
    command.args(["--method", "optimize", "--schedule", "32:2", "--out"]).arg(&out);
    let ran = run(command.arg("--models").arg(&models));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    for words in ["only be enlarged", "style.onnx"] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    assert!(out.exists());
}

#[test]
fn another_file_under_the_name_is_refused() {
    let (_folder, models) = copied();
    let file = models.join("render.onnx");
    fs::copy(models.join("stylize.onnx"), &file).unwrap();
    assert_refused(&models, &[file.to_str().unwrap(), "another file"]);
    fs::write(&file, "a letter").unwrap();
    assert_refused(&models, &[file.to_str().unwrap(), "another file"]);
}

#[test]
fn a_network_of_another_kind_is_refused_even_if_its_manifest_vouches_for_it() {
    let (_folder, models) = copied();
    let manifest = models.join("manifest.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let described = Models::open(Some(&models)).unwrap();
    let [render, style] = ["render", "style"].map(|name| described.sha256(name).unwrap());
    fs::copy(models.join("style.onnx"), models.join("render.onnx")).unwrap();
    fs::write(&manifest, text.replace(render, style)).unwrap();
    assert_painting_refused(&models, &["cannot", "render"]);
}

#[test]
fn a_missing_network_is_told_by_name() {
    let (_folder, models) = copied();
    let file = models.join("stylize.onnx");
    fs::remove_file(&file).unwrap();
    assert_refused(&models, &[file.to_str().unwrap()]);
    fs::create_dir(&file).unwrap();
    assert_refused(&models, &[file.to_str().unwrap()]);
}

#[test]
fn a_manifest_with_a_field_that_nobody_knows_is_refused() {
    let (_folder, models) = copied();
    let manifest = models.join("manifest.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let damages = [
        (text.replacen("size_multiple", "size_multiples", 1), "size_multiples"),
        (format!("colour = \"red\"\n{text}"), "colour"),
        (text.replacen("task = \"", "task = \"un", 1), "unstyle-code"),
        (text.replacen("sha256 = ", "# ", 1), "sha256"),
        (text[..text.len() / 2].to_owned(), ""),
        (String::new(), "network"),
    ];
    for (damaged, word) in damages {
        fs::write(&manifest, damaged).unwrap();
        assert_refused(&models, &[manifest.to_str().unwrap(), word]);
        let error = Models::open(Some(&models)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Model);
    }
}

#[test]
fn a_network_that_the_manifest_leaves_out_is_told() {
    let (_folder, models) = copied();
    let manifest = models.join("manifest.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("name = \"render\"", "name = \"other\"")).unwrap();
    assert_painting_refused(&models, &["'render'", manifest.to_str().unwrap()]);
}

#[test]
fn a_missing_manifest_is_told_with_the_cure() {
    let (_folder, models) = copied();
    fs::remove_file(models.join("manifest.toml")).unwrap();
    let words = ["manifest.toml", models.to_str().unwrap(), "option models_path", "IMPASTO_MODELS"];
    assert_refused(&models, &words);
    assert_refused(&models.join("nowhere"), &["nowhere", "option models_path", "IMPASTO_MODELS"]);
    run(impasto().arg("models").arg("--models").arg(&models)).failed_with(1, &["--models FOLDER"]);
}

#[test]
fn one_damaged_shipped_style_does_not_hide_the_others() {
    let (_folder, models) = copied();
    fs::write(models.join("styles/ink.toml"), "name = 3").unwrap();
    let ran = run(impasto().arg("styles").arg("--models").arg(&models));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("ink.toml"), "{}", ran.stderr);
    assert!(ran.text().contains("great-wave") && !ran.text().contains("ink"), "{}", ran.text());
    assert_painting_refused(&models, &["ink.toml"]);
}
