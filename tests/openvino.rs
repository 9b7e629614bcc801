//! Painting through OpenVINO; `cargo xtask test openvino` sets it up and runs this.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::num::NonZeroUsize;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use common::pictures::{example, mean_difference, most_difference};
use common::{Job, canvas, job, like, scratch, try_paint_by};
use impasto::image::Picture;
use impasto::job::{Cancel, Progress};
use impasto::optimize::{OptimizeOptions, ScaleIterations, StylePart};
use impasto::runtime::{Device, Precision};
use impasto::{Engine, EngineOptions, ErrorKind, Report, Request, Result, Settings};

const F32: Device = Device::OpenVino(Precision::F32);
const BF16: Device = Device::OpenVino(Precision::Bf16);

fn engine(device: Device) -> Engine {
    Engine::new(EngineOptions {
        device,
        user_styles: Some(scratch().join("no-styles")),
        cache: Some(scratch().join("codes")),
        ..EngineOptions::default()
    })
}

fn openvino() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| engine(F32))
}

fn paint(engine: &Engine, picture: &Picture, job: Job<'_>) -> Result<(Picture, Report)> {
    let style = common::style("great-wave");
    try_paint_by(engine, picture, None, &style, &Settings::default(), job)
}

fn whole(engine: &Engine, picture: &Picture) -> (Picture, Report) {
    paint(engine, picture, job(&Cancel::new())).unwrap()
}

fn has_bf16() -> bool {
    std::arch::is_x86_feature_detected!("avx512bf16")
}

#[test]
#[ignore = "needs `cargo xtask setup --openvino`"]
fn floats_paint_as_the_cpu_does() {
    let photo = example("photo.png");
    let (by_cpu, _) = whole(common::engine(), &photo);
    let (painted, report) = whole(openvino(), &photo);
    assert_eq!(report.device, F32);
    assert!(report.notes.is_empty() && report.retries == 0, "{report:?}");
    let most = most_difference(&painted, &by_cpu);
    assert!(most <= 1.01 / 255.0, "{most}");
}

#[test]
#[ignore = "needs `cargo xtask setup --openvino`"]
fn halved_floats_paint_nearly_as_the_cpu_does_or_are_refused() {
    let photo = example("photo.png");
    let engine = engine(BF16);
    if !has_bf16() {
        let error = paint(&engine, &photo, job(&Cancel::new())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Device);
        assert!(error.full_message().contains("no instructions for bf16"), "{error}");
        println!("refused: this processor has no bf16");
        return;
    }
    let (by_cpu, _) = whole(common::engine(), &photo);
    let (painted, report) = whole(&engine, &photo);
    assert_eq!(report.device, BF16);
    let mean = mean_difference(&painted, &by_cpu);
    assert!(mean > 0.0 && mean <= 2.0 / 255.0, "{mean}");
}

#[test]
#[ignore = "needs `cargo xtask setup --openvino`"]
fn auto_leaves_it_alone_and_the_list_says_yes() {
    let (_, report) = whole(&engine(Device::Auto), &example("photo.png"));
    assert_ne!(report.device, F32);
    let devices = openvino().devices().unwrap();
    let status = |device| devices.iter().find(|status| status.device == device).unwrap();
    assert_eq!(status(F32).unavailable, None);
    assert_eq!(status(BF16).unavailable.is_none(), has_bf16());
}

/// On processors by Intel, OpenVINO's provider offers itself to sessions that name none; it knows
/// no operators of ours. The suite runs this once more in valgrind, where every processor is Intel's.
#[test]
#[ignore = "needs `cargo xtask setup --openvino`"]
fn the_cpu_does_without_openvino_once_that_was_listed() {
    let engine = Engine::new(EngineOptions {
        device: Device::Cpu,
        threads: NonZeroUsize::new(1),
        ..EngineOptions::default()
    });
    let listed = engine.devices().unwrap();
    assert!(listed.iter().any(|status| status.device == F32 && status.unavailable.is_none()));
    engine.prepare().unwrap();
}

#[test]
#[ignore = "needs `cargo xtask setup --openvino`"]
fn its_library_can_be_named_by_path() {
    let path = std::env::var("IMPASTO_OPENVINO").unwrap();
    let device: Device = path.parse().unwrap();
    let (by_path, photo) = (engine(device.clone()), example("photo.png"));
    // As on a GPU, one session serves all looks.
    for style in ["great-wave", "mosaic", "great-wave"].map(common::style) {
        let paint = |engine| {
            let cancel = Cancel::new();
            try_paint_by(engine, &photo, None, &style, &Settings::default(), job(&cancel)).unwrap()
        };
        let ((painted, report), (by_cpu, _)) = (paint(&by_path), paint(common::engine()));
        assert_eq!(report.device, device);
        assert!(most_difference(&painted, &by_cpu) <= 1.01 / 255.0, "{}", style.name);
    }
}

#[test]
#[ignore = "needs `cargo xtask setup --openvino`"]
fn two_threads_paint_the_same_at_once() {
    let photo = example("photo.png");
    let (alone, _) = whole(openvino(), &photo);
    std::thread::scope(|scope| {
        let work = || whole(openvino(), &photo).0;
        for thread in [scope.spawn(work), scope.spawn(work)] {
            assert!(most_difference(&thread.join().unwrap(), &alone) <= 1.01 / 255.0);
        }
    });
}

#[test]
#[ignore = "needs `cargo xtask setup --openvino`"]
fn a_request_to_stop_is_met_between_tiles() {
    let photo = example("photo.png");
    let cancel = Cancel::new();
    let after = AtomicU32::new(0);
    let progress = |state: Progress| {
        if cancel.is_requested() {
            after.fetch_add(1, Ordering::SeqCst);
        } else if state.fraction > 0.3 {
            cancel.request();
        }
    };
    let job = Job { cancel: &cancel, progress: &progress, memory: Some(1) };
    let error = paint(openvino(), &photo, job).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(after.load(Ordering::SeqCst), 0);
}

/// Losses fall as on the CPU, and to the same.
#[test]
#[ignore = "needs `cargo xtask setup --openvino`"]
fn optimising_comes_to_the_same_losses() {
    let photo = common::pictures::photo_part(0, 0, 96, 96);
    let style = example("photo.png");
    let total = |device: Device| {
        let mut painted = like(&photo).unwrap();
        let mut output = painted.view_mut();
        let canvas = canvas(&photo, None, &mut output);
        let steps = ScaleIterations { side: 96, iterations: 10 };
        let options = OptimizeOptions { schedule: vec![steps], ..OptimizeOptions::default() };
        let settings = Settings::from(options);
        let styles = [StylePart::from(&style)];
        let cancel = Cancel::new();
        let request = Request::new(canvas, styles[..].into(), &settings, &cancel);
        let report = engine(device.clone()).paint(request, &()).unwrap();
        assert_eq!(report.device, device);
        report.losses().unwrap().total
    };
    let by_cpu = total(Device::Cpu);
    let by_floats = total(F32);
    assert!((by_floats / by_cpu - 1.0).abs() < 1e-3, "{by_floats} for {by_cpu}");
    if has_bf16() {
        let by_halves = total(BF16);
        assert!((by_halves / by_cpu - 1.0).abs() < 0.1, "{by_halves} for {by_cpu}");
    }
}
