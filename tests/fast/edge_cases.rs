//! The smallest pictures, the strangest numbers, and calls that do not fit together.

use impasto::canvas::{KeepColor, PlainAreas};
use impasto::fast::{FastOptions, Style};
use impasto::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType};
use impasto::job::Cancel;
use impasto::{ErrorKind, Request, Settings};

use crate::common::pictures::{RGB_F32, RGB_U8, RGBA_F32, drawn, pixels, scene};
use crate::common::{Job, canvas, engine, job, paint, settings, style, try_paint};

#[test]
fn the_smallest_pictures_are_painted() {
    let style = style("great-wave");
    for (width, height) in [(1, 1), (2, 2), (3, 3), (1, 300), (300, 1), (2, 301), (5, 4)] {
        let cases = [(0.0, KeepColor::None), (0.25, KeepColor::Match), (32.0, KeepColor::None)];
        for (brush_size, keep_color) in cases {
            let options = settings(|s| {
                (s.fast.brush_size, s.finishing.keep_color) = (brush_size, keep_color);
                // A pixel has no contrast.
                s.finishing.plain_areas = PlainAreas::Paint;
            });
            let picture = drawn(width, height, RGB_F32, scene);
            let painted = paint(&picture, &style, &options);
            let pixels = pixels(&painted);
            assert!(pixels.iter().flatten().all(|v| v.is_finite()), "{width}x{height}");
            assert!(painted.data() != picture.data(), "{width}x{height} brush {brush_size}");
        }
    }
}

#[test]
fn the_smallest_pictures_give_styles() {
    for (width, height) in [(1, 1), (1, 300), (3, 2)] {
        let picture = drawn(width, height, RGB_U8, scene);
        let style =
            engine().style_of_picture(&picture, "tiny", job(&Cancel::new()).engines()).unwrap();
        assert!(style.code.iter().all(|v| v.is_finite()));
    }
}

#[test]
fn numbers_that_are_none_do_not_spread() {
    let style = style("mosaic");
    let strange = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 3e38, -3e38];
    for space in [ColorSpace::Srgb, ColorSpace::LinearSrgb] {
        let mut sound = drawn(96, 96, RGBA_F32, scene);
        sound.set_color_space(space);
        let mut picture = sound.clone();
        for (k, value) in strange.into_iter().enumerate() {
            // Colours of one pixel, and alpha of another.
            for (x, channel) in [(10 + 15 * k, k % 3), (10 + 15 * k, 2), (12 + 15 * k, 3)] {
                let at = (48 * 96 + x) * 16 + channel * 4;
                picture.data_mut()[at..at + 4].copy_from_slice(&value.to_ne_bytes());
            }
        }
        for brush_size in [1.0, 2.0] {
            for keep_color in [KeepColor::None, KeepColor::Luminance, KeepColor::Match] {
                let options = settings(|s| {
                    (s.fast.brush_size, s.finishing.keep_color) = (brush_size, keep_color);
                });
                let painted = pixels(&paint(&picture, &style, &options));
                let what = format!("brush {brush_size} {keep_color:?}");
                assert!(painted.iter().flatten().all(|v| v.is_finite()), "{what}");
                // Far from them the painting is an ordinary one.
                let far = painted[..96 * 16].iter();
                assert!(far.flatten().all(|v| (-0.01..=1.01).contains(v)), "{what}");
            }
        }
    }
}

#[test]
fn a_wholly_transparent_picture_stays_as_it_is() {
    let format = PixelFormat::new(Channels::Rgba, SampleType::U8);
    let picture = drawn(50, 40, format, |x, y| {
        let [r, g, b, _] = scene(x, y);
        [r, g, b, 0.0]
    });
    for keep_color in [KeepColor::None, KeepColor::Luminance, KeepColor::Match] {
        let options = settings(|s| s.finishing.keep_color = keep_color);
        assert!(paint(&picture, &style("ink"), &options) == picture);
    }
}

#[test]
fn parts_of_other_sizes_are_refused() {
    let picture = drawn(40, 30, RGB_F32, scene);
    let mut small = Picture::new(39, 30, RGB_F32, ColorSpace::Srgb).unwrap();
    let (ink, options, cancel) = (style("ink"), Settings::default(), Cancel::new());
    let mut output = small.view_mut();
    let canvas = canvas(&picture, None, &mut output);
    let request = Request::new(canvas, (&ink).into(), &options, &cancel);
    let error = engine().paint(request, &()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert!(error.full_message().contains("39x30") && error.full_message().contains("40x30"));

    let mask = drawn(40, 31, RGB_F32, scene);
    let refused = try_paint(&picture, Some(&mask), &style("ink"), &options, job(&cancel));
    let error = refused.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert!(error.full_message().contains("mask"), "{}", error.full_message());
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    let picture = drawn(32, 32, RGB_F32, scene);
    let cases = [
        ("strength", settings(|s| s.fast.strength = 1.01)),
        ("strength", settings(|s| s.fast.strength = -0.01)),
        ("strength", settings(|s| s.fast.strength = f32::NAN)),
        ("grain", settings(|s| s.fast.grain = 2.0)),
        ("brush-size", settings(|s| s.fast.brush_size = 33.0)),
        ("brush-size", settings(|s| s.fast.brush_size = -1.0)),
        ("brush-size", settings(|s| s.fast.brush_size = 0.1)),
        ("detail", settings(|s| s.finishing.detail = f32::INFINITY)),
        ("turbulence", settings(|s| s.fast.turbulence = 1.5)),
        ("opacity", settings(|s| s.finishing.opacity = -0.5)),
    ];
    let cancel = Cancel::new();
    for (name, options) in cases {
        let refused = try_paint(&picture, None, &style("ink"), &options, job(&cancel));
        let error = refused.err().unwrap_or_else(|| panic!("{options:?} was taken"));
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.full_message().contains(name), "{}", error.full_message());
    }
}

#[test]
fn styles_that_do_not_fit_are_refused() {
    let picture = drawn(32, 32, RGB_F32, scene);
    let cancel = Cancel::new();
    let good = style("ink");
    let foreign = Style { network: "0".repeat(64), ..good.clone() };
    let short = Style { code: good.code[1..].to_vec(), ..good.clone() };
    let extreme = Style { code: vec![f32::NAN; good.code.len()], ..good };
    for style in [foreign, short, extreme] {
        let refused = try_paint(&picture, None, &style, &FastOptions::default(), job(&cancel));
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Style);
    }
}

#[test]
fn no_memory_at_all_still_paints_in_the_smallest_tiles() {
    let picture = drawn(300, 200, RGB_F32, scene);
    let cancel = Cancel::new();
    let job = Job { cancel: &cancel, progress: &|_| {}, memory: Some(1) };
    let options = FastOptions::default();
    let (_, report) = try_paint(&picture, None, &style("ink"), &options, job).unwrap();
    assert!(report.tiles > 1, "{}", report.tiles);
}
