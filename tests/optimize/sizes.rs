//! Coarse to fine: the sizes and the steps at each.

use std::sync::Mutex;

use impasto::job::Cancel;
use impasto::optimize::{OptimizeOptions, Preset, ScaleIterations};
use impasto::{ErrorKind, Preview};

use crate::common::Job;
use crate::common::pictures::{RGB_U8, drawn, example, mean_difference, photo_part, scene};
use crate::{Watching, optimize, refusal, shallow, style, watched};

fn schedule(text: &str) -> Vec<ScaleIterations> {
    text.split(',').map(|scale| scale.parse().unwrap()).collect()
}

#[test]
fn presets_say_how_large() {
    // Thin, so that its few steps are quick.
    let thin = drawn(1100, 16, RGB_U8, scene);
    let ink = example("styles/ink.png");
    for (preset, longest) in
        [(Preset::Draft, 512.0), (Preset::Normal, 1024.0), (Preset::Fine, 1100.0)]
    {
        let options = OptimizeOptions { preset, ..shallow(4) };
        let (painted, report) = optimize(&thin, &[style(&ink)], &options);
        assert_eq!((painted.width(), painted.height()), (1100, 16));
        // Each has the same margin in proportion: a sixteenth of the length in all.
        let sides: Vec<f64> =
            report.scales.iter().map(|scale| f64::from(scale.size[0]) / 1.0625).collect();
        println!("{preset:?}: {sides:?}");
        assert!((sides[sides.len() - 1] - longest).abs() < 0.01 * longest, "{sides:?}");
        assert!((128.0..256.0).contains(&sides[0]), "{sides:?}");
        assert!(sides.windows(2).all(|pair| (pair[1] / pair[0] - 2.0).abs() < 0.05), "{sides:?}");
        assert_eq!(report.scales.iter().map(|scale| scale.steps).sum::<u32>(), 4);
    }
}

#[test]
fn presets_say_how_long() {
    let (photo, ink) = (photo_part(0, 0, 40, 40), example("styles/ink.png"));
    let steps = |preset| {
        let steps = Mutex::new(0);
        let cancel = Cancel::new();
        let look = |preview: Preview<'_>| {
            *steps.lock().unwrap() = preview.steps;
            cancel.request();
        };
        let watching = Watching { preview: Some(&look), preview_every: 1 };
        let options = OptimizeOptions { preset, ..shallow(0) };
        let job = Job { cancel: &cancel, progress: &|_| {}, memory: None };
        watched(&photo, &[style(&ink)], &options, watching, job).unwrap_err();
        steps.into_inner().unwrap()
    };
    let steps = [Preset::Draft, Preset::Normal, Preset::Fine].map(steps);
    assert!(steps[0] >= 30 && steps.windows(2).all(|pair| pair[0] < pair[1]), "{steps:?}");
}

#[test]
fn each_size_of_a_schedule_is_reported() {
    let (photo, ink) = (photo_part(100, 100, 96, 64), example("styles/ink.png"));
    let options = OptimizeOptions { schedule: schedule("48:3,64:2,96:4"), ..shallow(0) };
    let report = optimize(&photo, &[style(&ink)], &options).1;
    let steps: Vec<u32> = report.scales.iter().map(|scale| scale.steps).collect();
    assert_eq!(steps, [3, 2, 4]);
    assert!(report.scales.windows(2).all(|pair| pair[0].size[0] < pair[1].size[0]));
    for scale in &report.scales {
        let (across, down) = (f64::from(scale.size[0]), f64::from(scale.size[1]));
        assert!((across / down - 1.5).abs() < 0.15, "{across} {down}");
        assert!(scale.tiles == 1 && scale.losses.is_some());
    }
    assert!(report.seconds.network >= report.scales.iter().map(|scale| scale.seconds).sum());
    assert!(!report.stopped && report.retries == 0, "{:?}", report.notes);
    let shared = OptimizeOptions { iterations: 18, ..options };
    let report = optimize(&photo, &[style(&ink)], &shared).1;
    assert_eq!(report.scales.iter().map(|scale| scale.steps).sum::<u32>(), 18);
}

#[test]
fn schedules_that_make_no_sense_are_refused() {
    let (photo, ink) = (photo_part(0, 0, 48, 48), example("styles/ink.png"));
    let falling = OptimizeOptions { schedule: schedule("48:1,32:1"), ..shallow(0) };
    let error = refusal(&photo, &[style(&ink)], &falling);
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert!(error.full_message().contains("rising order"), "{}", error.full_message());
    for (side, iterations) in [(0, 5), (30_001, 5), (48, u32::MAX)] {
        let schedule = vec![ScaleIterations { side, iterations }];
        let options = OptimizeOptions { schedule, ..shallow(0) };
        let error = refusal(&photo, &[style(&ink)], &options);
        assert_eq!(error.kind(), ErrorKind::Argument, "{}", error.full_message());
    }
    for text in ["", "512", "512:", ":5", "0:5", "30001:5", "512:-1", "512:4000000000", "a:b"] {
        assert!(text.parse::<ScaleIterations>().is_err(), "{text}");
    }
}

#[test]
fn what_is_optimised_smaller_keeps_the_pictures_size() {
    let (photo, ink) = (photo_part(100, 100, 144, 96), example("styles/ink.png"));
    let options = OptimizeOptions { schedule: schedule("48:0"), ..shallow(0) };
    let (painted, report) = optimize(&photo, &[style(&ink)], &options);
    assert!(report.scales.iter().all(|scale| scale.size[0] < 64), "{:?}", report.scales);
    assert_eq!((painted.width(), painted.height()), (144, 96));
    // Without steps the painting is the photograph, but for what its small size loses.
    let lost = mean_difference(&photo, &painted);
    assert!(lost > 0.01 && lost < 0.1, "{lost}");
}

/// Also at coarser sizes first, which show less of it.
#[test]
fn no_steps_leave_what_was_there() {
    let (photo, ink) = (photo_part(100, 100, 48, 48), example("styles/ink.png"));
    for sizes in ["48:0", "32:0,48:0"] {
        let options = OptimizeOptions { schedule: schedule(sizes), ..shallow(0) };
        let (painted, report) = optimize(&photo, &[style(&ink)], &options);
        assert!(report.scales.iter().all(|scale| scale.steps == 0));
        let apart = mean_difference(&photo, &painted);
        assert!(apart < 1e-3, "{sizes}: {apart}");
    }
}
