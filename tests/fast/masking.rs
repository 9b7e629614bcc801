//! Mask and opacity.

use impasto::fast::FastOptions;
use impasto::image::{
    AlphaMode, Channels, ColorSpace, Picture, PixelFormat,
    SampleType::{F16, F32, U8, U16},
};
use impasto::job::Cancel;

use crate::common::pictures::{RGB_F32, RGB_U8, drawn, most_difference, pixels, scene};
use crate::common::{job, paint, settings, style, try_paint};

const SIDE: u32 = 80;

fn masked(picture: &Picture, mask: &Picture) -> Picture {
    let cancel = Cancel::new();
    let options = FastOptions::default();
    try_paint(picture, Some(mask), &style("mosaic"), &options, job(&cancel)).unwrap().0
}

/// Every layout in which pixels may come, with colours and covers of all kinds.
fn pictures() -> impl Iterator<Item = Picture> {
    let alphas = [AlphaMode::Straight, AlphaMode::Premultiplied];
    [U8, U16, F16, F32].into_iter().flat_map(move |sample| {
        alphas.into_iter().map(move |alpha| {
            let format = PixelFormat { alpha, ..PixelFormat::new(Channels::Rgba, sample) };
            let straight = drawn(SIDE, SIDE, PixelFormat::new(Channels::Rgba, sample), |x, y| {
                let cover = ((y + 1) as f32 / 70.0).min(1.0);
                let [r, g, b, _] = scene(x, y).map(|v| v * cover * 0.97);
                [r, g, b, cover]
            });
            // The bytes as they are: no numbers that are whole products of the cover.
            let mut picture = Picture::new(SIDE, SIDE, format, ColorSpace::Srgb).unwrap();
            picture.data_mut().copy_from_slice(straight.data());
            picture
        })
    })
}

/// Black on the left, white on the right.
fn half_mask() -> Picture {
    drawn(SIDE, SIDE, RGB_U8, |x, _| if x < SIDE / 2 { [0.0, 0.0, 0.0, 1.0] } else { [1.0; 4] })
}

/// The first pixel that differs in the columns before `end`.
fn first_change(before: &Picture, after: &Picture, end: u32) -> Option<String> {
    let bytes = before.format().bytes();
    let row = SIDE as usize * bytes;
    before.data().chunks_exact(row).zip(after.data().chunks_exact(row)).enumerate().find_map(
        |(y, (before, after))| {
            let x = (0..end as usize)
                .find(|x| before[x * bytes..][..bytes] != after[x * bytes..][..bytes])?;
            let [before, after] = [before, after].map(|row| &row[x * bytes..][..bytes]);
            Some(format!("{x},{y}: {before:02x?} became {after:02x?}"))
        },
    )
}

#[test]
fn outside_the_mask_nothing_changes_to_the_bit() {
    let mut wrong = Vec::new();
    for picture in pictures() {
        let painted = masked(&picture, &half_mask());
        assert!(first_change(&picture, &painted, SIDE).is_some());
        if let Some(change) = first_change(&picture, &painted, SIDE / 2) {
            wrong.push(format!("{:?} {change}", picture.format()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn at_opacity_0_nothing_changes_to_the_bit() {
    let options = settings(|s| s.finishing.opacity = 0.0);
    let mut wrong = Vec::new();
    for picture in pictures() {
        let painted = paint(&picture, &style("mosaic"), &options);
        if let Some(change) = first_change(&picture, &painted, SIDE) {
            wrong.push(format!("{:?} {change}", picture.format()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn outside_the_mask_even_strange_floats_keep_their_bits() {
    for space in [ColorSpace::Srgb, ColorSpace::LinearSrgb] {
        let mut picture = drawn(SIDE, SIDE, RGB_F32, scene);
        let strange = [f32::INFINITY, f32::NAN, -0.0, 1e-40, 1e30, -7.0];
        for (bytes, value) in picture.data_mut().chunks_exact_mut(4).zip(strange) {
            bytes.copy_from_slice(&value.to_ne_bytes());
        }
        picture.set_color_space(space);
        let painted = masked(&picture, &half_mask());
        let change = first_change(&picture, &painted, SIDE / 2);
        assert!(change.is_none(), "{change:?}");
    }
}

#[test]
fn half_the_opacity_is_halfway() {
    let picture = drawn(SIDE, SIDE, RGB_F32, scene);
    let style = style("mosaic");
    let painted = pixels(&paint(&picture, &style, &FastOptions::default()));
    let original = pixels(&picture);
    let halfway = drawn(SIDE, SIDE, RGB_F32, |x, y| {
        let at = (y * SIDE + x) as usize;
        std::array::from_fn(|k| (painted[at][k] + original[at][k]) / 2.0)
    });
    let options = settings(|s| s.finishing.opacity = 0.5);
    assert!(most_difference(&paint(&picture, &style, &options), &halfway) < 1e-4);

    let gray = drawn(SIDE, SIDE, RGB_F32, |_, _| [0.5, 0.5, 0.5, 1.0]);
    assert!(most_difference(&masked(&picture, &gray), &halfway) < 1e-4);
    // Cover is luminance times alpha.
    let format = PixelFormat::new(Channels::Rgba, F32);
    let thin = drawn(SIDE, SIDE, format, |_, _| [1.0, 1.0, 1.0, 0.5]);
    assert!(most_difference(&masked(&picture, &thin), &halfway) < 1e-4);
}

#[test]
fn a_part_is_painted_as_the_whole_is_there() {
    let (width, height) = (420, 330);
    let picture = drawn(width, height, RGB_F32, scene);
    let part = |x: u32, y: u32| (210..291).contains(&x) && (13..120).contains(&y);
    let mask =
        drawn(
            width,
            height,
            RGB_U8,
            |x, y| {
                if part(x, y) { [1.0; 4] } else { [0.0, 0.0, 0.0, 1.0] }
            },
        );
    let cancel = Cancel::new();
    let original = pixels(&picture);
    for brush_size in [0.7, 1.0, 2.6] {
        let options = settings(|s| s.fast.brush_size = brush_size);
        let style = style("mosaic");
        let whole = pixels(&paint(&picture, &style, &options));
        let masked = try_paint(&picture, Some(&mask), &style, &options, job(&cancel)).unwrap().0;
        let expected = drawn(width, height, RGB_F32, |x, y| {
            let at = (y * width + x) as usize;
            if part(x, y) { whole[at] } else { original[at] }
        });
        let difference = most_difference(&masked, &expected);
        assert!(difference < 2e-3, "brush {brush_size}: {difference}");
    }
}

#[test]
fn a_mask_without_white_leaves_everything() {
    let picture = drawn(SIDE, SIDE, RGB_F32, scene);
    let black = drawn(SIDE, SIDE, RGB_U8, |_, _| [0.0, 0.0, 0.0, 1.0]);
    assert_eq!(masked(&picture, &black).data(), picture.data());
}
