//! TIFF as libtiff, tifffile and Pillow write it: `others/make_tiff.py` made the files.

use std::path::Path;

use impasto::file::read;
use impasto::image::{Channels, ColorSpace, Picture, SampleType};

use crate::fixtures::floats;

const SIZE: (usize, usize) = (21, 17);

fn picture(name: &str) -> Picture {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/picture_files/others/tiff");
    let picture = read(&folder.join(format!("{name}.tif"))).unwrap();
    assert_eq!((picture.width(), picture.height()), (SIZE.0 as u32, SIZE.1 as u32), "{name}");
    picture
}

/// The most that a picture's samples are from those of a column and a row.
fn most_difference(picture: &Picture, expected: impl Fn(usize, usize) -> Vec<f32>) -> f32 {
    let count = picture.format().channels.count();
    let samples = floats(picture);
    let differences = samples.chunks_exact(count).enumerate().flat_map(|(k, found)| {
        let expected = expected(k % SIZE.0, k / SIZE.0);
        assert_eq!(found.len(), expected.len());
        found.iter().zip(expected).map(|(a, b)| (a - b).abs()).collect::<Vec<_>>()
    });
    differences.fold(0.0, f32::max)
}

fn rgb(x: usize, y: usize) -> Vec<f32> {
    let square = ((x / 8 + y / 8) % 2) as f32;
    vec![x as f32 / 20.0, y as f32 / 16.0, square * 0.6 + 0.2]
}

#[test]
fn colours_of_every_kind_are_read() {
    use SampleType::*;
    for (name, sample, tolerance) in [
        ("tiles-of-planes", U8, 0.002),
        ("tiles-of-planes-16", U16, 1e-5),
        ("zstd", U8, 0.002),
        ("lzma", U16, 1e-5),
        ("packbits", U8, 0.002),
        ("unsigned-32", F32, 1e-6),
        ("float-64", F32, 1e-6),
        ("float-16-big-endian", F16, 5e-4),
        ("five-channels", U16, 1e-5),
        ("jpeg", U8, 0.03),
        ("old-jpeg", U8, 0.03),
        ("signed-16", U16, 1e-4),
        ("webp", U8, 0.002),
        ("ycbcr", U8, 0.01),
    ] {
        let picture = picture(name);
        assert_eq!(picture.format().channels, Channels::Rgb, "{name}");
        assert_eq!(picture.format().sample, sample, "{name}");
        let is_linear = *picture.color_space() == ColorSpace::LinearSrgb;
        assert_eq!(is_linear, name.starts_with("float"), "{name}");
        let most = most_difference(&picture, rgb);
        assert!(most <= tolerance, "{name}: {most}");
    }
}

#[test]
fn inks_palettes_lab_and_faxes_are_read() {
    let most = most_difference(&picture("cmyk-alpha"), |x, y| {
        let rgb = rgb(x, y);
        vec![rgb[0], rgb[1], rgb[2], rgb[0]]
    });
    assert!(most < 0.003, "{most}");
    let palette = picture("palette");
    assert_eq!(palette.format().sample, SampleType::U16);
    let most = most_difference(&palette, |x, _| vec![x as f32 / 20.0, 0.2, 0.8]);
    assert!(most < 1e-5, "{most}");
    // Lightness in the middle is 18 % of the light.
    let lab = picture("lab");
    let middle = &floats(&lab)[10 * 3..11 * 3];
    assert!(middle.iter().all(|v| (v - 0.466).abs() < 0.01), "{middle:?}");
    assert!(floats(&lab)[..3].iter().all(|v| *v < 0.01));
    for name in ["group3", "group3-filled", "group4", "group4-no-length", "tiff_ccitt"] {
        let most = most_difference(&picture(name), |x, y| {
            let is_black = (x / 3 + y / 5) % 2 == 1;
            vec![if is_black { 0.0 } else { 1.0 }]
        });
        assert!(most < 1e-6, "{name}: {most}");
    }
}
