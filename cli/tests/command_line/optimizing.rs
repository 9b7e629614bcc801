//! `impasto paint --method optimize`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use impasto::file::{self, WriteOptions};
use serde_json::Value;

use crate::common::pictures::{RGB_U8, drawn, mean_difference, photo_part};
use crate::common::program::{impasto, run};
use crate::common::{example, root};
use crate::{folder, names, paint};

/// Layers whose graphs load and run in no time.
const SHALLOW: [&str; 4] =
    ["--content-layers", "block2_conv2", "--style-layers", "block1_conv1,block2_conv1"];

fn photo(folder: &Path) -> PathBuf {
    let path = folder.join("photo.png");
    let photo = photo_part(150, 100, 64, 48);
    let photo = photo.converted(RGB_U8, photo.color_space().clone()).unwrap();
    file::write(&photo, &path, &WriteOptions::default()).unwrap();
    path
}

/// `impasto paint INPUT --style ink.png --method optimize ...`, with shallow layers.
fn optimize(input: &Path) -> Command {
    let mut command = paint(input, example("styles/ink.png").to_str().unwrap());
    command.args(["--method", "optimize"]).args(SHALLOW);
    command
}

fn report(stdout: &[u8]) -> Value {
    serde_json::from_slice::<Value>(stdout).unwrap()["pictures"][0].clone()
}

#[test]
fn a_photograph_is_optimised_and_reported() {
    let folder = folder();
    let input = photo(folder.path());
    let (out, preview) = (folder.path().join("out.png"), folder.path().join("preview.jpg"));
    let mut command = optimize(&input);
    command.args(["--schedule", "48:3,64:4", "--style-weight", "100", "--json"]);
    command.args(["--preview-every", "2", "--preview"]).arg(&preview).arg("--out").arg(&out);
    let ran = run(&mut command).silently();
    let (before, after) = (file::read(&input).unwrap(), file::read(&out).unwrap());
    assert_eq!((after.width(), after.height()), (64, 48));
    assert!(mean_difference(&before, &after) > 0.005);
    assert!(file::read(&preview).unwrap().width() >= 64);
    let report = report(&ran.stdout);
    let steps: Vec<u64> =
        report["scales"].as_array().unwrap().iter().map(|s| s["steps"].as_u64().unwrap()).collect();
    assert_eq!(steps, [3, 4]);
    assert_eq!(report["stopped"], false);
    let losses = &report["scales"][1]["losses"];
    for name in ["content", "style", "variation", "total"] {
        assert!(losses[name].as_f64().unwrap() > 0.0, "{losses}");
    }
    assert_eq!(names(folder.path()), ["out.png", "photo.png", "preview.jpg"]);
}

#[test]
fn several_styles_take_masks_and_regions() {
    let folder = folder();
    let input = photo(folder.path());
    let half = folder.path().join("half.png");
    let white = |x| if x < 20 { [0.0, 0.0, 0.0, 1.0] } else { [1.0; 4] };
    let picture = drawn(40, 30, RGB_U8, |x, _| white(x));
    file::write(&picture, &half, &WriteOptions::default()).unwrap();
    let painted = |arguments: &[&Path]| {
        let out = folder.path().join("out.png");
        let mut command = optimize(&input);
        command.args(["--iterations", "6", "--style"]).arg(example("styles/mosaic.png"));
        command.args(arguments).arg("--out").arg(&out);
        run(&mut command).silently();
        file::read(&out).unwrap()
    };
    let plain = painted(&[]);
    for option in ["--style-mask", "--style-region"] {
        let guided = painted(&[Path::new(option), &half]);
        assert!(mean_difference(&plain, &guided) > 0.002, "{option}");
    }
    let mut command = optimize(&input);
    command.arg("--style-mask").arg(&half).arg("--style-mask").arg(&half);
    run(command.arg("--out").arg(folder.path().join("x.png"))).failed_with(2, &["--style-mask"]);
}

#[test]
fn options_of_the_other_method_are_refused() {
    let folder = folder();
    let input = photo(folder.path());
    let out = folder.path().join("out.png");
    for arguments in [["--strength", "0.5"], ["--brush-size", "2"], ["--turbulence", "1"]] {
        let mut command = optimize(&input);
        let ran = run(command.args(arguments).arg("--out").arg(&out));
        ran.failed_with(2, &[arguments[0], "--method fast"]);
    }
    for arguments in [
        &["--style-weight", "3"][..],
        &["--content-weight", "3"],
        &["--iterations", "3"],
        &["--preset", "draft"],
        &["--optimizer", "lbfgs"],
        &["--checkpoint", "state"],
        &["--checkpoint", "state", "--checkpoint-every", "1"],
        &["--preview", "preview.png"],
        &["--schedule", "64:3"],
        &["--features", "vgg16"],
        &["--style-layers", "block1_conv1"],
        &["--start-from", "x.png"],
        &["--style-mask", "x.png"],
        &["--style-region", "x.png"],
        &["--on-cancel", "keep"],
        &["--keep-on-interrupt"],
    ] {
        let ran = run(paint(&input, "ink").args(arguments).arg("--out").arg(&out));
        ran.failed_with(2, &["--method optimize"]);
    }
    assert_eq!(names(folder.path()), ["photo.png"]);
}

#[test]
fn wrong_options_are_refused_with_words() {
    let folder = folder();
    let input = photo(folder.path());
    let out = folder.path().join("out.png");
    let weight = ["cannot set style-weight to '1e30'", "0 to 1000000"];
    for (arguments, words) in [
        (&["--style-weight", "1e30"][..], &weight[..]),
        (&["--style-weight", "nan"], &["style-weight"]),
        (&["--preset", "huge"], &["draft, normal, fine"]),
        (&["--schedule", "64"], &["'64'", "512:200"]),
        (&["--schedule", "64:3,32:3"], &["rising order"]),
        (&["--schedule", "64:4000000000"], &["100000"]),
        (&["--checkpoint-every", "1"], &["--checkpoint"]),
        (&["--preview", "preview.xyz"], &["preview.xyz"]),
        (&["--preview-every", "0"], &["preview-every"]),
    ] {
        let ran = run(optimize(&input).args(arguments).arg("--out").arg(&out));
        ran.failed_with(2, words);
    }
    let styled = |style: &str| {
        let mut command = paint(&input, style);
        run(command.args(["--method", "optimize", "--out"]).arg(&out))
    };
    styled("inks").failed_with(1, &["'inks'", "great-wave"]);
    styled("no/picture.jpg").failed_with(1, &["no/picture.jpg", "no such file"]);
    for layers in ["conv1_1", "block1_conv3", "block1_conv1:x"] {
        let mut command = paint(&input, example("styles/ink.png").to_str().unwrap());
        command.args(["--method", "optimize", "--style-layers", layers, "--out"]).arg(&out);
        run(&mut command).failed_with(2, &["block"]);
    }
    let mut command = optimize(&input);
    command.args(["--features", "missing.safetensors", "--out"]).arg(&out);
    run(&mut command).failed_with(1, &["missing.safetensors"]);
    assert_eq!(names(folder.path()), ["photo.png"]);
}

#[test]
fn styles_by_name_are_painted_mixed_and_masked() {
    let folder = folder();
    let input = photo(folder.path());
    let before = file::read(&input).unwrap();
    let mut seen = vec![before];
    let woodcut = root().join("models/styles/woodcut.toml");
    let (picture, woodcut) = (example("styles/mosaic.png"), woodcut.to_str().unwrap().to_owned());
    let picture = picture.to_str().unwrap();
    for (k, styles) in [
        &["--style", "ink"][..],
        &["--style", &woodcut],
        &["--style", "ink:2", "--style", "woodcut"],
        &["--style", "ink", "--style", picture],
        &["--style", "ink", "--style", "woodcut", "--style-mask", picture],
        &["--style", "ink", "--keep-color", "match"],
    ]
    .into_iter()
    .enumerate()
    {
        let out = folder.path().join(format!("{k}.png"));
        let mut command = impasto();
        command.arg("paint").arg(&input).args(["--method", "optimize", "--iterations", "6"]);
        run(command.args(SHALLOW).args(styles).arg("--out").arg(&out)).silently();
        let painted = file::read(&out).unwrap();
        let nearest = seen.iter().map(|other| mean_difference(other, &painted));
        assert!(nearest.fold(1.0, f32::min) > 1e-4, "{styles:?}");
        seen.push(painted);
    }
    let out = folder.path().join("refused.png");
    let mut command = paint(&input, "ink");
    command.args(["--method", "optimize", "--style-region", picture, "--out"]).arg(&out);
    run(&mut command).failed_with(2, &["--style-region", "'ink'", "as a picture"]);
    let mut command = paint(&input, "ink");
    command.args(["--method", "optimize", "--style-layers", "block4_conv3", "--out"]).arg(&out);
    run(&mut command).failed_with(1, &["block4_conv3", "as a picture"]);
    assert!(!out.exists());
}

#[test]
fn a_memory_limit_is_explained() {
    let folder = folder();
    let input = photo(folder.path());
    let out = folder.path().join("out.png");
    let ran = run(optimize(&input).args(["--memory", "300M", "--out"]).arg(&out));
    if ran.code != Some(0) {
        ran.failed_with(1, &["MiB"]);
        assert!(!out.exists());
    }
    let ran = run(optimize(&input).args(["--memory", "60M", "--out"]).arg(&out));
    ran.failed_with(1, &["allow"]);
}

#[test]
fn a_checkpoint_goes_when_the_picture_is_there() {
    let folder = folder();
    let input = photo(folder.path());
    let state = folder.path().join("state");
    let out = folder.path().join("out.png");
    let mut command = optimize(&input);
    command.args(["--iterations", "3", "--checkpoint-every", "0", "--checkpoint"]).arg(&state);
    run(command.arg("--out").arg(&out)).silently();
    assert_eq!(names(folder.path()), ["out.png", "photo.png"]);

    fs::write(&state, "my own notes").unwrap();
    let mut command = optimize(&input);
    command.args(["--iterations", "3", "--checkpoint"]).arg(&state);
    let ran = run(command.arg("--out").arg(folder.path().join("other.png")));
    ran.failed_with(1, &["cannot go on from", "state", "delete it"]);
    assert_eq!(fs::read_to_string(&state).unwrap(), "my own notes");

    let mut command = optimize(&input);
    command.arg(example("portrait.png")).arg("--checkpoint").arg(&state);
    let ran = run(command.arg("--out-dir").arg(folder.path().join("several")));
    ran.failed_with(2, &["checkpoint", "several pictures"]);
}

/// Programs that are ended from outside.
#[cfg(unix)]
mod ended {
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, Stdio};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::common::program::finish;

    const STEPS: &str = "300";

    /// A long optimisation that saves its state after each step.
    fn long(input: &Path, state: &Path, out: &Path) -> Command {
        let mut command = optimize(input);
        command.args(["--iterations", STEPS, "--style-weight", "100", "--json"]);
        command.args(["--checkpoint-every", "0", "--checkpoint"]).arg(state).arg("--out").arg(out);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Waits until the first state is saved, and a little more.
    fn wait_for(state: &Path, more: Duration) {
        let begun = Instant::now();
        while !state.exists() {
            assert!(begun.elapsed() < Duration::from_secs(60), "no state is saved");
            thread::sleep(Duration::from_millis(2));
        }
        thread::sleep(more);
    }

    fn signal(child: &Child, name: &str) {
        let id = child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    fn total(stdout: &[u8]) -> f64 {
        let scales = report(stdout)["scales"].clone();
        scales.as_array().unwrap().last().unwrap()["losses"]["total"].as_f64().unwrap()
    }

    #[test]
    fn work_that_was_killed_goes_on_where_it_was() {
        let folder = folder();
        let input = photo(folder.path());
        let (state, out) = (folder.path().join("state"), folder.path().join("out.png"));
        let whole = total(&run(&mut long(&input, &state, &out)).silently().stdout);
        let painted = file::read(&out).unwrap();
        fs::remove_file(&out).unwrap();
        // A moment by chance: what the time was.
        let chance = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let more = Duration::from_millis(u64::from(chance.subsec_micros()) % 400);
        let mut killed = long(&input, &state, &out).spawn().unwrap();
        wait_for(&state, more);
        killed.kill().unwrap();
        assert_eq!(killed.wait().unwrap().signal(), Some(9), "it was done after {more:?}");
        assert!(state.exists() && !out.exists());

        let ran = run(&mut long(&input, &state, &out));
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert!(ran.stderr.contains("went on from"), "{}", ran.stderr);
        let steps = report(&ran.stdout)["scales"][0]["steps"].as_u64().unwrap();
        let resumed = total(&ran.stdout);
        println!(
            "killed after {more:?}: {steps} steps were left; {whole} whole, {resumed} resumed"
        );
        assert!(steps > 0 && steps < STEPS.parse().unwrap());
        assert!((resumed / whole - 1.0).abs() < 0.01);
        assert!(mean_difference(&painted, &file::read(&out).unwrap()) < 0.5 / 255.0);
        assert!(!state.exists());
    }

    #[test]
    fn ctrl_c_saves_the_state_and_leaves_no_picture() {
        let folder = folder();
        let input = photo(folder.path());
        let (state, out) = (folder.path().join("state"), folder.path().join("out.png"));
        let seldom = |steps: &str| {
            let mut command = optimize(&input);
            command.args(["--iterations", steps, "--checkpoint"]).arg(&state);
            command.arg("--out").arg(&out).stdout(Stdio::piped()).stderr(Stdio::piped());
            command
        };
        let child = seldom("100000").spawn().unwrap();
        // Whatever it does by then, it is not done.
        thread::sleep(Duration::from_millis(1500));
        signal(&child, "-INT");
        let ran = finish(child).failed_with(130, &["interrupted"]);
        assert!(ran.stdout.is_empty() && !out.exists());
        assert_eq!(names(folder.path()), ["photo.png", "state"]);
    }

    #[test]
    fn ctrl_c_may_keep_the_picture_as_it_stands() {
        keeps_the_picture(&["--on-cancel", "keep"]);
    }

    #[test]
    fn the_option_of_old_keeps_it_too() {
        keeps_the_picture(&["--keep-on-interrupt"]);
    }

    fn keeps_the_picture(arguments: &[&str]) {
        let folder = folder();
        let input = photo(folder.path());
        let (state, out) = (folder.path().join("state"), folder.path().join("out.png"));
        let mut command = long(&input, &state, &out);
        command.args(arguments).args(["--schedule", "64:100000"]);
        let child = command.spawn().unwrap();
        wait_for(&state, Duration::from_millis(100));
        signal(&child, "-INT");
        let ran = finish(child);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let report = report(&ran.stdout);
        assert_eq!(report["stopped"], true);
        assert!(report["scales"][0]["steps"].as_u64().unwrap() < STEPS.parse().unwrap());
        let (before, after) = (file::read(&input).unwrap(), file::read(&out).unwrap());
        assert!(mean_difference(&before, &after) > 0.002);
        // It can still go on.
        assert!(state.exists());
    }
}
