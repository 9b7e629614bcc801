//! The smallest pictures, the strangest numbers, and settings that make no sense.

use impasto::canvas::{KeepColor, PlainAreas};
use impasto::image::{ColorSpace, Picture};
use impasto::job::Cancel;
use impasto::optimize::{OptimizeOptions, Optimizer, Start, StyleLoss, StylePart};
use impasto::{ErrorKind, Request, Result, Settings};

use crate::common::pictures::{
    RGB_F32, RGB_U8, RGBA_F32, RGBA_U8, drawn, example, mean_difference, photo_part, pixels, scene,
};
use crate::common::{canvas, engine, job};
use crate::{
    Watching, changed, final_losses, layers, optimize, part_of, refusal, shallow, started, style,
};

const LOSSES: [StyleLoss; 3] = [StyleLoss::Wasserstein, StyleLoss::Gram, StyleLoss::Matching];

fn is_sound(picture: &Picture) -> bool {
    pixels(picture).iter().flatten().all(|v| (-0.01..=1.01).contains(v))
}

#[test]
fn the_smallest_pictures_are_painted() {
    let mosaic = example("styles/mosaic.png");
    for (width, height) in [(1, 1), (3, 3), (1, 70)] {
        for style_loss in LOSSES {
            let options = OptimizeOptions { iterations: 2, style_loss, ..Default::default() };
            let picture = drawn(width, height, RGB_F32, scene);
            let painted = optimize(&picture, &[style(&mosaic)], &changed(options, flat_too)).0;
            assert!(is_sound(&painted) && painted.data() != picture.data(), "{width}x{height}");
        }
    }
    for (width, height) in [(1, 1), (2, 2), (90, 1), (5, 4), (33, 31)] {
        for optimizer in [Optimizer::Adam, Optimizer::Lbfgs] {
            let options = OptimizeOptions { optimizer, ..shallow(3) };
            let picture = drawn(width, height, RGB_F32, scene);
            let painted = optimize(&picture, &[style(&mosaic)], &changed(options, flat_too)).0;
            assert!(is_sound(&painted) && painted.data() != picture.data(), "{width}x{height}");
        }
    }
}

/// A pixel has no contrast.
fn flat_too(settings: &mut Settings) {
    settings.finishing.plain_areas = PlainAreas::Paint;
}

#[test]
fn styles_with_next_to_nothing_in_them_give_sound_pictures() {
    let photo = photo_part(200, 150, 48, 40);
    let flat =
        |color: [f32; 3]| drawn(40, 40, RGB_F32, move |_, _| [color[0], color[1], color[2], 1.0]);
    let styles = [
        flat([0.5, 0.2, 0.7]),
        flat([0.0; 3]),
        flat([1.0; 3]),
        drawn(1, 1, RGB_U8, scene),
        drawn(2, 200, RGB_U8, scene),
    ];
    for (k, picture) in styles.iter().enumerate() {
        for style_loss in LOSSES {
            for optimizer in [Optimizer::Adam, Optimizer::Lbfgs] {
                for keep_color in [KeepColor::None, KeepColor::Match] {
                    let options = OptimizeOptions { optimizer, style_loss, ..shallow(4) };
                    let options = changed(options, |s| s.finishing.keep_color = keep_color);
                    let (painted, report) = optimize(&photo, &[style(picture)], &options);
                    assert!(is_sound(&painted), "style {k}, {style_loss:?}");
                    assert!(final_losses(&report).total.is_finite());
                }
            }
        }
    }
    let all: Vec<_> = styles.iter().map(style).collect();
    for style_loss in LOSSES {
        let options = OptimizeOptions { iterations: 2, style_loss, ..Default::default() };
        assert!(is_sound(&optimize(&photo, &all, &options).0), "{style_loss:?}");
    }
    // A photograph of one colour, too: all its content is the same.
    for color in [[0.0; 3], [0.4, 0.5, 0.6], [1.0; 3]] {
        let picture = flat(color);
        let painted = optimize(&picture, &[style(&example("styles/ink.png"))], &shallow(3)).0;
        assert!(is_sound(&painted));
    }
}

#[test]
fn numbers_that_are_none_do_not_spread() {
    let strange = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 3e38, -3e38];
    let ink = example("styles/ink.png");
    let spoiled = |sound: &Picture| {
        let mut picture = sound.clone();
        for (k, value) in strange.into_iter().enumerate() {
            // Colours of one pixel, and alpha of another.
            for (x, channel) in [(4 + 8 * k, k % 3), (4 + 8 * k, 2), (6 + 8 * k, 3)] {
                let at = (24 * 48 + x) * 16 + channel * 4;
                picture.data_mut()[at..at + 4].copy_from_slice(&value.to_ne_bytes());
            }
        }
        picture
    };
    for space in [ColorSpace::Srgb, ColorSpace::LinearSrgb] {
        let mut sound = drawn(48, 48, RGBA_F32, scene);
        sound.set_color_space(space);
        let picture = spoiled(&sound);
        for keep_color in [KeepColor::None, KeepColor::Luminance, KeepColor::Match] {
            let options = changed(shallow(3), |s| s.finishing.keep_color = keep_color);
            let painted = pixels(&optimize(&picture, &[style(&ink)], &options).0);
            assert!(painted.iter().flatten().all(|v| v.is_finite()), "{keep_color:?}");
            // Far from them the painting is an ordinary one.
            let far = painted[..48 * 12].iter().flatten();
            assert!(far.into_iter().all(|v| (-0.01..=1.01).contains(v)), "{keep_color:?}");
        }
        let as_style = part_of(&picture, &picture);
        assert!(is_sound(&optimize(&photo_part(0, 0, 48, 48), &[as_style], &shallow(3)).0));
        let as_mask = StylePart { mask: Some(&picture), ..style(&ink) };
        assert!(is_sound(&optimize(&photo_part(0, 0, 48, 48), &[as_mask], &shallow(3)).0));
        let (photo, styles, cancel) = (photo_part(0, 0, 48, 48), [style(&ink)], Cancel::new());
        let watching = Watching::default();
        let painted = started(&photo, &styles, Some(&picture), &shallow(3), watching, job(&cancel));
        assert!(is_sound(&painted.unwrap().0));
    }
}

#[test]
fn a_wholly_transparent_picture_stays_as_it_is() {
    let picture = drawn(50, 40, RGBA_U8, |x, y| {
        let [r, g, b, _] = scene(x, y);
        [r, g, b, 0.0]
    });
    let ink = example("styles/ink.png");
    for keep_color in [KeepColor::None, KeepColor::Match] {
        let options = changed(shallow(2), |s| s.finishing.keep_color = keep_color);
        assert!(optimize(&picture, &[style(&ink)], &options).0 == picture);
    }
}

#[test]
fn without_any_weight_the_photograph_stays() {
    let (photo, ink) = (photo_part(200, 150, 48, 40), example("styles/ink.png"));
    for optimizer in [Optimizer::Adam, Optimizer::Lbfgs] {
        let options = OptimizeOptions {
            content_weight: 0.0,
            style_weight: 0.0,
            tv_weight: 0.0,
            optimizer,
            ..shallow(3)
        };
        let painted = optimize(&photo, &[style(&ink)], &options).0;
        assert!(mean_difference(&photo, &painted) < 1e-3, "{optimizer:?}");
    }
}

#[test]
fn without_a_style_layer_the_photograph_stays() {
    let (photo, ink) = (photo_part(200, 150, 48, 40), example("styles/ink.png"));
    for style_loss in LOSSES {
        let options = OptimizeOptions {
            style_layers: layers(&["block1_conv1:0"]),
            tv_weight: 0.0,
            style_loss,
            ..shallow(3)
        };
        let painted = optimize(&photo, &[style(&ink)], &options).0;
        assert!(mean_difference(&photo, &painted) < 1e-3, "{style_loss:?}");
    }
}

#[test]
fn the_greatest_and_the_least_weights_give_sound_pictures() {
    let (photo, ink) = (photo_part(200, 150, 48, 40), example("styles/ink.png"));
    for weight in [1e6, 1e-30] {
        for optimizer in [Optimizer::Adam, Optimizer::Lbfgs] {
            let options = OptimizeOptions {
                content_weight: weight,
                style_weight: weight,
                tv_weight: weight,
                start: Start::Noise,
                optimizer,
                ..shallow(4)
            };
            assert!(is_sound(&optimize(&photo, &[style(&ink)], &options).0), "{weight}");
        }
    }
}

#[test]
fn settings_out_of_range_are_refused_with_the_range() {
    let (photo, ink) = (photo_part(200, 150, 32, 32), example("styles/ink.png"));
    let set = |change: fn(&mut Settings)| changed(shallow(1), change);
    for (name, range, options) in [
        ("content-weight", "0 to 1000000", set(|s| s.optimize.content_weight = 1e30)),
        ("style-weight", "0 to 1000000", set(|s| s.optimize.style_weight = 1e30)),
        ("style-weight", "0 to 1000000", set(|s| s.optimize.style_weight = -1.0)),
        ("style-weight", "0 to 1000000", set(|s| s.optimize.style_weight = f32::NAN)),
        ("tv-weight", "0 to 1000000", set(|s| s.optimize.tv_weight = f32::INFINITY)),
        ("style-scale", "0.1 to 4", set(|s| s.optimize.style_scale = 0.0)),
        ("iterations", "1 to 100000", set(|s| s.optimize.iterations = 100_001)),
        ("resolution", "32 to 30000", set(|s| s.optimize.resolution = 1 << 33)),
        ("resolution", "32 to 30000", set(|s| s.optimize.resolution = 31)),
        ("opacity", "0 to 1", set(|s| s.finishing.opacity = 1.5)),
        ("detail", "0 to 1", set(|s| s.finishing.detail = -0.1)),
    ] {
        let error = refusal(&photo, &[style(&ink)], &options);
        assert_eq!(error.kind(), ErrorKind::Argument);
        let words = error.full_message();
        assert!(words.contains(name) && words.contains(range), "{words}");
    }
}

#[test]
fn layers_that_make_no_sense_are_refused() {
    let (photo, ink) = (photo_part(200, 150, 32, 32), example("styles/ink.png"));
    let nothing = || layers(&["block1_conv1:0", "block2_conv1:0"]);
    for (words, content_layers, style_layers) in [
        ("without a content or style layer", nothing(), nothing()),
        ("without a content or style layer", Vec::new(), Vec::new()),
        ("twice", layers(&["block1_conv1", "block1_conv1"]), nothing()),
        ("twice", nothing(), layers(&["block1_conv2", "block1_conv1", "block1_conv2"])),
        ("0 to 1000000", layers(&["block1_conv1:-1"]), nothing()),
        ("0 to 1000000", layers(&["block1_conv1:1e30"]), nothing()),
        ("0 to 1000000", nothing(), layers(&["block1_conv1:nan"])),
    ] {
        let options = OptimizeOptions { content_layers, style_layers, ..shallow(1) };
        let error = refusal(&photo, &[style(&ink)], &options);
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.full_message().contains(words), "{}", error.full_message());
    }
    // VGG19 has it, VGG16 has not.
    let options = OptimizeOptions { style_layers: layers(&["block3_conv4"]), ..shallow(1) };
    let error = refusal(&photo, &[style(&ink)], &options);
    assert_eq!(error.kind(), ErrorKind::Model);
    let words = error.full_message();
    assert!(
        words.contains("block3_conv4") && words.contains("Import a feature network"),
        "{words}"
    );
}

#[test]
fn one_loss_alone_is_enough() {
    let (photo, ink) = (photo_part(200, 150, 48, 40), example("styles/ink.png"));
    let white = drawn(8, 8, RGB_F32, |_, _| [1.0; 4]);
    let only_content = OptimizeOptions { style_layers: Vec::new(), ..shallow(3) };
    let only_style = OptimizeOptions { content_layers: Vec::new(), ..shallow(3) };
    for mask in [None, Some(&white)] {
        let styles = [StylePart { mask, ..style(&ink) }];
        let (painted, report) = optimize(&photo, &styles, &only_content);
        assert!(is_sound(&painted) && final_losses(&report).style == 0.0);
        let (painted, report) = optimize(&photo, &styles, &only_style);
        assert!(is_sound(&painted) && final_losses(&report).content == 0.0);
    }
}

#[test]
fn parts_of_other_sizes_are_refused() {
    let (picture, ink) = (drawn(40, 30, RGB_F32, scene), example("styles/ink.png"));
    let paint = |mask: Option<&Picture>, output: &mut Picture| -> Result<()> {
        let (styles, settings, cancel) = ([style(&ink)], shallow(1).into(), Cancel::new());
        let mut output = output.view_mut();
        let canvas = canvas(&picture, mask, &mut output);
        let request = Request::new(canvas, styles[..].into(), &settings, &cancel);
        engine().paint(request, &()).map(drop)
    };
    let mut small = Picture::new(39, 30, RGB_F32, ColorSpace::Srgb).unwrap();
    let error = paint(None, &mut small).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert!(error.full_message().contains("39x30"), "{}", error.full_message());
    let mut output = picture.clone();
    let error = paint(Some(&drawn(40, 31, RGB_F32, scene)), &mut output).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert!(error.full_message().contains("mask"), "{}", error.full_message());
}
