//! Work that was stopped goes on as if nothing had happened.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use impasto::image::Picture;
use impasto::job::{Cancel, Progress};
use impasto::optimize::{Averaging, OnCancel, OptimizeOptions, Optimizer, StylePart};
use impasto::{ErrorKind, Report, Result, Settings};

use crate::common::pictures::{example, mean_difference, photo_part};
use crate::common::{Job, job, scratch};
use crate::{
    Watching, changed, final_losses, layers, optimize, part_of, refusal, shallow, started, style,
    watched,
};

fn settings(path: &Path) -> OptimizeOptions {
    let schedule = vec!["48:5".parse().unwrap(), "64:7".parse().unwrap()];
    OptimizeOptions { schedule, checkpoint: Some(path.to_owned()), ..shallow(0) }
}

/// Stops after so many steps.
fn stopped(
    picture: &Picture,
    styles: &[StylePart<'_>],
    options: &OptimizeOptions,
    steps: u32,
) -> Result<(Picture, Report)> {
    let cancel = Cancel::new();
    let done = AtomicU32::new(0);
    let stop = |progress: Progress| {
        if progress.losses.is_some() && done.fetch_add(1, Ordering::SeqCst) + 1 == steps {
            cancel.request();
        }
    };
    let job = Job { cancel: &cancel, progress: &stop, memory: None };
    watched(picture, styles, options, Watching::default(), job)
}

#[test]
fn what_was_stopped_ends_as_if_it_had_not_been() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let (photo, ink) = (photo_part(200, 150, 64, 48), example("styles/ink.png"));
    let styles = [style(&ink)];
    // At the coarse size, at its end, at the fine size, and near its end.
    for (averaging, stops) in [(Averaging::Off, &[2, 5, 7][..]), (Averaging::On, &[11])] {
        let path = folder.path().join(format!("{averaging:?}.safetensors"));
        let options = OptimizeOptions { averaging, ..settings(&path) };
        let plain = OptimizeOptions { checkpoint: None, ..options.clone() };
        let (whole, _) = optimize(&photo, &styles, &plain);
        for &steps in stops {
            let error = stopped(&photo, &styles, &options, steps).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Cancelled);
            assert!(path.exists());
            let (painted, report) = optimize(&photo, &styles, &options);
            assert!(painted.data() == whole.data(), "{averaging:?} {steps}");
            assert!(report.notes.iter().any(|note| note.contains("went on")), "{report:?}");
            let done: u32 = report.scales.iter().map(|scale| scale.steps).sum();
            assert_eq!(done, 12 - steps);
            fs::remove_file(&path).unwrap();
        }
    }
}

#[test]
fn what_was_stopped_goes_on_through_the_network_of_its_step() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let (photo, ink) = (photo_part(200, 150, 64, 48), example("styles/ink.png"));
    let styles = [style(&ink)];
    let path = folder.path().join("state");
    let options = OptimizeOptions {
        features: "auto".to_owned(),
        content_layers: layers(&["block2_conv1"]),
        averaging: Averaging::On,
        ..settings(&path)
    };
    let plain = OptimizeOptions { checkpoint: None, ..options.clone() };
    let (whole, report) = optimize(&photo, &styles, &plain);
    let legs = |report: &Report| -> Vec<(String, u32)> {
        report.scales.iter().map(|scale| (scale.features.clone(), scale.steps)).collect()
    };
    let named = |name: &str, steps| (name.to_owned(), steps);
    let (slim, vgg16) = (|steps| named("vgg16-slim", steps), |steps| named("vgg16", steps));
    assert_eq!(legs(&report), [slim(5), slim(4), vgg16(3)]);
    // At the end of the coarse size, in the slim network's steps, at their end, and behind it.
    for (steps, left) in [
        (5, vec![slim(0), slim(4), vgg16(3)]),
        (7, vec![slim(2), vgg16(3)]),
        (9, vec![vgg16(3)]),
        (10, vec![vgg16(2)]),
    ] {
        stopped(&photo, &styles, &options, steps).unwrap_err();
        let (painted, report) = optimize(&photo, &styles, &options);
        assert_eq!(legs(&report), left, "{steps}");
        assert!(painted.data() == whole.data(), "{steps}");
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn stopped_twice_is_still_the_same() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let (photo, ink) = (photo_part(200, 150, 64, 48), example("styles/ink.png"));
    let styles = [style(&ink)];
    let options = settings(&folder.path().join("state"));
    let whole = optimize(&photo, &styles, &OptimizeOptions { checkpoint: None, ..options.clone() });
    for steps in [3, 4] {
        stopped(&photo, &styles, &options, steps).unwrap_err();
    }
    // It may be kept, too; the state is saved all the same.
    let keep = OptimizeOptions { on_cancel: OnCancel::Keep, ..options.clone() };
    let (unfinished, report) = stopped(&photo, &styles, &keep, 2).unwrap();
    assert!(report.stopped && mean_difference(&unfinished, &whole.0) > 0.0);
    assert!(optimize(&photo, &styles, &options).0.data() == whole.0.data());
}

#[test]
fn lbfgs_goes_on_without_its_history() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let (photo, ink) = (photo_part(200, 150, 48, 48), example("styles/ink.png"));
    let styles = [style(&ink)];
    let path = folder.path().join("state");
    let options =
        OptimizeOptions { optimizer: Optimizer::Lbfgs, checkpoint: Some(path), ..shallow(40) };
    let plain = OptimizeOptions { checkpoint: None, ..options.clone() };
    let whole = final_losses(&optimize(&photo, &styles, &plain).1).total;
    stopped(&photo, &styles, &options, 12).unwrap_err();
    let resumed = final_losses(&optimize(&photo, &styles, &options).1).total;
    println!("{whole} whole, {resumed} resumed");
    assert!((resumed / whole - 1.0).abs() < 0.05);
}

#[test]
fn the_state_is_saved_on_the_way() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let (photo, ink) = (photo_part(200, 150, 48, 48), example("styles/ink.png"));
    let path = folder.path().join("state");
    for (every, saved) in [(0, true), (3600, false)] {
        let options = OptimizeOptions {
            checkpoint: Some(path.clone()),
            checkpoint_every: every,
            ..shallow(3)
        };
        let seen = AtomicU32::new(0);
        let listen = |progress: Progress| {
            if progress.losses.is_some() && progress.fraction < 1.0 {
                seen.fetch_add(path.exists().into(), Ordering::SeqCst);
            }
        };
        let cancel = Cancel::new();
        let job = Job { cancel: &cancel, progress: &listen, memory: None };
        watched(&photo, &[style(&ink)], &options, Watching::default(), job).unwrap();
        assert_eq!(seen.into_inner() > 0, saved);
        let _ = fs::remove_file(&path);
    }
}

#[test]
fn a_checkpoint_of_other_work_is_refused() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let path = folder.path().join("state");
    let (photo, ink) = (photo_part(200, 150, 64, 48), example("styles/ink.png"));
    let half = crate::common::pictures::drawn(64, 48, photo.format(), |x, _| {
        if x < 32 { [0.0, 0.0, 0.0, 1.0] } else { [1.0; 4] }
    });
    let styles = [StylePart { mask: Some(&half), ..style(&ink) }];
    let options = settings(&path);
    stopped(&photo, &styles, &options, 2).unwrap_err();
    let state = fs::read(&path).unwrap();

    let is_refusal = |error: impasto::Error| {
        assert_eq!(error.kind(), ErrorKind::File);
        let words = error.full_message();
        assert!(
            words.contains("other pictures or settings") && words.contains("delete"),
            "{words}"
        );
        assert!(words.contains(path.to_str().unwrap()), "{words}");
        // It is someone's work: it stays.
        assert!(fs::read(&path).unwrap() == state);
    };
    let refused = |picture: &Picture, styles: &[StylePart<'_>], settings: &Settings| {
        is_refusal(refusal(picture, styles, settings));
    };
    let plain = Settings::from(options.clone());
    let mut dyed = photo.clone();
    dyed.data_mut()[5] ^= 1;
    refused(&dyed, &styles, &plain);
    let mut linear = photo.clone();
    linear.set_color_space(impasto::image::ColorSpace::LinearSrgb);
    refused(&linear, &styles, &plain);
    let wood = example("styles/woodcut.png");
    refused(&photo, &[StylePart { mask: Some(&half), ..style(&wood) }], &plain);
    refused(&photo, &[StylePart { weight: 0.5, ..styles[0] }], &plain);
    refused(&photo, &[style(&ink)], &plain);
    let as_region = part_of(&ink, &half);
    refused(&photo, &[as_region], &plain);
    for (name, value) in [
        ("style-weight", "31"),
        ("seed", "1"),
        ("keep-color", "match"),
        ("style-layers", "block1_conv1"),
        ("schedule", "64:7"),
    ] {
        let other = changed(options.clone(), |s| s.set_text(name, value).unwrap());
        refused(&photo, &styles, &other);
    }
    let cancel = Cancel::new();
    let another_start =
        started(&photo, &styles, Some(&wood), &options, Watching::default(), job(&cancel));
    is_refusal(another_start.err().unwrap());
    // How often it is saved changes nothing.
    let often = OptimizeOptions { checkpoint_every: 0, ..options };
    optimize(&photo, &styles, &often);
}

#[test]
fn a_damaged_checkpoint_is_refused() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let path = folder.path().join("state");
    let (photo, ink) = (photo_part(200, 150, 64, 48), example("styles/ink.png"));
    let styles = [style(&ink)];
    let options = settings(&path);
    stopped(&photo, &styles, &options, 2).unwrap_err();
    let state = fs::read(&path).unwrap();
    let mut not_a_number = state.clone();
    let end = not_a_number.len();
    not_a_number[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    let replaced = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let header = state.windows(from.len()).position(|bytes| bytes == from.as_bytes());
        let at = header.unwrap_or_else(|| panic!("no {from}"));
        let mut changed = state.clone();
        changed[at..at + from.len()].copy_from_slice(to.as_bytes());
        changed
    };
    for (what, bytes) in [
        ("cut", state[..state.len() - 100].to_vec()),
        ("cut in the header", state[..50].to_vec()),
        ("empty", Vec::new()),
        ("text", b"not what it says".to_vec()),
        ("longer", [&state[..], &[0; 64]].concat()),
        ("no number", not_a_number),
        ("another size", replaced("\"scale\":\"0\"", "\"scale\":\"1\"")),
        ("no such size", replaced("\"scale\":\"0\"", "\"scale\":\"9\"")),
        ("no size", replaced("\"scale\":\"0\"", "\"scalp\":\"0\"")),
        ("too many steps", replaced("\"step\":\"2\"", "\"step\":\"8\"")),
        ("a network", crate::common::network::packed(&vec![("a".into(), vec![1], vec![0.0])])),
    ] {
        fs::write(&path, &bytes).unwrap();
        let error = refusal(&photo, &styles, &options);
        println!("{what}: {}", error.full_message());
        assert_eq!(error.kind(), ErrorKind::File, "{what}");
        assert!(error.full_message().contains("delete it or name another"), "{what}");
        assert!(error.full_message().contains(path.to_str().unwrap()), "{what}");
    }
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(refusal(&photo, &styles, &options).kind(), ErrorKind::File);
}

#[test]
fn a_checkpoint_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let nowhere = folder.path().join("nowhere/state");
    let (photo, ink) = (photo_part(200, 150, 48, 48), example("styles/ink.png"));
    let options = OptimizeOptions { checkpoint: Some(nowhere), checkpoint_every: 0, ..shallow(3) };
    // It is told before the first step, not when it is first written.
    let listen = |progress: Progress| assert!(progress.losses.is_none(), "a step was taken");
    let cancel = Cancel::new();
    let job = Job { cancel: &cancel, progress: &listen, memory: None };
    let refused = watched(&photo, &[style(&ink)], &options, Watching::default(), job);
    let error = refused.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    assert!(error.full_message().contains("nowhere"), "{}", error.full_message());
}
