//! What Rust hosts get: `impasto-client` over the C library that was built with these tests.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::num::{NonZeroU32, NonZeroU64};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use common::pictures::{RGB_F32, RGBA_U8, drawn, scene};
use common::program::run;
use common::{root, scratch};
use impasto::fast::FastOptions;
use impasto::image::Picture;
use impasto_client::{
    Cancel, Channels, Engine, EngineOptions, Error, Library, Log, LogLevel, PaintOptions,
    PaintedFrame, ParameterKind, PixelFormat, Pixels, PixelsMut, Report, Result, Sample, Status,
    Style, Version,
};
use tempfile::TempDir;

/// Building the tests puts the library beside them; the one a folder above may be an older one.
fn built() -> PathBuf {
    let name = format!("{}impasto{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let file = std::env::current_exe().unwrap().with_file_name(name);
    assert!(file.is_file(), "no {}; `cargo test` builds it", file.display());
    file.canonicalize().unwrap()
}

fn library() -> Library {
    Library::load(Some(&built())).unwrap()
}

fn own_folders() -> EngineOptions {
    EngineOptions {
        user_styles: Some(scratch().join("no-styles")),
        cache: Some(scratch().join("client-codes")),
        ..EngineOptions::default()
    }
}

/// The engine of most tests: loading it takes longer than most paintings.
fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(&library(), &own_folders()).unwrap())
}

fn style(name: &str) -> Style {
    Style::from_name(engine(), name).unwrap()
}

fn options(values: &[(&str, f64)]) -> PaintOptions {
    let mut options = PaintOptions::new(&library()).unwrap();
    for &(name, value) in values {
        options.set(name, value).unwrap();
    }
    options
}

fn go_on(_: f32, _: &str) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn picture(width: u32, height: u32) -> Picture {
    drawn(width, height, RGBA_U8, scene)
}

/// The portrait of the examples as 8-bit RGBA.
/// [`picture`] with a little noise.
fn drawn_with_noise(width: u32, height: u32) -> Picture {
    let mut noisy = picture(width, height);
    for (k, pixel) in noisy.data_mut().chunks_exact_mut(4).enumerate() {
        for value in &mut pixel[..3] {
            *value = value.saturating_add((k * k % 7) as u8);
        }
    }
    noisy
}

fn portrait() -> Picture {
    let file = common::pictures::example("portrait.png");
    let pixels = common::pictures::pixels(&file);
    let width = file.width();
    drawn(width, file.height(), RGBA_U8, |x, y| pixels[(y * width + x) as usize])
}

fn borrowed(picture: &Picture) -> Pixels<'_> {
    Pixels::new(picture.data(), picture.width(), picture.height(), PixelFormat::RGBA_U8).unwrap()
}

/// Paints into a buffer that was filled with 7.
fn paint(
    picture: &Picture,
    style: &Style,
    options: &PaintOptions,
    progress: impl FnMut(f32, &str) -> ControlFlow<()>,
) -> (Vec<u8>, Result<Report>) {
    let mut bytes = vec![7; picture.data().len()];
    let (width, height) = (picture.width(), picture.height());
    let mut output = PixelsMut::new(&mut bytes, width, height, PixelFormat::RGBA_U8).unwrap();
    let done = engine().paint(style, options, &borrowed(picture), None, &mut output, progress);
    (bytes, done)
}

fn assert_refused(error: &Error, status: Status, words: &[&str]) {
    assert_eq!(error.status(), status, "{error}");
    for word in words {
        assert!(error.message().contains(word), "no '{word}' in: {error}");
    }
}

/// A file that is no library to be used: the words name it and the cure, also once another library
/// is loaded.
fn assert_file_refused(file: &Path, words: &[&str]) {
    let error = Library::load(Some(file)).unwrap_err();
    assert_refused(&error, Status::Library, words);
    let cure = ["cannot load Impasto's library", file.to_str().unwrap(), "IMPASTO_LIBRARY"];
    assert_refused(&error, Status::Library, &cure);
}

#[test]
fn the_crate_knows_the_version_of_the_header() {
    let header = fs::read_to_string(root().join("include/impasto.h")).unwrap();
    let number = |name: &str| -> u32 {
        let start = format!("#define IMPASTO_VERSION_{name} ");
        header.lines().find_map(|line| line.strip_prefix(&start)).unwrap().parse().unwrap()
    };
    let Version { major, minor, patch } = Version::NEEDED;
    assert_eq!((major, minor, patch), (number("MAJOR"), number("MINOR"), number("PATCH")));
}

#[test]
fn there_is_one_library() {
    assert_eq!(library().version().to_string(), env!("CARGO_PKG_VERSION"));
    assert_eq!(library().path(), built());
    let address = || std::ptr::from_ref(library().path()).addr();
    let loaders: Vec<_> = (0..8).map(|_| thread::spawn(address)).collect();
    assert!(loaders.into_iter().all(|loader| loader.join().unwrap() == address()));
    // A second one is not used beside it.
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let copy = folder.path().join("copy.so");
    fs::copy(built(), &copy).unwrap();
    assert_file_refused(&copy, &["comes too late", built().to_str().unwrap()]);
    assert_eq!(Library::load(None).unwrap().path(), built());
}

#[test]
fn objects_may_be_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Library>();
    shared::<Engine>();
    shared::<Style>();
    shared::<Cancel>();
    shared::<PaintOptions>();
    shared::<EngineOptions>();
    shared::<Error>();
}

#[test]
fn parameters_are_those_of_the_engine() {
    use impasto::parameters::{PARAMETERS, ParameterKind as Kind};
    let parameters = library().parameters();
    assert_eq!(parameters.len(), PARAMETERS.len());
    for (ours, engines) in parameters.iter().zip(PARAMETERS) {
        assert_eq!((ours.name, ours.label, ours.help), (engines.name, engines.label, engines.help));
        match (&ours.kind, engines.kind) {
            (
                &ParameterKind::Float { least, most, default, step },
                Kind::Float { least: l, most: m, default: d, step: s },
            ) => assert_eq!((least, most, default, step), (l, m, d, s)),
            (
                &ParameterKind::Integer { least, most, default },
                Kind::Integer { least: l, most: m, default: d },
            ) => assert_eq!((least, most, default), (l, m, d)),
            (ParameterKind::Choice { choices, default }, Kind::Choice { values, default: d }) => {
                let choices: Vec<_> = choices.iter().map(|c| (c.name, c.label)).collect();
                assert_eq!((choices.as_slice(), *default), (values, d));
            }
            (ours, engines) => panic!("{ours:?} is not {engines:?}"),
        }
    }
}

#[test]
fn styles_and_devices_are_those_of_the_engine() {
    let ours = engine().styles().unwrap();
    let engines = common::engine().styles().unwrap().list();
    assert!(!ours.is_empty());
    assert_eq!(ours.len(), engines.len());
    for (ours, engines) in ours.iter().zip(&engines) {
        let style = &engines.style;
        assert_eq!((&ours.name, &ours.title), (&style.name, &style.title));
        assert_eq!((&ours.painter, &ours.year), (&style.painter, &style.year));
        assert_eq!(ours.thumbnail, engines.thumbnail);
    }
    let ours = engine().devices().unwrap();
    let engines = common::engine().devices().unwrap();
    assert!(ours.iter().any(|device| device.name == "cpu" && device.unavailable.is_none()));
    let ours: Vec<_> = ours.into_iter().map(|device| (device.name, device.unavailable)).collect();
    let engines: Vec<_> =
        engines.into_iter().map(|status| (status.device.to_string(), status.unavailable)).collect();
    assert_eq!(ours, engines);
}

#[test]
fn a_painting_is_that_of_the_engine() {
    let portrait = portrait();
    let engines = FastOptions { strength: 0.9, turbulence: 0.5, seed: 3, ..FastOptions::default() };
    let expected = common::paint(&portrait, &common::style("great-wave"), &engines);

    let options = options(&[("strength", 0.9), ("turbulence", 0.5), ("seed", 3.0)]);
    let mut heard: Vec<(f32, String)> = Vec::new();
    let (painted, done) = paint(&portrait, &style("great-wave"), &options, |fraction, phase| {
        heard.push((fraction, phase.to_owned()));
        ControlFlow::Continue(())
    });
    let report = done.unwrap();
    assert!(painted == expected.data(), "the paintings differ");
    assert_eq!(report.device, "cpu");
    assert!(report.tiles >= 1 && report.peak_bytes > 0, "{report:?}");
    assert!(report.seconds > 0.0 && report.seconds >= report.network_seconds, "{report:?}");
    assert!(!heard.is_empty() && heard.len() <= 200, "{}", heard.len());
    assert!(heard.iter().all(|(part, phase)| (0.0..=1.0).contains(part) && !phase.is_empty()));
    assert!(heard.is_sorted_by(|a, b| a.0 <= b.0), "{heard:?}");
}

#[test]
fn a_memory_budget_makes_more_tiles() {
    let (picture, style, mut options) = (picture(600, 120), style("ink"), options(&[]));
    let whole = paint(&picture, &style, &options, go_on).1.unwrap();
    options.set_memory_budget(NonZeroU64::new(50 << 20));
    let cut = paint(&picture, &style, &options, go_on).1.unwrap();
    assert!(whole.tiles < cut.tiles, "{} and {}", whole.tiles, cut.tiles);
}

#[test]
fn one_buffer_serves_as_picture_and_output() {
    let (portrait, style, options) = (portrait(), style("ink"), options(&[]));
    let (expected, done) = paint(&portrait, &style, &options, go_on);
    done.unwrap();
    let mut bytes = portrait.data().to_vec();
    let (width, height) = (portrait.width(), portrait.height());
    let mut pixels = PixelsMut::new(&mut bytes, width, height, PixelFormat::RGBA_U8).unwrap();
    engine().paint_in_place(&style, &options, &mut pixels, None, go_on).unwrap();
    assert!(bytes == expected);
    assert!(bytes != portrait.data());
}

#[test]
fn rows_may_have_gaps_and_run_upwards() {
    const GAP: usize = 12;
    let picture = picture(200, 120);
    let (style, options, row) = (style("ink"), options(&[]), 200 * 4);
    let (expected, done) = paint(&picture, &style, &options, go_on);
    done.unwrap();

    // Bottom-up, and nothing behind the last row in memory, which is the top one.
    let stride = row + GAP;
    let mut bytes = vec![9; stride * 119 + row];
    for (y, pixels) in picture.data().chunks_exact(row).enumerate() {
        let start = (119 - y) * stride;
        bytes[start..start + row].copy_from_slice(pixels);
    }
    let format = PixelFormat::RGBA_U8;
    let mut packed = vec![0; expected.len()];
    let input = Pixels::with_stride(&bytes, 200, 120, -(stride as isize), format).unwrap();
    let mut output = PixelsMut::new(&mut packed, 200, 120, format).unwrap();
    engine().paint(&style, &options, &input, None, &mut output, go_on).unwrap();
    assert!(packed == expected);

    let upwards = -(stride as isize);
    let mut pixels = PixelsMut::with_stride(&mut bytes, 200, 120, upwards, format).unwrap();
    engine().paint_in_place(&style, &options, &mut pixels, None, go_on).unwrap();
    for (y, pixels) in expected.chunks_exact(row).enumerate() {
        let start = (119 - y) * stride;
        assert!(&bytes[start..start + row] == pixels, "row {y}");
        let gap = bytes.get(start + row..start + stride).unwrap_or_default();
        assert!(gap.iter().all(|&byte| byte == 9), "the gap behind row {y}");
    }
}

#[test]
fn a_mask_keeps_its_black() {
    let picture = picture(200, 120);
    let mask: Vec<u8> = (0..200 * 120).map(|k| if k % 200 < 100 { 0 } else { 255 }).collect();
    let mask = Pixels::new(&mask, 200, 120, PixelFormat::new(Channels::Gray, Sample::U8)).unwrap();
    let mut bytes = picture.data().to_vec();
    let mut pixels = PixelsMut::new(&mut bytes, 200, 120, PixelFormat::RGBA_U8).unwrap();
    let (style, options) = (style("ink"), options(&[]));
    engine().paint_in_place(&style, &options, &mut pixels, Some(&mask), go_on).unwrap();
    let rows = || bytes.chunks_exact(800).zip(picture.data().chunks_exact(800));
    assert!(rows().all(|(painted, row)| painted[..400] == row[..400]));
    assert!(rows().any(|(painted, row)| painted[400..] != row[400..]));
}

#[test]
fn a_painting_is_steadied_by_its_neighbours() {
    let (one, other) = (picture(96, 64), drawn_with_noise(96, 64));
    let options = options(&[("turbulence", 0.0)]);
    let paintings = [&one, &other].map(|picture| {
        let mut painting = picture.clone();
        let mut to = PixelsMut::new(painting.data_mut(), 96, 64, PixelFormat::RGBA_U8).unwrap();
        let style = style("great-wave");
        engine().paint(&style, &options, &borrowed(picture), None, &mut to, go_on).unwrap();
        painting
    });
    let frame = |picture, painting| PaintedFrame {
        picture: borrowed(picture),
        painting: borrowed(painting),
    };
    let own = frame(&one, &paintings[0]);
    let steadied = |neighbors: &[PaintedFrame<'_>], cancel: Option<&Cancel>| {
        let mut bytes = vec![7; 96 * 64 * 4];
        let mut to = PixelsMut::new(&mut bytes, 96, 64, PixelFormat::RGBA_U8)?;
        engine().steady(&own, neighbors, None, cancel, &mut to)?;
        Ok::<_, Error>(bytes)
    };
    assert!(steadied(&[], None).unwrap() == paintings[0].data());
    let neighbor = frame(&other, &paintings[1]);
    assert!(steadied(&[neighbor], None).unwrap() != paintings[0].data());
    let refused = steadied(&[neighbor; 17], None).unwrap_err();
    assert_refused(&refused, Status::Argument, &["17", "16"]);
    let cancel = Cancel::new(&library()).unwrap();
    cancel.request();
    let cancelled = steadied(&[neighbor], Some(&cancel)).unwrap_err();
    assert_eq!(cancelled.status(), Status::Cancelled);
}

#[test]
fn floats_become_bytes() {
    let picture = drawn(160, 100, RGB_F32, scene);
    let expected = common::paint(&picture, &common::style("ink"), &FastOptions::default());
    let format = PixelFormat::new(Channels::Rgb, Sample::F32);
    let input = Pixels::new(picture.data(), 160, 100, format).unwrap();
    let mut floats = vec![0; picture.data().len()];
    let mut output = PixelsMut::new(&mut floats, 160, 100, format).unwrap();
    engine().paint(&style("ink"), &options(&[]), &input, None, &mut output, go_on).unwrap();
    assert!(floats == expected.data());

    let mut bytes = vec![0; 160 * 100 * 4];
    let mut output = PixelsMut::new(&mut bytes, 160, 100, PixelFormat::RGBA_U8).unwrap();
    engine().paint(&style("ink"), &options(&[]), &input, None, &mut output, go_on).unwrap();
    let expected = common::pictures::pixels(&expected);
    for (pixel, expected) in bytes.chunks_exact(4).zip(expected) {
        let near = |k: usize| (f32::from(pixel[k]) / 255.0 - expected[k].clamp(0.0, 1.0)).abs();
        assert!(near(0).max(near(1)).max(near(2)) < 0.51 / 255.0 && pixel[3] == 255);
    }
}

#[test]
fn another_thread_cancels() {
    let (picture, cancel) = (picture(2600, 2000), Cancel::new(&library()).unwrap());
    let mut options = options(&[("brush-size", 1.0)]);
    options.set_cancel(Some(&cancel));
    let (started, has_started) = mpsc::channel();
    let canceller = thread::spawn({
        let cancel = cancel.clone();
        move || {
            has_started.recv().unwrap();
            cancel.request();
            Instant::now()
        }
    });
    let (bytes, done) = paint(&picture, &style("ink"), &options, |_, _| {
        let _ = started.send(());
        ControlFlow::Continue(())
    });
    let took = canceller.join().unwrap().elapsed();
    assert_eq!(done.unwrap_err().status(), Status::Cancelled);
    assert!(bytes.iter().all(|&byte| byte == 7), "the output was touched");
    println!("ended {took:?} after the request");
    assert!(took < Duration::from_secs(5), "{took:?}");

    // Once requested it stays requested.
    assert!(cancel.is_requested());
    let (_, done) = paint(&picture, &style("ink"), &options, go_on);
    assert_eq!(done.unwrap_err().status(), Status::Cancelled);
    options.set_cancel(None);
    paint(&self::picture(64, 64), &style("ink"), &options, go_on).1.unwrap();
}

#[test]
fn a_listener_cancels_its_own_painting_only() {
    let (picture, cancel) = (picture(300, 200), Cancel::new(&library()).unwrap());
    let mut options = options(&[]);
    options.set_cancel(Some(&cancel));
    let mut calls = 0;
    let (bytes, done) = paint(&picture, &style("ink"), &options, |_, _| {
        calls += 1;
        ControlFlow::Break(())
    });
    assert_eq!(done.unwrap_err().status(), Status::Cancelled);
    assert_eq!(calls, 1);
    assert!(bytes.iter().all(|&byte| byte == 7));
    assert!(!cancel.is_requested());
    paint(&picture, &style("ink"), &options, go_on).1.unwrap();
}

#[test]
fn a_panic_of_a_listener_goes_on_after_the_painting() {
    let (picture, style, options) = (picture(300, 200), style("ink"), options(&[]));
    let mut bytes = picture.data().to_vec();
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut pixels = PixelsMut::new(&mut bytes, 300, 200, PixelFormat::RGBA_U8).unwrap();
        engine().paint_in_place(&style, &options, &mut pixels, None, |_, _| {
            std::panic::resume_unwind(Box::new("the listener's own words"))
        })
    }))
    .unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"the listener's own words"));
    assert!(bytes == picture.data());
    paint(&picture, &style, &options, go_on).1.unwrap();
}

#[test]
fn log_messages_are_received_and_panics_in_them_forgotten() {
    let heard: Arc<Mutex<Vec<(LogLevel, String)>>> = Arc::default();
    let calls = Arc::new(AtomicUsize::new(0));
    let log = Log::new(LogLevel::Debug, {
        let (heard, calls) = (Arc::clone(&heard), Arc::clone(&calls));
        move |level, message: &str| {
            heard.lock().unwrap().push((level, message.to_owned()));
            calls.fetch_add(1, Ordering::SeqCst);
            std::panic::resume_unwind(Box::new("words that nobody hears"));
        }
    });
    let options = EngineOptions {
        log: Some(log),
        device: Some("cpu".into()),
        threads: NonZeroU32::new(1),
        memory_budget: NonZeroU64::new(1 << 30),
        ..own_folders()
    };
    let engine = Engine::new(&library(), &options).unwrap();
    drop(options);
    engine.prepare().unwrap();
    let messages = heard.lock().unwrap().clone();
    assert!(messages.iter().any(|(_, message)| message.contains("loaded")), "{messages:?}");
    assert!(messages.iter().all(|(level, _)| *level != LogLevel::Off));
    // A freed engine's receiver is dropped and called no more.
    drop(engine);
    let before = calls.load(Ordering::SeqCst);
    let unheard = EngineOptions { device: Some("cpu".into()), ..own_folders() };
    Engine::new(&library(), &unheard).unwrap().prepare().unwrap();
    assert_eq!(calls.load(Ordering::SeqCst), before);
    assert_eq!(Arc::strong_count(&calls), 1);
}

#[test]
fn a_style_survives_being_saved() {
    let wave = style("great-wave");
    assert_eq!(wave.name(), "great-wave");
    assert_eq!(wave.bytes(), common::style("great-wave").to_text().as_bytes());
    let again = Style::from_bytes(&library(), wave.bytes()).unwrap();
    assert_eq!((again.name(), again.bytes()), (wave.name(), wave.bytes()));
    let (picture, options) = (picture(120, 80), options(&[]));
    let painted = paint(&picture, &wave, &options, go_on).0;
    assert!(painted == paint(&picture, &again, &options, go_on).0);

    for bytes in [&b""[..], b"\xff\xfe", b"name = 3", &wave.bytes()[..200]] {
        let error = Style::from_bytes(&library(), bytes).unwrap_err();
        assert_refused(&error, Status::Style, &[]);
        assert!(!error.message().is_empty());
    }
}

#[test]
fn styles_are_mixed() {
    let (wave, ink) = (style("great-wave"), style("ink"));
    let (picture, options) = (picture(120, 80), options(&[]));
    let painted = |style: &Style| {
        let (bytes, done) = paint(&picture, style, &options, go_on);
        done.unwrap();
        bytes
    };
    let mixed = Style::mix(&[(&wave, 1.0), (&ink, 3.0)]).unwrap();
    assert!(painted(&mixed) != painted(&wave) && painted(&mixed) != painted(&ink));
    assert!(painted(&Style::mix(&[(&wave, 2.0), (&ink, 0.0)]).unwrap()) == painted(&wave));
    for weights in [[0.0, 0.0], [-1.0, 2.0], [f32::NAN, 1.0]] {
        let wrong = Style::mix(&[(&wave, weights[0]), (&ink, weights[1])]).unwrap_err();
        assert_refused(&wrong, Status::Argument, &[]);
    }
    assert_refused(&Style::mix(&[]).unwrap_err(), Status::Argument, &["cannot mix no styles"]);
}

#[test]
fn a_picture_is_a_style_from_its_file_and_from_memory() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let (portrait, file) = (portrait(), folder.path().join("portrait.png"));
    impasto::file::write(&portrait, &file, &Default::default()).unwrap();
    let from_file = Style::from_file(engine(), &file, None).unwrap();
    assert_eq!(from_file.name(), "portrait");
    let pixels = borrowed(&portrait);
    let from_pixels = Style::from_pixels(engine(), &pixels, Some("mine"), None).unwrap();
    assert_eq!(from_pixels.name(), "mine");
    assert_eq!(Style::from_pixels(engine(), &pixels, None, None).unwrap().name(), "picture");
    let (picture, options) = (picture(120, 80), options(&[]));
    let painted = paint(&picture, &from_file, &options, go_on).0;
    assert!(painted == paint(&picture, &from_pixels, &options, go_on).0);

    let cancel = Cancel::new(&library()).unwrap();
    cancel.request();
    let unseen = self::picture(301, 203);
    let cancelled = Style::from_pixels(engine(), &borrowed(&unseen), None, Some(&cancel));
    assert_refused(&cancelled.unwrap_err(), Status::Cancelled, &[]);
}

#[test]
fn failures_have_the_words_of_the_library() {
    let failed = Style::from_name(engine(), "no-such-style").unwrap_err();
    assert_refused(&failed, Status::Style, &["no-such-style", "great-wave"]);
    let failed = Style::from_name(engine(), "a\0b").unwrap_err();
    assert_refused(&failed, Status::Argument, &["NUL"]);
    let missing = scratch().join("no-such-picture.png");
    let failed = Style::from_file(engine(), &missing, None).unwrap_err();
    assert_refused(&failed, Status::File, &["no-such-picture.png"]);

    let with = |change: fn(&mut EngineOptions)| {
        let mut options = own_folders();
        change(&mut options);
        Engine::new(&library(), &options)
    };
    let failed = with(|options| options.device = Some("quantum".into())).unwrap_err();
    assert_refused(&failed, Status::Argument, &["quantum", "cuda"]);
    let lost = with(|options| options.models = Some(scratch().join("no-models"))).unwrap();
    assert_refused(&lost.styles().unwrap_err(), Status::Model, &["no-models"]);
    assert_refused(&lost.prepare().unwrap_err(), Status::Model, &["no-models"]);
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let odd = std::ffi::OsString::from_vec(vec![b'/', 0xff]);
        let options = EngineOptions { models: Some(odd.into()), ..own_folders() };
        let failed = Engine::new(&library(), &options).unwrap_err();
        assert_refused(&failed, Status::Argument, &["is not UTF-8"]);
    }

    let mut options = options(&[]);
    let failed = options.set("strenght", 0.5).unwrap_err();
    assert_refused(&failed, Status::Argument, &["strenght"]);
    for (name, value) in [("strength", 1.5), ("strength", f64::NAN), ("seed", 0.5)] {
        assert_refused(&options.set(name, value).unwrap_err(), Status::Argument, &[name]);
    }

    let (picture, mut small) = (picture(30, 20), vec![0; 29 * 20 * 4]);
    let mut output = PixelsMut::new(&mut small, 29, 20, PixelFormat::RGBA_U8).unwrap();
    let options = self::options(&[]);
    let failed =
        engine().paint(&style("ink"), &options, &borrowed(&picture), None, &mut output, go_on);
    assert_refused(&failed.unwrap_err(), Status::Argument, &["29x20", "30x20"]);
}

#[test]
fn files_that_are_no_library_are_refused() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let file = folder.path().join("libimpasto.so");
    assert_file_refused(&file, &["cannot be read", "No such file"]);
    assert_file_refused(folder.path(), &["is not a file"]);
    fs::write(&file, "This is not a library.\n".repeat(100)).unwrap();
    assert_file_refused(&file, &["is not a library that can be loaded here"]);
    let whole = fs::read(built()).unwrap();
    for part in [100, 5000, whole.len() / 2] {
        fs::write(&file, &whole[..part]).unwrap();
        assert_file_refused(&file, &["is truncated"]);
    }
    fs::write(&file, "").unwrap();
    assert_file_refused(&file, &["is not a library that can be loaded here"]);
}

#[cfg(target_os = "linux")]
mod on_linux {
    use super::*;

    /// A library of its own making.
    fn fake(folder: &TempDir, code: &str) -> PathBuf {
        let (source, file) = (folder.path().join("fake.c"), folder.path().join("libfake.so"));
        fs::write(&source, code).unwrap();
        let _ = fs::remove_file(&file);
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-o"]).arg(&file).arg(&source);
        let ran = run(&mut compiler);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        file
    }

    #[test]
    fn libraries_of_other_interfaces_are_refused() {
        let version =
            |number: u32| format!("unsigned impasto_version_number(void) {{ return {number}; }}");
        let Version { major, minor, .. } = Version::NEEDED;
        let needed = format!("{major}.{minor} or a later version {major} is needed");
        for (number, words) in [
            ((major + 1) * 1_000_000, [format!("is Impasto {}.0.0", major + 1), needed.clone()]),
            ((minor - 1) * 1_000 + 9, [format!("is Impasto {major}.{}.9", minor - 1), needed]),
            (999_000, ["damaged Impasto 0.999.0".into(), "it has no impasto_".into()]),
        ] {
            let folder = tempfile::tempdir_in(scratch()).unwrap();
            let file = fake(&folder, &version(number));
            assert_file_refused(&file, &words.each_ref().map(String::as_str));
        }
        let folder = tempfile::tempdir_in(scratch()).unwrap();
        let file = fake(&folder, "int something_else(void) { return 1; }");
        assert_file_refused(&file, &["is not Impasto", "impasto_version_number"]);
    }

    /// What the programs below do: they are copies of this one, which look beside themselves.
    #[test]
    #[ignore = "other tests run it in a process of its own"]
    fn loads_what_it_finds() {
        let started = Instant::now();
        let places = Library::places();
        let to_places = started.elapsed();
        let started = Instant::now();
        let loaded = Library::load(None);
        let took = started.elapsed();
        match loaded {
            Ok(library) => println!("\nloaded {}", library.path().display()),
            Err(error) => println!("\nrefused {:?} {error}", error.status()),
        }
        println!("\n{} places in {to_places:?}, an answer in {took:?}", places.len());
        if std::env::var_os("NOTHING_TO_LOAD").is_some() {
            assert!(to_places < Duration::from_millis(50) && took < Duration::from_millis(50));
        }
    }

    /// A copy of this program in the folder `bin` of a prefix of its own.
    struct Program {
        prefix: TempDir,
    }

    impl Program {
        fn new() -> Self {
            let prefix = tempfile::tempdir_in(scratch()).unwrap();
            for folder in ["bin/lib", "lib/impasto", "elsewhere"] {
                fs::create_dir_all(prefix.path().join(folder)).unwrap();
            }
            let program = Self { prefix };
            fs::copy(std::env::current_exe().unwrap(), program.at("bin/host")).unwrap();
            program
        }

        fn at(&self, place: &str) -> PathBuf {
            self.prefix.path().canonicalize().unwrap().join(place)
        }

        /// Puts a text in place of a library, which is refused where it is found.
        fn put(&self, place: &str) -> PathBuf {
            fs::write(self.at(place), "text").unwrap();
            self.at(place)
        }

        /// The line of `loads_what_it_finds`.
        fn says(&self, variables: &[(&str, &Path)]) -> String {
            let mut command = Command::new(self.at("bin/host"));
            command.args(["--ignored", "--exact", "--nocapture", "on_linux::loads_what_it_finds"]);
            command.env_remove("IMPASTO_LIBRARY").env("LD_LIBRARY_PATH", self.at("elsewhere"));
            command.envs(variables.iter().copied()).current_dir(self.at("elsewhere"));
            let ran = run(&mut command);
            assert_eq!(ran.code, Some(0), "{}{}", ran.text(), ran.stderr);
            let text = ran.text();
            text.lines().filter(|l| l.contains("places in")).for_each(|l| println!("{l}"));
            let mut lines = text.lines();
            let line =
                lines.find(|line| line.starts_with("loaded ") || line.starts_with("refused "));
            line.unwrap().to_owned()
        }
    }

    fn is_installed() -> bool {
        let is_installed = Library::places().iter().any(|p| p.starts_with("/usr") && p.exists());
        if is_installed {
            println!("skipped: a library is installed here");
        }
        is_installed
    }

    #[test]
    fn without_a_library_all_places_are_told_at_once() {
        if is_installed() {
            return;
        }
        let program = Program::new();
        // The working directory and the loader's own list are no places.
        program.put("elsewhere/libimpasto.so.0");
        program.put("elsewhere/libimpasto.so");
        let said = program.says(&[("NOTHING_TO_LOAD", Path::new("1"))]);
        assert!(said.starts_with("refused Library cannot find Impasto's library"), "{said}");
        for place in ["bin", "bin/lib", "lib", "lib/impasto", "/usr/local/lib", "/usr/lib"] {
            let place = program.at(place).display().to_string();
            assert!(said.contains(&format!(" {place}")), "no '{place}' in: {said}");
        }
        for words in ["libimpasto.so.0", "libimpasto.so ", "cargo xtask install", "IMPASTO_LIBRARY"]
        {
            assert!(said.contains(words), "no '{words}' in: {said}");
        }
        assert!(!said.contains("elsewhere"), "{said}");
        // An empty variable is one that is not set.
        assert_eq!(program.says(&[("IMPASTO_LIBRARY", Path::new(""))]), said);
    }

    #[test]
    fn the_nearest_library_is_taken() {
        let program = Program::new();
        let mut places = vec!["lib/impasto/libimpasto.so", "lib/libimpasto.so"];
        places.extend(["bin/lib/libimpasto.so.0", "bin/libimpasto.so", "bin/libimpasto.so.0"]);
        for place in places {
            let file = program.put(place);
            let said = program.says(&[]);
            assert!(said.contains(&format!("'{}' is not a library", file.display())), "{said}");
        }
        let named = built();
        let loaded = format!("loaded {}", named.display());
        assert_eq!(program.says(&[("IMPASTO_LIBRARY", &named)]), loaded);
        // What is named wrongly is told, not passed over.
        let said = program.says(&[("IMPASTO_LIBRARY", &program.at("nowhere.so"))]);
        assert!(said.contains("nowhere.so' cannot be read"), "{said}");
        // A link stands for its file.
        fs::remove_file(program.at("bin/libimpasto.so.0")).unwrap();
        std::os::unix::fs::symlink(&named, program.at("bin/libimpasto.so.0")).unwrap();
        assert_eq!(program.says(&[]), loaded);
    }
}

#[test]
fn asking_without_a_library_is_quick() {
    let missing = scratch().join("no-such-library.so");
    let time = |what: &str, work: &dyn Fn()| {
        let started = Instant::now();
        work();
        let took = started.elapsed();
        println!("{what}: {took:?}");
        assert!(took < Duration::from_millis(50), "{what} took {took:?}");
    };
    time("the places", &|| drop(Library::places()));
    time("a missing library", &|| drop(Library::load(Some(&missing)).unwrap_err()));
    let library = library();
    time("the parameters", &|| drop(library.parameters()));
    time("an engine", &|| drop(Engine::new(&library, &own_folders()).unwrap()));
}
