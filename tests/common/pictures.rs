//! Pictures to paint and ways to compare them.

use impasto::file;
use impasto::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType};

pub const RGB_F32: PixelFormat = PixelFormat::new(Channels::Rgb, SampleType::F32);
pub const RGBA_F32: PixelFormat = PixelFormat::new(Channels::Rgba, SampleType::F32);
pub const RGB_U8: PixelFormat = PixelFormat::new(Channels::Rgb, SampleType::U8);
pub const RGBA_U8: PixelFormat = PixelFormat::new(Channels::Rgba, SampleType::U8);

/// A picture by formula, in sRGB.
pub fn drawn(
    width: u32,
    height: u32,
    format: PixelFormat,
    at: impl Fn(u32, u32) -> [f32; 4],
) -> Picture {
    let mut picture = Picture::new(width, height, format, ColorSpace::Srgb).unwrap();
    for y in 0..height {
        let row: Vec<_> = (0..width).map(|x| at(x, y)).collect();
        picture.view_mut().write_row(y, 0, &row);
    }
    picture
}

/// Rings, waves and an edge: flat and busy places, all colours.
pub fn scene(x: u32, y: u32) -> [f32; 4] {
    let (x, y) = (x as f32, y as f32);
    let rings = ((x * x + y * y) / 9000.0).sin();
    let waves = (x / 37.0 + (y / 23.0).sin()).sin();
    let fine = (x * 1.3).sin() * (y * 0.9).cos();
    let edge = if x > 1.5 * y + 40.0 { 0.15 } else { 0.0 };
    [
        0.45 + 0.25 * rings + 0.15 * waves + edge,
        0.45 + 0.3 * waves + 0.1 * fine,
        0.5 + 0.3 * rings - 0.1 * fine - edge,
        1.0,
    ]
    .map(|v: f32| v.clamp(0.0, 1.0))
}

pub fn example(name: &str) -> Picture {
    file::read(&super::example(name)).unwrap()
}

/// A rectangle of the example photograph at full float precision.
pub fn photo_part(left: u32, top: u32, width: u32, height: u32) -> Picture {
    part(&example("photo.png"), [left, top], [width, height])
}

/// A part of a picture from the left, top corner on.
pub fn part(picture: &Picture, [left, top]: [u32; 2], [width, height]: [u32; 2]) -> Picture {
    let pixels = pixels(picture);
    let at = |x: u32, y: u32| ((top + y) * picture.width() + left + x) as usize;
    drawn(width, height, RGB_F32, |x, y| pixels[at(x, y)])
}

/// Straight RGBA, row by row.
pub fn pixels(picture: &Picture) -> Vec<[f32; 4]> {
    let mut pixels = vec![[0.0; 4]; picture.width() as usize * picture.height() as usize];
    for (y, row) in pixels.chunks_exact_mut(picture.width() as usize).enumerate() {
        picture.view().read_row(y as u32, 0, row);
    }
    pixels
}

/// The greatest difference of any colour sample.
pub fn most_difference(a: &Picture, b: &Picture) -> f32 {
    differences(a, b).fold(0.0, f32::max)
}

/// The mean difference of all colour samples.
pub fn mean_difference(a: &Picture, b: &Picture) -> f32 {
    let count = a.width() as f64 * a.height() as f64 * 3.0;
    (differences(a, b).map(f64::from).sum::<f64>() / count) as f32
}

fn differences(a: &Picture, b: &Picture) -> impl Iterator<Item = f32> {
    assert_eq!((a.width(), a.height()), (b.width(), b.height()));
    pixels(a).into_iter().zip(pixels(b)).flat_map(|(a, b)| [0, 1, 2].map(|k| (a[k] - b[k]).abs()))
}

/// The mean of every colour.
pub fn mean_color(pixels: impl IntoIterator<Item = [f32; 4]>) -> [f32; 3] {
    let (mut sum, mut count) = ([0.0_f64; 3], 0.0);
    for pixel in pixels {
        (0..3).for_each(|k| sum[k] += f64::from(pixel[k]));
        count += 1.0;
    }
    sum.map(|v| (v / count) as f32)
}

/// Rec. 709 luma.
pub fn luma([r, g, b, _]: [f32; 4]) -> f32 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}
