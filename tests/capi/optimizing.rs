//! The optimise method through the C interface.

use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::ptr;

use crate::abi::{self, checked};
use crate::fixtures;

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

fn options() -> abi::PaintOptions {
    let mut options = fixtures::paint_options();
    options.method = 1;
    options.schedule = c"40:4".as_ptr();
    options
}

fn paint(style: *const abi::Style, options: &abi::PaintOptions, to: &Owned) -> (i32, abi::Report) {
    let from = picture(waves);
    let mut report = fixtures::report();
    // SAFETY: everything lives and was initialised.
    let status = unsafe {
        abi::impasto_engine_paint(
            fixtures::engine(),
            style,
            options,
            &from.pixels,
            ptr::null(),
            &to.pixels,
            &mut report,
        )
    };
    (checked(status), report)
}

unsafe extern "C" fn look(
    user_data: *mut c_void,
    pixels: *const abi::Pixels,
    step: u32,
    steps: u32,
    total_loss: f32,
) {
    // SAFETY: what the test handed over, on its own thread.
    let (seen, pixels) = unsafe { (&*user_data.cast::<Cell<u32>>(), &*pixels) };
    assert!(pixels.width >= SIDE && !pixels.data.is_null() && total_loss.is_finite());
    assert_eq!(steps, 4);
    seen.set(seen.get() * 10 + step);
}

#[test]
fn a_picture_is_optimised_and_seen_on_its_way() {
    let style = style(&picture(stripes));
    let seen = Cell::new(0);
    let mut options = options();
    options.preview = Some(look);
    options.preview_user_data = ptr::from_ref(&seen).cast_mut().cast();
    options.preview_every = 2;
    let to = picture(|_, _| [7.0; 3]);
    let (status, report) = paint(style.0, &options, &to);
    assert_eq!(status, abi::OK, "{}", abi::last_error());
    assert_eq!((report.steps, report.stopped, seen.get()), (4, 0, 24));
    assert!(report.style_loss > 0.0 && report.content_loss >= 0.0);
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
    let mut options = options();
    (options.content_weight, options.schedule) = (0.1, c"40:25".as_ptr());
    let to = picture(|_, _| [0.0; 3]);
    assert_eq!(paint(mixed.0, &options, &to).0, abi::OK, "{}", abi::last_error());
    let green = |columns: std::ops::Range<u32>| -> f32 {
        let at = |x: u32, y: u32| &to.values[(y * SIDE + x) as usize * 3..][..3];
        (0..SIDE)
            .flat_map(|y| columns.clone().map(move |x| (x, y)))
            .map(|(x, y)| at(x, y)[1] - at(x, y)[0])
            .sum()
    };
    assert!(green(26..40) > green(0..14) + 10.0);
}

#[test]
fn what_cannot_be_optimised_is_told() {
    let with_picture = style(&picture(stripes));
    let to = picture(|_, _| [0.25; 3]);
    let refused = |style: *const abi::Style, options: &abi::PaintOptions, words: &str| {
        let (status, _) = paint(style, options, &to);
        assert_ne!(status, abi::OK);
        assert!(abi::last_error().contains(words), "{}", abi::last_error());
        assert!(to.values.iter().all(|v| *v == 0.25));
    };
    refused(fixtures::style(), &options(), "without a picture");
    let text = |set: fn(&mut abi::PaintOptions, *const c_char), value: &'static std::ffi::CStr| {
        let mut options = options();
        set(&mut options, value.as_ptr());
        options
    };
    let layers = text(|o, v| o.style_layers = v, c"block9_conv1");
    refused(with_picture.0, &layers, "block9_conv1");
    refused(with_picture.0, &text(|o, v| o.schedule = v, c"forty"), "forty");
    refused(with_picture.0, &text(|o, v| o.features = v, c"vgg99"), "vgg99");
    let mut heavy = options();
    heavy.style_weight = 1e30;
    refused(with_picture.0, &heavy, "style-weight");
}
