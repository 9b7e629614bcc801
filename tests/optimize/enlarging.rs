//! What is optimised smaller than the picture comes to the picture's size.

use std::sync::Mutex;

use impasto::image::Picture;
use impasto::job::{Cancel, Progress};
use impasto::optimize::{Enlarging, OnCancel, StylePart};
use impasto::{ErrorKind, Report, Request, Result, Settings, Styles};

use crate::common::pictures::{
    RGB_F32, RGBA_F32, drawn, example, luma, mean_difference, most_difference, photo_part, pixels,
};
use crate::common::{Job, canvas, changed, engine, job, like, settings, style};
use crate::shallow;

const FINER: &str = "Painting finer marks";

/// Seven steps at a third of a picture of 240x150.
fn small(change: impl FnOnce(&mut Settings)) -> Settings {
    let options = changed(shallow(0), |s| s.set_text("schedule", "48:4,80:3").unwrap());
    changed(options, change)
}

fn plainly(change: impl FnOnce(&mut Settings)) -> Settings {
    changed(small(change), |s| s.optimize.enlarge = Enlarging::Plain)
}

/// Float samples, so that nothing is rounded.
fn photo() -> Picture {
    let part = photo_part(100, 60, 240, 150);
    let colors = pixels(&part);
    drawn(240, 150, RGB_F32, |x, y| colors[(y * 240 + x) as usize])
}

fn painted(
    picture: &Picture,
    mask: Option<&Picture>,
    settings: &Settings,
    job: Job<'_>,
) -> Result<(Picture, Report)> {
    let (code, ink) = (style("ink"), example("styles/ink.png"));
    let parts = [StylePart { mask, ..(&ink).into() }];
    let mut painted = like(picture)?;
    let mut output = painted.view_mut();
    let styles = Styles { code: Some(&code), parts: &parts, network: None };
    let request = Request::new(canvas(picture, None, &mut output), styles, settings, job.cancel);
    let report = engine().paint(Request { limits: job.limits(), ..request }, &job)?;
    // A failure of the finer marks would only be noted.
    assert!(report.notes.is_empty(), "{report:?}");
    Ok((painted, report))
}

fn paint(picture: &Picture, settings: &Settings) -> Picture {
    painted(picture, None, settings, job(&Cancel::new())).unwrap().0
}

/// Means of squares of so many pixels, of each channel.
fn reduced(picture: &Picture, side: u32) -> Picture {
    let (from, width) = (pixels(picture), picture.width());
    drawn(width / side, picture.height() / side, RGB_F32, |x, y| {
        let mut sum = [0.0; 4];
        for (down, across) in (0..side).flat_map(|down| (0..side).map(move |x| (down, x))) {
            let pixel = from[((y * side + down) * width + x * side + across) as usize];
            (0..4).for_each(|k| sum[k] += pixel[k] / (side * side) as f32);
        }
        sum
    })
}

/// How far two lists of numbers go together: 1 where one is the other, larger or smaller.
fn correlation(a: &[f32], b: &[f32]) -> f32 {
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    product(a, b) / (product(a, a) * product(b, b)).sqrt()
}

#[test]
fn finer_marks_are_painted_and_not_the_photographs() {
    let photo = photo();
    let (plain, finer) = (paint(&photo, &plainly(|_| {})), paint(&photo, &small(|_| {})));
    assert!(mean_difference(&plain, &finer) > 1.0 / 255.0);
    let lumas = |picture: &Picture| pixels(picture).into_iter().map(luma).collect::<Vec<_>>();
    let differences = |a: &Picture, b: &Picture| -> Vec<f32> {
        lumas(a).iter().zip(lumas(b)).map(|(a, b)| a - b).collect()
    };
    // The photograph without steps is what the small size leaves of it.
    let none = |s: &mut Settings| s.set_text("schedule", "80:0").unwrap();
    let detail = differences(&photo, &paint(&photo, &plainly(none)));
    let marks = differences(&finer, &plain);
    println!("marks go with the photograph's detail by {}", correlation(&marks, &detail));
    assert!(correlation(&marks, &detail) < 0.3);
}

#[test]
fn reduced_it_is_what_was_optimised() {
    let photo = photo();
    let (plain, finer) = (paint(&photo, &plainly(|_| {})), paint(&photo, &small(|_| {})));
    // Three pixels are one of what was optimised; its marks are some of those.
    let change = mean_difference(&plain, &finer);
    let left = mean_difference(&reduced(&plain, 10), &reduced(&finer, 10));
    let other = mean_difference(&reduced(&plain, 10), &reduced(&photo, 10));
    println!("changed by {change}, reduced by {left}; the photograph is {other} away");
    assert!(left < 0.5 * change && left < 0.3 * other, "{left} {change} {other}");
}

#[test]
fn what_is_optimised_at_the_pictures_size_stays() {
    let photo = photo();
    let whole = |s: &mut Settings| s.set_text("schedule", "120:2,240:1").unwrap();
    assert_eq!(paint(&photo, &small(whole)).data(), paint(&photo, &plainly(whole)).data());
}

#[test]
fn styles_with_masks_are_only_enlarged() {
    let photo = photo();
    let all = drawn(240, 150, RGB_F32, |_, _| [1.0; 4]);
    let masked =
        |settings: &Settings| painted(&photo, Some(&all), settings, job(&Cancel::new())).unwrap().0;
    assert_eq!(masked(&small(|_| {})).data(), masked(&plainly(|_| {})).data());
}

#[test]
fn opacity_and_transparency_count_once() {
    let colors = pixels(&photo());
    let photo = drawn(240, 150, RGBA_F32, |x, y| {
        let [r, g, b, _] = colors[(y * 240 + x) as usize];
        [r, g, b, if x < 40 { 0.0 } else { 1.0 }]
    });
    let (whole, half) =
        (paint(&photo, &small(|_| {})), paint(&photo, &small(|s| s.finishing.opacity = 0.5)));
    let expected: Vec<[f32; 4]> = pixels(&photo)
        .iter()
        .zip(pixels(&whole))
        .map(|(a, b)| std::array::from_fn(|k| (a[k] + b[k]) / 2.0))
        .collect();
    let expected = drawn(240, 150, RGBA_F32, |x, y| expected[(y * 240 + x) as usize]);
    assert!(most_difference(&half, &expected) < 1e-4);
    for (before, after) in pixels(&photo).iter().zip(pixels(&whole)).filter(|(p, _)| p[3] == 0.0) {
        assert_eq!(*before, after);
    }
}

#[test]
fn tiles_make_the_same_picture() {
    // A small painting that costs little memory, of a picture that is large for it.
    let part = photo_part(0, 0, 512, 340);
    let colors = pixels(&part);
    let large = drawn(1024, 680, RGB_F32, |x, y| colors[((y / 2) * 512 + x / 2) as usize]);
    let settings = small(|s| s.set_text("schedule", "256:0").unwrap());
    let within = |memory: u64| {
        let cancel = Cancel::new();
        let tiles = Mutex::new(0);
        let count = |progress: Progress| {
            if progress.phase == FINER {
                *tiles.lock().unwrap() += 1;
            }
        };
        let job = Job { cancel: &cancel, progress: &count, memory: Some(memory) };
        let (picture, report) = painted(&large, None, &settings, job).unwrap();
        assert_eq!(report.retries, 0);
        (picture, tiles.into_inner().unwrap())
    };
    let ((one, few), (other, more)) = (within(4 << 30), within(240 << 20));
    println!("{few} and {more} steps: off by {}", most_difference(&one, &other));
    assert!(more > few, "{few} {more}");
    // A pixel in many sees further than a tile's surroundings.
    assert!(mean_difference(&one, &other) < 1e-3);
}

#[test]
fn progress_rises_to_its_end() {
    let heard = Mutex::new(Vec::new());
    let listen = |progress: Progress| {
        heard.lock().unwrap().push((progress.phase, progress.fraction));
    };
    let cancel = Cancel::new();
    let job = Job { cancel: &cancel, progress: &listen, memory: None };
    painted(&photo(), None, &small(|_| {}), job).unwrap();
    let heard = heard.into_inner().unwrap();
    assert!(heard.is_sorted_by(|a, b| a.1 <= b.1), "{heard:?}");
    assert!(heard.iter().any(|(phase, _)| *phase == FINER));
    assert_eq!(heard.last().unwrap().1, 1.0);
}

#[test]
fn a_stop_during_finer_marks_loses_or_keeps_what_was_optimised() {
    let photo = photo();
    for on_cancel in [OnCancel::Discard, OnCancel::Keep] {
        let cancel = Cancel::new();
        let stop = |progress: Progress| {
            if progress.phase == FINER {
                cancel.request();
            }
        };
        let job = Job { cancel: &cancel, progress: &stop, memory: None };
        let result = painted(&photo, None, &small(|s| s.optimize.on_cancel = on_cancel), job);
        match (on_cancel, result) {
            (OnCancel::Discard, Err(e)) => assert_eq!(e.kind(), ErrorKind::Cancelled),
            (OnCancel::Keep, Ok((picture, report))) => {
                assert!(report.stopped);
                assert_eq!(picture.data(), paint(&photo, &plainly(|_| {})).data());
            }
            (_, result) => panic!("{on_cancel:?}: {:?}", result.map(|(_, report)| report)),
        }
    }
}

#[test]
fn far_enlargements_are_sound() {
    let far = |s: &mut Settings| s.set_text("schedule", "32:2").unwrap();
    let (plain, finer) = (paint(&photo(), &plainly(far)), paint(&photo(), &small(far)));
    assert!(mean_difference(&plain, &finer) > 1.0 / 255.0);
    assert!(pixels(&finer).iter().flatten().all(|v| (0.0..=1.0).contains(v)));
    // A picture of one row.
    let row = drawn(240, 1, RGB_F32, |x, _| [x as f32 / 240.0, 0.5, 0.2, 1.0]);
    assert!(pixels(&paint(&row, &small(|_| {}))).iter().flatten().all(|v| v.is_finite()));
}

#[test]
fn the_default_paints() {
    assert_eq!(settings(|_| {}).optimize.enlarge, Enlarging::Paint);
}
