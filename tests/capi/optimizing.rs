//! The optimise method through the C interface.

use std::cell::Cell;
use std::ffi::{CStr, c_void};
use std::ptr;

use crate::abi::{self, checked};
use crate::fixtures::{self, Settings};

const SIDE: u32 = 40;

/// A picture of floats in RGB and its description.
struct Owned {
    values: Vec<f32>,
    pixels: abi::Pixels,
}

fn picture(at: impl Fn(u32, u32) -> [f32; 3]) -> Owned {
    let mut values: Vec<f32> = (0..SIDE * SIDE).flat_map(|k| at(k % SIDE, k / SIDE)).collect();
    let mut pixels = fixtures::pixels();
    pixels.data = values.as_mut_ptr().cast();
    (pixels.width, pixels.height) = (SIDE, SIDE);
    (pixels.channels, pixels.sample) = (2, 3);
    Owned { values, pixels }
}

fn waves(x: u32, y: u32) -> [f32; 3] {
    let (x, y) = (x as f32, y as f32);
    [0.5 + 0.4 * (x / 5.0).sin(), 0.5 + 0.4 * (y / 7.0).sin(), 0.5 + 0.4 * (x * y / 90.0).cos()]
}

fn stripes(x: u32, y: u32) -> [f32; 3] {
    if (x + 2 * y) % 12 < 6 { [0.9, 0.2, 0.1] } else { [0.1, 0.1, 0.5] }
}

/// A style that is freed with it.
struct Style(*mut abi::Style);

impl Drop for Style {
    fn drop(&mut self) {
        // SAFETY: made by the library, freed once.
        unsafe { abi::impasto_style_free(&mut self.0) };
    }
}

fn style(of: &Owned) -> Style {
    let mut style = ptr::null_mut();
    // SAFETY: the pixels live; room for a handle.
    let status = unsafe {
        abi::impasto_style_from_pixels(
            fixtures::engine(),
            &of.pixels,
            c"stripes".as_ptr(),
            ptr::null(),
            &mut style,
        )
    };
    assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
    Style(style)
}

/// Four steps of the optimise method.
fn settings() -> Settings {
    Settings::new(&[(c"method", c"optimize"), (c"schedule", c"40:4")])
}

fn paint(
    style: *const abi::Style,
    settings: &Settings,
    run: &abi::Run,
    to: &Owned,
) -> (i32, abi::Report) {
    let from = picture(waves);
    let mut report = fixtures::report();
    // SAFETY: everything lives and was initialised.
    let status = unsafe {
        abi::impasto_engine_paint(
            fixtures::engine(),
            style,
            settings.get(),
            run,
            &from.pixels,
            ptr::null(),
            &to.pixels,
            &mut report,
        )
    };
    (checked(status), report)
}

unsafe extern "C" fn look(user_data: *mut c_void, preview: *const abi::Preview) {
    // SAFETY: what the test handed over, on its own thread.
    let (seen, preview) = unsafe { (&*user_data.cast::<Cell<u32>>(), &*preview) };
    // SAFETY: the preview's pixels are valid during the call.
    let pixels = unsafe { &*preview.pixels };
    assert!(pixels.width >= SIDE && !pixels.data.is_null());
    assert!(preview.losses.total.is_finite() && preview.losses.content >= 0.0);
    assert_eq!(preview.steps, 4);
    assert_eq!(preview.struct_size, size_of::<abi::Preview>());
    seen.set(seen.get() * 10 + preview.step);
}

#[test]
fn a_picture_is_optimised_and_seen_on_its_way() {
    let style = style(&picture(stripes));
    let seen = Cell::new(0);
    let mut run = fixtures::run();
    run.preview = Some(look);
    run.preview_user_data = ptr::from_ref(&seen).cast_mut().cast();
    run.preview_every = 2;
    let to = picture(|_, _| [7.0; 3]);
    let (status, report) = paint(style.0, &settings(), &run, &to);
    assert_eq!(status, abi::OK, "{}", abi::last_error());
    assert_eq!((report.steps, report.stopped, seen.get()), (4, 0, 24));
    assert!(report.style_loss > 0.0 && report.content_loss >= 0.0);
    // SAFETY: the library's text is valid until the next painting on this thread.
    let json = unsafe { CStr::from_ptr(report.json) }.to_str().unwrap();
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(json["method"], "optimize");
    let seen = |leg: usize| (&json["scales"][leg]["features"], &json["scales"][leg]["steps"]);
    assert_eq!(seen(0), (&"vgg16-slim".into(), &2.into()));
    assert_eq!(seen(1), (&"vgg16".into(), &2.into()));
    assert!(json["seconds"]["total"].as_f64().unwrap() > 0.0);
    // serde_json may read the last digit otherwise than it was written.
    let told = json["scales"][1]["losses"]["style"].as_f64().unwrap();
    assert!((told - f64::from(report.style_loss)).abs() < 1e-12, "{told} {}", report.style_loss);
    assert!(json.get("peak_memory_bytes").is_some());
    assert!(to.values.iter().all(|v| (0.0..=1.0).contains(v)));
}

#[test]
fn masked_styles_are_mixed() {
    let (left, right) = (
        picture(|x, _| [f32::from(u8::from(x < SIDE / 2)); 3]),
        picture(|x, _| [f32::from(u8::from(x >= SIDE / 2)); 3]),
    );
    let (first, second) = (style(&picture(stripes)), style(&picture(|_, _| [0.1, 0.8, 0.1])));
    let mut masked = [Style(ptr::null_mut()), Style(ptr::null_mut())];
    for (to, (of, mask)) in masked.iter_mut().zip([(first, &left), (second, &right)]) {
        // SAFETY: everything lives; room for a handle.
        let status =
            unsafe { abi::impasto_style_masked(of.0, &mask.pixels, ptr::null(), &mut to.0) };
        assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
    }
    let mut mixed = Style(ptr::null_mut());
    let styles = [masked[0].0.cast_const(), masked[1].0.cast_const()];
    // SAFETY: two styles and two weights.
    let status =
        unsafe { abi::impasto_style_mix(styles.as_ptr(), [1.0, 1.0].as_ptr(), 2, &mut mixed.0) };
    assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
    let mut settings = settings();
    settings.set(c"content-weight", c"0.1");
    settings.set(c"schedule", c"40:25");
    let to = picture(|_, _| [0.0; 3]);
    let (status, _) = paint(mixed.0, &settings, &fixtures::run(), &to);
    assert_eq!(status, abi::OK, "{}", abi::last_error());
    let green = |columns: std::ops::Range<u32>| -> f32 {
        let at = |x: u32, y: u32| &to.values[(y * SIDE + x) as usize * 3..][..3];
        (0..SIDE)
            .flat_map(|y| columns.clone().map(move |x| (x, y)))
            .map(|(x, y)| at(x, y)[1] - at(x, y)[0])
            .sum()
    };
    assert!(green(26..40) > green(0..14) + 10.0);
}

/// A shipped style that was saved.
fn code_alone() -> Style {
    let (mut bytes, mut length, mut saved) = (ptr::null(), 0, ptr::null_mut());
    // SAFETY: the style lives, and the bytes with it; room for a handle.
    let status = unsafe {
        checked(abi::impasto_style_bytes(fixtures::style(), &mut bytes, &mut length));
        abi::impasto_style_from_bytes(bytes, length, &mut saved)
    };
    assert_eq!(checked(status), abi::OK, "{}", abi::last_error());
    Style(saved)
}

#[test]
fn a_shipped_style_is_optimised_in() {
    let to = picture(|_, _| [0.25; 3]);
    assert_eq!(paint(fixtures::style(), &settings(), &fixtures::run(), &to).0, abi::OK);
    assert!(to.values.iter().any(|v| *v != 0.25));
    assert!(to.values.iter().all(|v| (-0.01..=1.01).contains(v)));
}

#[test]
fn what_cannot_be_optimised_is_told() {
    let with_picture = style(&picture(stripes));
    let to = picture(|_, _| [0.25; 3]);
    let refused = |style: *const abi::Style, settings: &Settings, words: &str| {
        let (status, _) = paint(style, settings, &fixtures::run(), &to);
        assert_ne!(status, abi::OK);
        assert!(abi::last_error().contains(words), "{}", abi::last_error());
        assert!(to.values.iter().all(|v| *v == 0.25));
    };
    refused(code_alone().0, &settings(), "a code alone");
    let mut unknown = settings();
    unknown.set(c"features", c"vgg99");
    refused(with_picture.0, &unknown, "vgg99");
}

#[test]
fn an_optimisation_starts_from_a_picture_that_is_given() {
    let style = style(&picture(stripes));
    let to = [picture(|_, _| [0.0; 3]), picture(|_, _| [0.0; 3])];
    let start = picture(stripes);
    let mut settings = settings();
    settings.set(c"schedule", c"40:1");
    let mut run = fixtures::run();
    assert_eq!(paint(style.0, &settings, &run, &to[0]).0, abi::OK);
    run.start = &start.pixels;
    assert_eq!(paint(style.0, &settings, &run, &to[1]).0, abi::OK);
    let far = |from: &Owned, at: &Owned| -> f32 {
        from.values.iter().zip(&at.values).map(|(a, b)| (a - b).abs()).sum()
    };
    assert!(far(&to[1], &start) < far(&to[0], &start));
    // The fast method has none.
    let fast = Settings::new(&[]);
    assert_eq!(paint(style.0, &fast, &run, &to[0]).0, abi::ARGUMENT);
    assert!(abi::last_error().contains("start"), "{}", abi::last_error());
}

/// Stops once so many steps are done, and counts the steps that it hears of.
struct Stopper {
    after: u32,
    heard: Cell<u32>,
}

unsafe extern "C" fn stop(user_data: *mut c_void, progress: *const abi::Progress) -> i32 {
    // SAFETY: what the test handed over, on its own thread.
    let (stopper, progress) = unsafe { (&*user_data.cast::<Stopper>(), &*progress) };
    // SAFETY: NULL, or valid during the call.
    if let Some(losses) = unsafe { progress.losses.as_ref() } {
        assert!(losses.total.is_finite() && losses.style > 0.0);
        stopper.heard.set(stopper.heard.get() + 1);
    }
    i32::from(stopper.heard.get() >= stopper.after)
}

fn stopped(after: u32, on_cancel: &CStr) -> (i32, abi::Report, Owned) {
    let style = style(&picture(stripes));
    let to = picture(|_, _| [0.25; 3]);
    let mut settings = settings();
    settings.set(c"on-cancel", on_cancel);
    let stopper = Stopper { after, heard: Cell::new(0) };
    let mut run = fixtures::run();
    run.progress = Some(stop);
    run.progress_user_data = ptr::from_ref(&stopper).cast_mut().cast();
    let (status, report) = paint(style.0, &settings, &run, &to);
    (status, report, to)
}

#[test]
fn what_was_done_is_kept_where_that_is_asked_for() {
    let untouched = |to: &Owned| to.values.iter().all(|v| *v == 0.25);
    let (status, report, to) = stopped(2, c"keep");
    assert_eq!(status, abi::OK, "{}", abi::last_error());
    assert_eq!((report.stopped, report.steps), (1, 2));
    assert!(!untouched(&to));
    // Before the first step there is nothing to keep.
    for (after, on_cancel) in [(0, c"keep"), (0, c"discard"), (2, c"discard")] {
        let (status, report, to) = stopped(after, on_cancel);
        assert_eq!(status, abi::CANCELLED, "{after} {on_cancel:?}");
        assert!(report.steps == 0 && untouched(&to));
    }
}

#[test]
fn a_checkpoint_that_cannot_be_written_is_told_before_the_first_step() {
    let style = style(&picture(stripes));
    let to = picture(|_, _| [0.25; 3]);
    let mut settings = settings();
    settings.set(c"checkpoint", c"/no such folder/work.state");
    let stopper = Stopper { after: u32::MAX, heard: Cell::new(0) };
    let mut run = fixtures::run();
    run.progress = Some(stop);
    run.progress_user_data = ptr::from_ref(&stopper).cast_mut().cast();
    let (status, _) = paint(style.0, &settings, &run, &to);
    assert_eq!(status, abi::FILE, "{}", abi::last_error());
    assert_eq!(stopper.heard.get(), 0);
    assert!(abi::last_error().contains("work.state"), "{}", abi::last_error());
}
