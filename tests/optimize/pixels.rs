//! Layouts, alpha, opacity, masks and the photograph's colours.

use impasto::canvas::KeepColor;
use impasto::image::{
    AlphaMode, Channels, Picture, PixelFormat,
    SampleType::{F16, F32, U8, U16},
};
use impasto::job::Cancel;
use impasto::optimize::OptimizeOptions;
use impasto::{Request, Settings};

use crate::common::pictures::{
    RGB_F32, RGBA_F32, drawn, example, luma, mean_color, most_difference, photo_part, pixels, scene,
};
use crate::common::{canvas, engine, like};
use crate::{changed, optimize, shallow, style};

const WIDTH: u32 = 56;
const HEIGHT: u32 = 48;

/// Opaque on the left, a ramp in the middle, nothing but `hidden` on the right.
fn fading(format: PixelFormat, hidden: [f32; 3]) -> Picture {
    drawn(WIDTH, HEIGHT, format, |x, y| {
        let alpha = ((40.0 - x as f32) / 20.0).clamp(0.0, 1.0);
        let [r, g, b, _] = scene(3 * x, 3 * y);
        if alpha > 0.0 { [r, g, b, alpha] } else { [hidden[0], hidden[1], hidden[2], 0.0] }
    })
}

fn paint(picture: &Picture, settings: &(impl Clone + Into<Settings>)) -> Picture {
    optimize(picture, &[style(&example("styles/mosaic.png"))], settings).0
}

fn chunks(picture: &Picture) -> impl Iterator<Item = &[u8]> {
    picture.data().chunks_exact(picture.format().bytes())
}

#[test]
fn every_layout_is_painted_alike_and_keeps_its_alpha() {
    let reference = paint(&fading(RGBA_F32, [0.5; 3]), &shallow(2));
    for sample in [U8, U16, F16, F32] {
        for (channels, at) in [(Channels::Rgba, 3), (Channels::Bgra, 3)] {
            for alpha in [AlphaMode::Straight, AlphaMode::Premultiplied] {
                let format = PixelFormat { alpha, ..PixelFormat::new(channels, sample) };
                let picture = fading(format, [0.5; 3]);
                let painted = paint(&picture, &shallow(2));
                let alpha = at * sample.bytes();
                for (before, after) in chunks(&picture).zip(chunks(&painted)) {
                    assert_eq!(before[alpha..], after[alpha..], "{format:?}");
                    if before[alpha..].iter().all(|&byte| byte == 0) {
                        assert_eq!(before, after, "{format:?}");
                    }
                }
                // Adam's first steps follow the gradient's sign, which rounding may turn where it
                // is next to nothing: not every pixel can be held to the same value.
                let off = pixels(&painted)
                    .into_iter()
                    .zip(pixels(&reference))
                    .filter(|(_, reference)| reference[3] == 1.0)
                    .flat_map(|(a, b)| [0, 1, 2].map(|k| (a[k] - b[k]).abs()));
                let off: Vec<f32> = off.collect();
                let mean = off.iter().sum::<f32>() / off.len() as f32;
                assert!(mean < 2.0 / 255.0, "{format:?}: {mean}");
            }
        }
    }
}

#[test]
fn more_than_8_bits_are_more_than_256_values() {
    for sample in [U16, F16, F32] {
        let picture = drawn(WIDTH, HEIGHT, PixelFormat::new(Channels::Rgb, sample), scene);
        let painted = paint(&picture, &shallow(2));
        let fine = pixels(&painted)
            .into_iter()
            .flat_map(|p| [p[0], p[1], p[2]])
            .filter(|v| {
                let steps = v * 255.0;
                (steps - steps.round()).abs() > 0.1
            })
            .count();
        assert!(fine > (WIDTH * HEIGHT) as usize, "{sample:?}: {fine}");
    }
}

#[test]
fn hidden_colours_do_not_show() {
    let paint = |hidden| pixels(&paint(&fading(RGBA_F32, hidden), &shallow(3)));
    for (one, other) in [([0.0; 3], [0.0, 1.0, 0.0]), ([1.0; 3], [1.0, 0.0, 1.0])] {
        let most = paint(one)
            .iter()
            .zip(paint(other))
            .filter(|(a, _)| a[3] > 0.0)
            .flat_map(|(a, b)| (0..3).map(move |k| (a[k] - b[k]).abs()))
            .fold(0.0, f32::max);
        println!("hidden colours show by {:.3}/255", most * 255.0);
        assert!(most <= 2.0 / 255.0, "{most}");
    }
}

#[test]
fn at_opacity_0_nothing_changes_to_the_bit() {
    for sample in [U8, U16, F16, F32] {
        for alpha in [AlphaMode::Straight, AlphaMode::Premultiplied] {
            let format = PixelFormat { alpha, ..PixelFormat::new(Channels::Rgba, sample) };
            let picture = fading(format, [0.3; 3]);
            let options = changed(shallow(1), |s| s.finishing.opacity = 0.0);
            assert!(paint(&picture, &options) == picture, "{format:?}");
        }
    }
}

#[test]
fn half_the_opacity_is_halfway() {
    let photo = photo_part(200, 150, WIDTH, HEIGHT);
    let painted = pixels(&paint(&photo, &shallow(3)));
    let original = pixels(&photo);
    let halfway = drawn(WIDTH, HEIGHT, RGB_F32, |x, y| {
        let at = (y * WIDTH + x) as usize;
        std::array::from_fn(|k| (painted[at][k] + original[at][k]) / 2.0)
    });
    let options = changed(shallow(3), |s| s.finishing.opacity = 0.5);
    assert!(most_difference(&paint(&photo, &options), &halfway) < 1e-4);
}

#[test]
fn outside_the_mask_nothing_changes_to_the_bit() {
    let mask =
        drawn(
            WIDTH,
            HEIGHT,
            RGB_F32,
            |x, _| {
                if x < WIDTH / 2 { [0.0, 0.0, 0.0, 1.0] } else { [1.0; 4] }
            },
        );
    let mosaic = example("styles/mosaic.png");
    for sample in [U8, U16, F16, F32] {
        let picture = drawn(WIDTH, HEIGHT, PixelFormat::new(Channels::Rgba, sample), scene);
        let (styles, settings, cancel) = ([style(&mosaic)], shallow(2).into(), Cancel::new());
        let mut painted = like(&picture).unwrap();
        let mut output = painted.view_mut();
        let canvas = canvas(&picture, Some(&mask), &mut output);
        let request = Request::new(canvas, styles[..].into(), &settings, &cancel);
        engine().paint(request, &()).unwrap();
        let row = picture.format().bytes() * WIDTH as usize;
        let half = row / 2;
        let mut changes = 0;
        for (before, after) in
            picture.data().chunks_exact(row).zip(painted.data().chunks_exact(row))
        {
            assert!(before[..half] == after[..half], "{sample:?}");
            changes += usize::from(before[half..] != after[half..]);
        }
        assert_eq!(changes, HEIGHT as usize, "{sample:?}");
    }
}

#[test]
fn luminance_is_painted_and_chroma_kept() {
    let photo = photo_part(200, 150, 64, 48);
    let plain = pixels(&paint(&photo, &shallow(10)));
    let options = changed(shallow(10), |s| s.finishing.keep_color = KeepColor::Luminance);
    let kept = pixels(&paint(&photo, &options));
    let chroma = |pixel: [f32; 4]| [0, 1, 2].map(|k| pixel[k] - luma(pixel));
    let mut whole = 0;
    for ((original, plain), kept) in pixels(&photo).into_iter().zip(plain).zip(kept) {
        assert!((luma(plain) - luma(kept)).abs() < 1e-3, "{plain:?} {kept:?}");
        let off = chroma(original).into_iter().zip(chroma(kept)).map(|(a, b)| (a - b).abs());
        // Where it would leave 0..1 only a part of it is kept.
        whole += usize::from(off.fold(0.0, f32::max) < 2e-3);
    }
    assert!(whole > 64 * 48 / 2, "{whole}");
}

#[test]
fn matching_paints_in_the_photographs_colours() {
    let photo = photo_part(200, 150, 64, 48);
    let red = drawn(64, 64, RGB_F32, |x, y| {
        let light = 0.7 + 0.3 * ((x + 2 * y) as f32 / 4.0).sin();
        [0.95 * light, 0.15 * light, 0.1 * light, 1.0]
    });
    let off = |keep_color| {
        let options = OptimizeOptions { style_weight: 300.0, ..shallow(15) };
        let options = changed(options, |s| s.finishing.keep_color = keep_color);
        let painted = optimize(&photo, &[style(&red)], &options).0;
        let [to, from] = [&painted, &photo].map(|picture| mean_color(pixels(picture)));
        (0..3).map(|k| (to[k] - from[k]).abs()).fold(0.0, f32::max)
    };
    let (unmatched, matched) = (off(KeepColor::None), off(KeepColor::Match));
    println!("colours off by {unmatched} unmatched, {matched} matched");
    assert!(unmatched > 0.08 && matched < 0.5 * unmatched);
}
