//! Transparency is kept, and what it hides stays hidden.

use impasto::fast::FastOptions;
use impasto::image::{
    AlphaMode, Channels, ColorSpace, Picture, PixelFormat,
    SampleType::{self, *},
};

use crate::common::pictures::{RGBA_F32, drawn, pixels, scene};
use crate::common::{paint, style};

const WIDTH: u32 = 180;
const HEIGHT: u32 = 120;

/// Opaque on the left, a ramp in the middle, nothing but `hidden` on the right.
fn fading(format: PixelFormat, hidden: [f32; 3]) -> Picture {
    drawn(WIDTH, HEIGHT, format, |x, y| {
        let alpha = ((120.0 - x as f32) / 60.0).clamp(0.0, 1.0);
        let [r, g, b, _] = scene(x, y);
        if alpha > 0.0 { [r, g, b, alpha] } else { [hidden[0], hidden[1], hidden[2], 0.0] }
    })
}

fn chunks(picture: &Picture) -> impl Iterator<Item = &[u8]> {
    picture.data().chunks_exact(picture.format().bytes())
}

#[test]
fn alpha_is_kept_exactly_and_the_invisible_to_the_byte() {
    let style = style("great-wave");
    for sample in [U8, U16, F16, F32] {
        for (channels, at) in [(Channels::Rgba, 3), (Channels::Bgra, 3), (Channels::GrayAlpha, 1)] {
            let picture = fading(PixelFormat::new(channels, sample), [0.1, 0.9, 0.3]);
            let painted = paint(&picture, &style, &FastOptions::default());
            let alpha = at * sample.bytes();
            let mut invisible = 0;
            let mut changed = 0;
            for (before, after) in chunks(&picture).zip(chunks(&painted)) {
                assert_eq!(before[alpha..], after[alpha..], "{channels:?} {sample:?}");
                changed += u32::from(before != after);
                if before[alpha..].iter().all(|&byte| byte == 0) {
                    assert_eq!(before, after, "{channels:?} {sample:?}");
                    invisible += 1;
                }
            }
            assert!(invisible == 60 * HEIGHT && changed > 60 * HEIGHT, "{invisible} {changed}");
        }
    }
}

#[test]
fn light_without_cover_in_premultiplied_pixels_is_kept_to_the_byte() {
    for sample in [U8, U16, F16, F32] {
        let straight = PixelFormat::new(Channels::Rgba, sample);
        let format = PixelFormat { alpha: AlphaMode::Premultiplied, ..straight };
        let mut glow = Picture::new(64, 64, format, ColorSpace::Srgb).unwrap();
        // Written as straight pixels: premultiplying would take the light away.
        let light = drawn(64, 64, straight, |x, y| {
            let [r, g, b, _] = scene(x, y);
            [r, g, b, if x < 32 { 1.0 } else { 0.0 }]
        });
        glow.data_mut().copy_from_slice(light.data());
        let painted = paint(&glow, &style("ink"), &FastOptions::default());
        assert_ne!(glow.data(), painted.data());
        let lost = invisible_changes(&glow, &painted, sample);
        assert_eq!(lost, 0, "{sample:?}: {lost} of {} pixels", 32 * 64);
    }
}

fn invisible_changes(before: &Picture, after: &Picture, sample: SampleType) -> usize {
    let alpha = 3 * sample.bytes();
    chunks(before)
        .zip(chunks(after))
        .filter(|(before, after)| before[alpha..].iter().all(|&b| b == 0) && before != after)
        .count()
}

#[test]
fn hidden_colours_do_not_show() {
    let style = style("starry-night");
    for (one, other) in [([0.0; 3], [0.0, 1.0, 0.0]), ([1.0; 3], [1.0, 0.0, 1.0])] {
        for brush_size in [1.0, 2.0] {
            let options = FastOptions { brush_size, ..FastOptions::default() };
            let paintings = [one, other]
                .map(|hidden| pixels(&paint(&fading(RGBA_F32, hidden), &style, &options)));
            let most = paintings[0]
                .iter()
                .zip(&paintings[1])
                .filter(|(a, _)| a[3] > 0.0)
                .flat_map(|(a, b)| (0..3).map(|k| (a[k] - b[k]).abs()))
                .fold(0.0, f32::max);
            println!("brush {brush_size}: hidden colours show by {:.3}/255", most * 255.0);
            assert!(most <= 2.0 / 255.0, "brush {brush_size}: {most}");
        }
    }
}
