//! However pixels lie in memory, they are painted the same.

use half::f16;
use impasto::Request;
use impasto::canvas::Canvas;
use impasto::image::{
    AlphaMode, Channels, ColorSpace, PixelFormat, PixelView, PixelViewMut, SampleType,
};
use impasto::job::Cancel;

use crate::common::pictures::luma;
use crate::common::{engine, settings, style};

const WIDTH: u32 = 72;
const HEIGHT: u32 = 60;
const COUNT: usize = (WIDTH * HEIGHT) as usize;
const PADDING: u8 = 0xa7;

/// Multiples of 5/255 under alphas that are multiples of 1/5: whole numbers of 8 bits even when
/// multiplied.
fn scene(alpha: bool, gray: bool) -> Vec<[f32; 4]> {
    let level = |v: f32| ((v * 51.0).round() * 5.0 / 255.0).clamp(0.0, 1.0);
    (0..COUNT)
        .map(|k| {
            let (x, y) = (k as u32 % WIDTH, k as u32 / WIDTH);
            let [r, g, b, _] = crate::common::pictures::scene(x * 4, y * 4).map(level);
            let a = if alpha { (x / 15 + 1) as f32 / 5.0 } else { 1.0 };
            if gray { [g, g, g, a] } else { [r, g, b, a] }
        })
        .collect()
}

fn encode(value: f32, sample: SampleType) -> Vec<u8> {
    match sample {
        SampleType::U8 => vec![(value * 255.0).round() as u8],
        SampleType::U16 => ((value * 65535.0).round() as u16).to_ne_bytes().to_vec(),
        SampleType::F16 => f16::from_f32(value).to_ne_bytes().to_vec(),
        SampleType::F32 => value.to_ne_bytes().to_vec(),
    }
}

fn decode(bytes: &[u8], sample: SampleType) -> f32 {
    match sample {
        SampleType::U8 => f32::from(bytes[0]) / 255.0,
        SampleType::U16 => f32::from(u16::from_ne_bytes(bytes.try_into().unwrap())) / 65535.0,
        SampleType::F16 => f16::from_ne_bytes(bytes.try_into().unwrap()).to_f32(),
        SampleType::F32 => f32::from_ne_bytes(bytes.try_into().unwrap()),
    }
}

/// The samples that a pixel becomes in a format.
fn samples(pixel: [f32; 4], format: PixelFormat) -> Vec<f32> {
    let alpha = pixel[3];
    let times = if format.alpha == AlphaMode::Premultiplied { alpha } else { 1.0 };
    let [r, g, b] = [0, 1, 2].map(|k| pixel[k] * times);
    let gray = luma(pixel) * times;
    match format.channels {
        Channels::Gray => vec![gray],
        Channels::GrayAlpha => vec![gray, alpha],
        Channels::Rgb => vec![r, g, b],
        Channels::Rgba => vec![r, g, b, alpha],
        Channels::Bgra => vec![b, g, r, alpha],
    }
}

/// Where row `y` begins in a buffer of padded rows.
fn row_start(y: u32, stride: isize) -> usize {
    let row = if stride < 0 { HEIGHT - 1 - y } else { y };
    row as usize * stride.unsigned_abs()
}

/// Paints pixels that are laid out as `format` and `stride` say; the result is in samples of the
/// format, top row first.
fn painted(pixels: &[[f32; 4]], format: PixelFormat, stride: isize) -> Vec<f32> {
    let row_bytes = WIDTH as usize * format.bytes();
    let mut input = vec![0x55; stride.unsigned_abs() * HEIGHT as usize];
    let mut output = vec![PADDING; input.len()];
    for (y, row) in (0..HEIGHT).zip(pixels.chunks_exact(WIDTH as usize)) {
        let bytes: Vec<u8> = row
            .iter()
            .flat_map(|&pixel| samples(pixel, format))
            .flat_map(|value| encode(value, format.sample))
            .collect();
        input[row_start(y, stride)..][..row_bytes].copy_from_slice(&bytes);
    }
    let mut view = PixelViewMut::new(&mut output, WIDTH, HEIGHT, stride, format).unwrap();
    let canvas = Canvas {
        input: PixelView::new(&input, WIDTH, HEIGHT, stride, format).unwrap(),
        color_space: &ColorSpace::Srgb,
        mask: None,
        output: &mut view,
    };
    // More layers repeat the rounding of the input.
    let settings = settings(|s| s.fast.layers = 1);
    let (style, cancel) = (style("great-wave"), Cancel::new());
    let request = Request::new(canvas, (&style).into(), &settings, &cancel);
    engine().paint(request, &()).unwrap();
    let mut values = Vec::new();
    for y in 0..HEIGHT {
        let row = &output[row_start(y, stride)..][..stride.unsigned_abs()];
        let (own, padding) = row.split_at(row_bytes);
        assert!(padding.iter().all(|&byte| byte == PADDING), "{format:?}: padding was written");
        let samples = own.chunks_exact(format.sample.bytes());
        values.extend(samples.map(|bytes| decode(bytes, format.sample)));
    }
    values
}

fn assert_same_painting(channels: Channels, tolerance: impl Fn(SampleType) -> f32) {
    let pixels = scene(channels.has_alpha(), channels.is_gray());
    let reference = PixelFormat::new(Channels::Rgba, SampleType::F32);
    let stride = (WIDTH as usize * reference.bytes()) as isize;
    let reference: Vec<[f32; 4]> = painted(&pixels, reference, stride)
        .chunks_exact(4)
        .map(|pixel| pixel.try_into().unwrap())
        .collect();
    for sample in [SampleType::U8, SampleType::U16, SampleType::F16, SampleType::F32] {
        for alpha in [AlphaMode::Straight, AlphaMode::Premultiplied] {
            let format = PixelFormat { channels, sample, alpha };
            let row = (WIDTH as usize * format.bytes()) as isize;
            let expected = reference.iter().flat_map(|&pixel| samples(pixel, format));
            let expected: Vec<f32> = expected.collect();
            let strides = match alpha {
                AlphaMode::Straight => [row + 12, -row],
                AlphaMode::Premultiplied => [row, -row - 12],
            };
            for stride in strides {
                let got = painted(&pixels, format, stride);
                let most = got.iter().zip(&expected).map(|(a, b)| (a - b).abs());
                let most = most.fold(0.0, f32::max);
                let what = format!("{channels:?} {sample:?} {alpha:?} {stride}");
                println!("{what}: {:.4}/255", most * 255.0);
                assert!(most <= tolerance(sample), "{what}: {most}");
            }
        }
    }
}

/// Half a step of the output; halves cannot hold the input exactly either.
fn rounding(sample: SampleType) -> f32 {
    match sample {
        SampleType::U8 => 0.51 / 255.0,
        SampleType::U16 => 2e-4,
        SampleType::F16 => 2.0 / 255.0,
        SampleType::F32 => 2e-4,
    }
}

#[test]
fn rgb_pixels_are_painted_the_same_in_every_layout() {
    assert_same_painting(Channels::Rgb, rounding);
}

#[test]
fn rgba_pixels_are_painted_the_same_in_every_layout() {
    assert_same_painting(Channels::Rgba, rounding);
}

#[test]
fn bgra_pixels_are_painted_the_same_in_every_layout() {
    assert_same_painting(Channels::Bgra, rounding);
}

#[test]
fn gray_pixels_are_painted_the_same_in_every_layout() {
    assert_same_painting(Channels::Gray, rounding);
    assert_same_painting(Channels::GrayAlpha, rounding);
}

#[test]
fn the_output_may_have_another_format_than_the_input() {
    let pixels = scene(false, false);
    let bytes: Vec<u8> =
        pixels.iter().flat_map(|p| [0, 1, 2].map(|k| (p[k] * 255.0).round() as u8)).collect();
    let from = PixelFormat::new(Channels::Rgb, SampleType::U8);
    let to = PixelFormat::new(Channels::Rgba, SampleType::F32);
    let mut output = vec![0; COUNT * to.bytes()];
    let stride = (WIDTH as usize * to.bytes()) as isize;
    let mut view = PixelViewMut::new(&mut output, WIDTH, HEIGHT, stride, to).unwrap();
    let canvas = Canvas {
        input: PixelView::new(&bytes, WIDTH, HEIGHT, 3 * WIDTH as isize, from).unwrap(),
        color_space: &ColorSpace::Srgb,
        mask: None,
        output: &mut view,
    };
    // More layers repeat the rounding of the input.
    let settings = settings(|s| s.fast.layers = 1);
    let (style, cancel) = (style("great-wave"), Cancel::new());
    let request = Request::new(canvas, (&style).into(), &settings, &cancel);
    engine().paint(request, &()).unwrap();
    let expected = painted(&pixels, to, stride);
    for (got, expected) in output.chunks_exact(4).zip(expected) {
        assert!((decode(got, SampleType::F32) - expected).abs() < 2e-4);
    }
}
