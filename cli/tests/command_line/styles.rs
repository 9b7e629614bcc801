//! `impasto styles`.

use std::path::Path;
use std::process::Command;

use impasto::fast::Style;
use impasto::file;
use serde_json::Value;

use crate::common::pictures::pixels;
use crate::common::program::{impasto, run};
use crate::common::{example, root};
use crate::{folder, names, paint};

/// The program with a home of its own.
fn at_home(home: &Path) -> Command {
    let mut command = impasto();
    command.env("HOME", home).env("XDG_DATA_HOME", home).env("XDG_CACHE_HOME", home.join("cache"));
    command.arg("styles");
    command
}

fn listed(home: &Path) -> Vec<Value> {
    let ran = run(at_home(home).arg("--json")).silently();
    serde_json::from_slice(&ran.stdout).unwrap()
}

#[test]
fn the_ten_shipped_styles_are_listed_with_their_painters() {
    let home = folder();
    let text = run(&mut at_home(home.path())).silently().text();
    assert_eq!(text.lines().count(), 10, "{text}");
    assert!(text.lines().any(|line| line.starts_with("great-wave") && line.contains("Hokusai")));
    let styles = listed(home.path());
    assert_eq!(styles.len(), 10);
    for style in styles {
        assert!(!style["title"].as_str().unwrap().is_empty(), "{style}");
        assert_eq!(style["own"], false);
        let thumbnail = file::read(Path::new(style["thumbnail"].as_str().unwrap())).unwrap();
        assert!(thumbnail.width().max(thumbnail.height()) <= 256);
    }
}

#[test]
fn a_style_of_ones_own_is_added_used_replaced_and_removed() {
    let home = folder();
    let add = |picture: &str, title: &str| {
        let mut command = at_home(home.path());
        command.arg("add").arg(example(picture)).args(["--name", "my-wood", "--title", title]);
        run(&mut command).silently()
    };
    let file = add("styles/woodcut.png", "Knots").text();
    let file = Path::new(file.trim());
    assert!(file.starts_with(home.path()) && file.ends_with("my-wood.toml"), "{file:?}");
    let first = Style::from_file(file).unwrap();
    assert_eq!((first.name.as_str(), first.title.as_str()), ("my-wood", "Knots"));
    let own: Vec<_> = listed(home.path()).into_iter().filter(|s| s["own"] == true).collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["name"], "my-wood");
    let thumbnail = file::read(Path::new(own[0]["thumbnail"].as_str().unwrap())).unwrap();
    assert_eq!(thumbnail.width(), 256);
    let text = run(&mut at_home(home.path())).silently().text();
    assert!(text.contains("my-wood") && text.contains("(yours)"), "{text}");

    let out = home.path().join("out.png");
    let mut command = paint(example("photo.png"), "my-wood");
    run(command.env("HOME", home.path()).env("XDG_DATA_HOME", home.path()).arg("--out").arg(&out))
        .silently();
    assert!(out.exists());

    let statistics = file.with_extension("safetensors");
    let of_wood = std::fs::read(&statistics).unwrap();
    let optimized = |out: &Path| {
        let mut command = paint(example("photo.png"), "my-wood");
        command.env("HOME", home.path()).env("XDG_DATA_HOME", home.path());
        command.args(["--method", "optimize", "--schedule", "64:2"]).arg("--out").arg(out);
        run(&mut command)
    };
    let out = home.path().join("optimized.png");
    optimized(&out).silently();
    assert!(out.exists());

    add("styles/ink.png", "Ink");
    assert!(std::fs::read(&statistics).unwrap() != of_wood);
    let second = Style::from_file(file).unwrap();
    assert!(second.title == "Ink" && second.code != first.code);
    assert_eq!(listed(home.path()).len(), 11);

    std::fs::write(&statistics, &of_wood[..of_wood.len() / 2]).unwrap();
    let words = ["'my-wood'", "truncated", "add the style again"];
    optimized(&home.path().join("not.png")).failed_with(1, &words);
    std::fs::remove_file(&statistics).unwrap();
    optimized(&home.path().join("not.png")).failed_with(1, &["'my-wood'", "add the style again"]);

    run(at_home(home.path()).args(["remove", "my-wood"])).silently();
    assert_eq!(listed(home.path()).len(), 10);
    assert!(names(file.parent().unwrap()).is_empty());
    run(at_home(home.path()).args(["remove", "my-wood"])).failed_with(1, &["'my-wood'"]);
}

#[test]
fn a_shipped_style_can_be_covered_but_not_removed() {
    let home = folder();
    run(at_home(home.path()).args(["remove", "ink"])).failed_with(1, &["'ink'"]);
    assert!(root().join("models/styles/ink.toml").is_file());
}

#[test]
fn names_that_are_paths_are_refused() {
    let home = folder();
    for name in ["../up", "a/b", "a.b", "", "a b", "."] {
        let mut command = at_home(home.path());
        command.arg("add").arg(example("styles/ink.png")).arg(format!("--name={name}"));
        run(&mut command).failed_with(2, &["letters, digits"]);
        run(at_home(home.path()).args(["remove", name])).failed_with(2, &["letters, digits"]);
    }
    assert!(!home.path().join("impasto/styles").exists());
}

#[cfg(unix)]
#[test]
fn an_added_style_may_be_read_by_others_as_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let home = folder();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let usual = home.path().join("usual");
    std::fs::write(&usual, "").unwrap();
    let shared = home.path().join("shared");
    let mut command = at_home(home.path());
    command.arg("add").arg(example("styles/ink.png")).args(["--name", "ours", "--folder"]);
    run(command.arg(&shared)).silently();
    for name in names(&shared) {
        let file = shared.join(name);
        assert_eq!(mode(&file), mode(&usual), "{file:?}: {:o}", mode(&file));
    }
}

#[test]
fn a_sheet_shows_every_style_on_one_picture() {
    let home = folder();
    let out = home.path().join("sheet.png");
    let input = home.path().join("small.png");
    let small = file::read(&example("photo.png")).unwrap().reduced(96, 64).unwrap();
    file::write(&small, &input, &file::WriteOptions::default()).unwrap();
    let ran = run(at_home(home.path()).arg("--sheet").arg(&input).arg("--out").arg(&out));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let sheet = file::read(&out).unwrap();
    // Ten pictures in rows of four, eight pixels of white between them.
    assert_eq!((sheet.width(), sheet.height()), (8 + 4 * 104, 8 + 3 * 72));
    let pixels = pixels(&sheet);
    let cell = |k: u32| {
        let (left, top) = (8 + k % 4 * 104, 8 + k / 4 * 72);
        let rows = top..top + 64;
        rows.flat_map(|y| &pixels[(y * sheet.width() + left) as usize..][..96]).collect::<Vec<_>>()
    };
    for k in 0..10 {
        assert!(cell(k).iter().any(|pixel| pixel[0] < 0.9), "cell {k} is empty");
        assert!((0..k).all(|other| cell(other) != cell(k)), "cell {k} is another's");
    }
    assert!(cell(10).iter().all(|pixel| pixel[..3] == [1.0; 3]));
}
