//! A composition, painted out by the network.

use std::sync::Mutex;

use impasto::image::Picture;
use impasto::job::{Cancel, Progress};
use impasto::optimize::{OnCancel, StylePart};
use impasto::settings::Method;
use impasto::{Error, ErrorKind, Report, Request, Result, Settings, Styles};

use crate::common::pictures::{RGB_F32, drawn, mean_difference, photo_part, pixels, scene};
use crate::common::{Job, canvas, engine, job, like, settings, style};

/// A composition that takes seconds; its seed makes it a test's own.
fn short(seed: u64, change: impl FnOnce(&mut Settings)) -> Settings {
    settings(|s| {
        (s.method, s.seed) = (Method::Studio, seed);
        s.set_text("schedule", "48:4,64:3").unwrap();
        s.fast.layers = 3;
        change(s);
    })
}

fn painted(picture: &Picture, settings: &Settings, job: Job<'_>) -> Result<(Picture, Report)> {
    let (code, statistics) =
        (style("starry-night"), engine().styles().unwrap().statistics("starry-night").unwrap());
    let parts: [StylePart<'_>; 1] = [(&statistics).into()];
    let mut painted = like(picture)?;
    let mut output = painted.view_mut();
    let styles = Styles { code: Some(&code), parts: &parts, network: None };
    let request = Request::new(canvas(picture, None, &mut output), styles, settings, job.cancel);
    let report = engine().paint(Request { limits: job.limits(), ..request }, &job)?;
    Ok((painted, report))
}

fn paint(picture: &Picture, settings: &Settings) -> (Picture, Report) {
    painted(picture, settings, job(&Cancel::new())).unwrap()
}

fn refusal(result: Result<(Picture, Report)>) -> Error {
    result.expect_err("it was painted")
}

#[test]
fn a_composition_is_optimised_once_and_painted_over_each_time() {
    let photo = photo_part(100, 60, 220, 160);
    let (first, report) = paint(&photo, &short(1, |_| {}));
    assert_eq!((report.method, report.steps()), ("studio", 7));
    let (again, report) = paint(&photo, &short(1, |_| {}));
    assert_eq!(report.steps(), 0);
    assert_eq!(first.data(), again.data());
    // Finer layers, opacity and colours cost only those.
    let (other, report) =
        paint(&photo, &short(1, |s| (s.fast.strength, s.finishing.opacity) = (0.2, 0.9)));
    assert_eq!(report.steps(), 0);
    assert!(mean_difference(&first, &other) > 1.0 / 255.0);
    let (_, report) = paint(&photo, &short(1, |s| s.optimize.style_weight = 80.0));
    assert_eq!(report.steps(), 7);
}

#[test]
fn settings_of_the_optimise_method_alone_do_nothing() {
    let photo = photo_part(100, 60, 120, 90);
    let plain = paint(&photo, &short(7, |_| {})).0;
    let (other, report) =
        paint(&photo, &short(7, |s| (s.optimize.iterations, s.optimize.resolution) = (900, 32)));
    assert_eq!((plain.data(), report.steps()), (other.data(), 0));
}

#[test]
fn abstraction_shows_more_of_the_composition() {
    let photo = photo_part(100, 60, 220, 160);
    let drawing = paint(&photo, &short(2, |s| s.fast.abstraction = 0.0)).0;
    let distances = [0.3, 0.6, 1.0].map(|abstraction| {
        mean_difference(&drawing, &paint(&photo, &short(2, |s| s.fast.abstraction = abstraction)).0)
    });
    assert!(distances.is_sorted_by(|a, b| a < b), "{distances:?}");
}

#[test]
fn progress_goes_on_over_both_parts() {
    let heard = Mutex::new(Vec::new());
    let listen = |progress: Progress| heard.lock().unwrap().push(progress.fraction);
    let cancel = Cancel::new();
    let job = Job { cancel: &cancel, progress: &listen, memory: None };
    painted(&photo_part(100, 60, 220, 160), &short(3, |_| {}), job).unwrap();
    let heard = heard.into_inner().unwrap();
    assert!(heard.is_sorted(), "{heard:?}");
    assert!(heard.len() > 8 && heard.last() == Some(&1.0), "{heard:?}");
}

#[test]
fn a_stopped_composition_is_lost_or_painted_out_as_asked() {
    let photo = photo_part(100, 60, 220, 160);
    for on_cancel in [OnCancel::Discard, OnCancel::Keep] {
        let cancel = Cancel::new();
        let stop = |progress: Progress| {
            if progress.losses.is_some() {
                cancel.request();
            }
        };
        let job = Job { cancel: &cancel, progress: &stop, memory: None };
        let result = painted(&photo, &short(4, |s| s.optimize.on_cancel = on_cancel), job);
        match on_cancel {
            OnCancel::Discard => assert_eq!(refusal(result).kind(), ErrorKind::Cancelled),
            OnCancel::Keep => {
                let (picture, report) = result.unwrap();
                assert!(report.stopped);
                assert!(mean_difference(&picture, &photo) > 1.0 / 255.0);
            }
        }
    }
    // What was stopped is not taken for a composition.
    assert_eq!(paint(&photo, &short(4, |_| {})).1.steps(), 7);
}

#[test]
fn tiny_and_flat_pictures_are_sound() {
    for (width, height) in [(1, 1), (3, 2), (1, 90)] {
        let picture = drawn(width, height, RGB_F32, scene);
        let (painted, _) = paint(&picture, &short(5, |_| {}));
        let in_range = |pixel: &[f32; 4]| pixel.iter().all(|v| (0.0..=1.0).contains(v));
        assert!(pixels(&painted).iter().all(in_range), "{width}x{height}");
    }
    let black = drawn(200, 120, RGB_F32, |_, _| [0.0, 0.0, 0.0, 1.0]);
    assert_eq!(paint(&black, &short(5, |_| {})).0.data(), black.data());
}

#[test]
fn what_it_cannot_do_is_refused_in_words() {
    let photo = photo_part(0, 0, 64, 48);
    let (code, cancel) = (style("starry-night"), Cancel::new());
    let settings = short(6, |_| {});
    let mut out = like(&photo).unwrap();
    let mut output = out.view_mut();
    let request =
        Request::new(canvas(&photo, None, &mut output), (&code).into(), &settings, &cancel);
    let error = engine().paint(request, &()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Style);
    assert!(error.full_message().starts_with("cannot optimise without a style"), "{error}");
    let request =
        Request::new(canvas(&photo, None, &mut output), (&code).into(), &settings, &cancel);
    let error = engine().paint(Request { start: Some(&photo), ..request }, &()).unwrap_err();
    assert!(error.full_message().contains("only the optimise method"), "{error}");
}
