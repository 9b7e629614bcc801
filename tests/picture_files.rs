//! What picture files keep, what they lose with a word, and what they refuse.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Write;
use std::path::Path;

use half::f16;
use impasto::ErrorKind;
use impasto::file::{FileFormat, WriteOptions, detect, read, read_bytes, write, write_bytes};
use impasto::image::{AlphaMode, Channels, ColorSpace, MAX_SIDE, Picture, PixelFormat, SampleType};
use moxcms::ColorProfile;

const ALL_CHANNELS: [Channels; 4] =
    [Channels::Gray, Channels::GrayAlpha, Channels::Rgb, Channels::Rgba];

/// Different samples everywhere; alpha is 1, 1/2 or 1/4, so that multiplying by it is exact.
fn patterned(
    width: u32,
    height: u32,
    channels: Channels,
    sample: SampleType,
    space: ColorSpace,
) -> Picture {
    let format = PixelFormat::new(channels, sample);
    let mut picture = Picture::new(width, height, format, space).unwrap();
    let count = channels.count();
    for (k, bytes) in picture.data_mut().chunks_exact_mut(sample.bytes()).enumerate() {
        let is_alpha = channels.has_alpha() && k % count == count - 1;
        let step = (k * 7919 + k / 13) as u32;
        match sample {
            SampleType::U8 => bytes[0] = if is_alpha { step as u8 | 1 } else { step as u8 },
            SampleType::U16 => bytes.copy_from_slice(&(step as u16 | 1).to_ne_bytes()),
            SampleType::F16 | SampleType::F32 => {
                let value = match is_alpha {
                    true => [1.0, 0.5, 0.25][step as usize % 3],
                    false => (step % 512) as f32 / 128.0 - 0.5,
                };
                match sample {
                    SampleType::F16 => bytes.copy_from_slice(&f16::from_f32(value).to_ne_bytes()),
                    _ => bytes.copy_from_slice(&value.to_ne_bytes()),
                }
            }
        }
    }
    picture
}

fn bytes_of(picture: &Picture, format: FileFormat) -> (Vec<u8>, Vec<String>) {
    let mut bytes = Vec::new();
    let notes = write_bytes(picture, format, &WriteOptions::default(), &mut bytes).unwrap();
    assert_eq!(detect(&bytes), Some(format));
    (bytes, notes)
}

fn through(picture: &Picture, format: FileFormat) -> (Picture, Vec<String>) {
    let (bytes, notes) = bytes_of(picture, format);
    (read_bytes(&bytes, "memory").unwrap(), notes)
}

fn floats(picture: &Picture) -> Vec<f32> {
    let samples = picture.data().chunks_exact(picture.format().sample.bytes());
    samples
        .map(|b| match picture.format().sample {
            SampleType::U8 => f32::from(b[0]) / 255.0,
            SampleType::U16 => f32::from(u16::from_ne_bytes([b[0], b[1]])) / 65535.0,
            SampleType::F16 => f16::from_ne_bytes([b[0], b[1]]).to_f32(),
            SampleType::F32 => f32::from_ne_bytes([b[0], b[1], b[2], b[3]]),
        })
        .collect()
}

fn with_pixels(
    channels: Channels,
    sample: SampleType,
    space: ColorSpace,
    values: &[f32],
) -> Picture {
    let width = values.len() / channels.count();
    let format = PixelFormat::new(channels, sample);
    let mut picture = Picture::new(width as u32, 1, format, space).unwrap();
    for (to, value) in picture.data_mut().chunks_exact_mut(sample.bytes()).zip(values) {
        match sample {
            SampleType::U8 => to[0] = (value * 255.0).round() as u8,
            SampleType::U16 => {
                to.copy_from_slice(&((value * 65535.0).round() as u16).to_ne_bytes());
            }
            SampleType::F16 => to.copy_from_slice(&f16::from_f32(*value).to_ne_bytes()),
            SampleType::F32 => to.copy_from_slice(&value.to_ne_bytes()),
        }
    }
    picture
}

fn assert_near(actual: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(actual.len(), expected.len());
    for (a, e) in actual.iter().zip(expected) {
        assert!((a - e).abs() <= tolerance, "{actual:?} is not near {expected:?}");
    }
}

#[test]
fn every_format_keeps_the_samples_it_holds() {
    use SampleType::*;
    let cases: &[(FileFormat, &[SampleType])] = &[
        (FileFormat::Png, &[U8, U16]),
        (FileFormat::Tiff, &[U8, U16, F16, F32]),
        (FileFormat::WebP, &[U8]),
        (FileFormat::OpenExr, &[F16, F32]),
    ];
    for &(format, samples) in cases {
        for &sample in samples {
            for channels in ALL_CHANNELS {
                let is_rgb = !matches!(channels, Channels::Gray | Channels::GrayAlpha);
                if format == FileFormat::WebP && !is_rgb {
                    continue;
                }
                let space =
                    if sample.is_float() { ColorSpace::LinearSrgb } else { ColorSpace::Srgb };
                for (width, height) in [(1, 1), (37, 23), (301, 517)] {
                    let picture = patterned(width, height, channels, sample, space.clone());
                    let (back, notes) = through(&picture, format);
                    assert!(back == picture, "{format:?} {sample:?} {channels:?} {width}");
                    assert!(notes.is_empty(), "{notes:?}");
                }
            }
        }
    }
}

#[test]
fn gray_in_webp_comes_back_as_three_equal_colours() {
    for (channels, expected) in
        [(Channels::Gray, Channels::Rgb), (Channels::GrayAlpha, Channels::Rgba)]
    {
        let picture = patterned(9, 5, channels, SampleType::U8, ColorSpace::Srgb);
        let (back, _) = through(&picture, FileFormat::WebP);
        assert_eq!(back.format().channels, expected);
        for y in 0..5 {
            let (mut a, mut b) = ([[0.0; 4]; 9], [[0.0; 4]; 9]);
            picture.view().read_row(y, 0, &mut a);
            back.view().read_row(y, 0, &mut b);
            assert_eq!(a, b);
        }
    }
}

#[test]
fn jpeg_is_near_and_keeps_gray() {
    for (channels, count) in [(Channels::Gray, 1), (Channels::Rgb, 3)] {
        let format = PixelFormat::new(channels, SampleType::U8);
        let mut picture = Picture::new(64, 48, format, ColorSpace::Srgb).unwrap();
        for (k, value) in picture.data_mut().iter_mut().enumerate() {
            let (x, y) = (k / count % 64, k / count / 64);
            *value = (x * 2 + y + 20 * (k % count)) as u8;
        }
        let (back, notes) = through(&picture, FileFormat::Jpeg);
        assert_eq!(back.format(), format);
        assert_near(&floats(&back), &floats(&picture), 0.03);
        assert!(notes.is_empty());
    }
}

#[test]
fn quality_changes_the_size_of_a_jpeg() {
    let picture = patterned(100, 100, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
    let size = |jpeg_quality| {
        let options = WriteOptions { jpeg_quality, ..WriteOptions::default() };
        let mut bytes = Vec::new();
        write_bytes(&picture, FileFormat::Jpeg, &options, &mut bytes).unwrap();
        bytes.len()
    };
    assert!(size(20) < size(92) && size(92) < size(100));
    let options = WriteOptions { jpeg_quality: 0, ..WriteOptions::default() };
    let error = write_bytes(&picture, FileFormat::Jpeg, &options, &mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
}

#[test]
fn profiles_survive_byte_for_byte() {
    let rgb = ColorProfile::new_display_p3().encode().unwrap();
    let gray = ColorProfile::new_gray_with_gamma(1.8).encode().unwrap();
    for format in [FileFormat::Png, FileFormat::Jpeg, FileFormat::Tiff, FileFormat::WebP] {
        for (channels, icc) in [(Channels::Rgb, &rgb), (Channels::Gray, &gray)] {
            if format == FileFormat::WebP && channels == Channels::Gray {
                continue;
            }
            let space = ColorSpace::Icc(icc.clone().into());
            let picture = patterned(12, 10, channels, SampleType::U8, space.clone());
            let (back, notes) = through(&picture, format);
            assert!(*back.color_space() == space, "{format:?} {channels:?}");
            assert!(notes.is_empty(), "{notes:?}");
        }
    }
    let space = ColorSpace::Icc(rgb.into());
    for sample in [SampleType::U16, SampleType::F16, SampleType::F32] {
        let picture = patterned(12, 10, Channels::Rgba, sample, space.clone());
        assert!(through(&picture, FileFormat::Tiff).0 == picture);
    }
}

#[test]
fn profiles_that_do_not_fit_are_left_out_with_a_word() {
    let rgb = ColorProfile::new_display_p3().encode().unwrap();
    for icc in [rgb, b"no profile".to_vec()] {
        for format in FileFormat::ALL {
            let space = ColorSpace::Icc(icc.clone().into());
            let picture = patterned(4, 4, Channels::Gray, SampleType::U8, space);
            let (back, notes) = through(&picture, format);
            assert!(!matches!(back.color_space(), ColorSpace::Icc(_)));
            assert!(notes.iter().any(|note| note.contains("profile")), "{format:?} {notes:?}");
        }
    }
}

#[test]
fn a_gray_profile_becomes_srgb_in_webp() {
    let linear = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    let picture = with_pixels(
        Channels::Gray,
        SampleType::U16,
        ColorSpace::Icc(linear.into()),
        &[0.0, 0.214, 0.5, 1.0],
    );
    let (back, notes) = through(&picture, FileFormat::WebP);
    let (zero, half, three) = (0.0, 0.5, 0.735);
    let expected = [zero, zero, zero, half, half, half, three, three, three, 1.0, 1.0, 1.0];
    assert_near(&floats(&back), &expected, 0.01);
    assert_eq!(notes.len(), 2, "{notes:?}");
}

#[test]
fn srgb_floats_in_tiff_stay_srgb() {
    for channels in [Channels::Gray, Channels::Rgb] {
        let picture = patterned(5, 5, channels, SampleType::F32, ColorSpace::Srgb);
        let (back, notes) = through(&picture, FileFormat::Tiff);
        assert_eq!(back.data(), picture.data());
        let ColorSpace::Icc(icc) = back.color_space() else { panic!("no profile") };
        // 0.5 of it is 0.214 of linear light.
        let picture =
            with_pixels(channels, SampleType::F32, ColorSpace::Icc(icc.clone()), &[0.5; 3]);
        let (linear, _) = through(&picture, FileFormat::OpenExr);
        assert_near(&floats(&linear), &[0.214; 3], 0.002);
        assert!(notes.is_empty());
    }
}

#[test]
fn openexr_gets_linear_light() {
    let values = [0.0, 0.5, 1.0];
    for (sample, kept) in [
        (SampleType::U8, SampleType::F16),
        (SampleType::U16, SampleType::F32),
        (SampleType::F16, SampleType::F16),
        (SampleType::F32, SampleType::F32),
    ] {
        let picture = with_pixels(Channels::Rgb, sample, ColorSpace::Srgb, &values);
        let (back, notes) = through(&picture, FileFormat::OpenExr);
        assert_eq!(back.format().sample, kept);
        assert_eq!(*back.color_space(), ColorSpace::LinearSrgb);
        assert_near(&floats(&back), &[0.0, 0.214, 1.0], 0.003);
        assert_eq!(notes.len(), 1);
    }
    // Display P3's red is 1.2249, -0.0420, -0.0196 in linear sRGB.
    let icc = ColorProfile::new_display_p3().encode().unwrap();
    let space = ColorSpace::Icc(icc.into());
    let red = with_pixels(Channels::Rgb, SampleType::F32, space, &[1.0, 0.0, 0.0]);
    let (back, _) = through(&red, FileFormat::OpenExr);
    assert_near(&floats(&back), &[1.2249, -0.042, -0.0196], 0.003);
}

#[test]
fn openexr_files_hold_premultiplied_colours() {
    let picture = with_pixels(
        Channels::Rgba,
        SampleType::F32,
        ColorSpace::LinearSrgb,
        &[0.8, 0.4, 0.2, 0.5, 3.0, 2.0, 1.0, 0.0],
    );
    let (bytes, _) = bytes_of(&picture, FileFormat::OpenExr);
    let file = exr::prelude::read_first_flat_layer_from_bytes(&bytes);
    let stored: Vec<Vec<f32>> =
        file.channel_data.list.iter().map(|c| c.sample_data.values_as_f32().collect()).collect();
    // A, B, G, R.
    let expected = [[0.5, 0.0], [0.1, 0.0], [0.2, 0.0], [0.4, 0.0]];
    assert_eq!(stored, expected);
    let back = read_bytes(&bytes, "memory").unwrap();
    assert_near(&floats(&back), &[0.8, 0.4, 0.2, 0.5, 0.0, 0.0, 0.0, 0.0], 1e-6);
}

/// Reading with crate `exr` itself, as another program would.
mod exr {
    pub mod prelude {
        pub use ::exr::prelude::*;

        pub fn read_first_flat_layer_from_bytes(bytes: &[u8]) -> Layer<AnyChannels<FlatSamples>> {
            let image = read()
                .no_deep_data()
                .largest_resolution_level()
                .all_channels()
                .first_valid_layer()
                .all_attributes()
                .from_buffered(std::io::Cursor::new(bytes))
                .unwrap();
            image.layer_data
        }
    }
}

#[test]
fn openexr_takes_the_colours_among_other_channels() {
    use ::exr::prelude::*;
    let samples = |value: f32| FlatSamples::F32(vec![value; 6]);
    let half = |value: f32| FlatSamples::F16(vec![f16::from_f32(value); 6]);
    let channels = AnyChannels::sort(SmallVec::from_vec(vec![
        AnyChannel::new("R", half(0.25)),
        AnyChannel::new("Z", samples(100.0)),
        AnyChannel::new("B", samples(0.75)),
        AnyChannel::new("diffuse.R", samples(9.0)),
        AnyChannel::new("G", half(0.5)),
    ]));
    for encoding in [
        Encoding::FAST_LOSSLESS,
        Encoding::SMALL_LOSSLESS,
        Encoding::UNCOMPRESSED,
        Encoding { blocks: Blocks::Tiles(Vec2(2, 2)), ..Encoding::FAST_LOSSLESS },
    ] {
        // The data lie one to the right of and one below the display window's corner.
        let attributes = LayerAttributes::named("beauty").with_position(Vec2(11, 21));
        let layer = Layer::new((3, 2), attributes, encoding, channels.clone());
        let display = IntegerBounds::new((10, 20), (3, 3));
        let image = Image::new(ImageAttributes::new(display), layer);
        let mut bytes = std::io::Cursor::new(Vec::new());
        image.write().to_buffered(&mut bytes).unwrap();
        let picture = read_bytes(bytes.get_ref(), "memory").unwrap();
        assert_eq!((picture.width(), picture.height()), (3, 3));
        assert_eq!(
            picture.format(),
            PixelFormat::new(Channels::Rgb, impasto::image::SampleType::F32)
        );
        let (empty, full) = ([0.0; 3], [0.25, 0.5, 0.75]);
        let expected = [empty, empty, empty, empty, full, full, empty, full, full];
        assert_eq!(floats(&picture), expected.as_flattened());
    }
}

#[test]
fn losses_are_told() {
    let linear = with_pixels(
        Channels::Rgba,
        SampleType::F32,
        ColorSpace::LinearSrgb,
        &[0.214, 7.0, -1.0, 1.0, 0.214, 0.214, 0.214, 0.0],
    );
    let (png, notes) = through(&linear, FileFormat::Png);
    assert_eq!(png.format(), PixelFormat::new(Channels::Rgba, SampleType::U16));
    assert_near(&floats(&png), &[0.5, 1.0, 0.0, 1.0, 0.5, 0.5, 0.5, 0.0], 0.001);
    assert_eq!(notes.len(), 2, "{notes:?}");

    let (webp, notes) = through(&linear, FileFormat::WebP);
    assert_eq!(webp.format(), PixelFormat::new(Channels::Rgba, SampleType::U8));
    assert_eq!(notes.len(), 2, "{notes:?}");

    let clear = with_pixels(
        Channels::Rgba,
        SampleType::U16,
        ColorSpace::Srgb,
        &[0.0, 0.0, 0.0, 0.0].repeat(64),
    );
    let (jpeg, notes) = through(&clear, FileFormat::Jpeg);
    assert_near(&floats(&jpeg), &[1.0; 192], 0.01);
    assert!(notes.contains(&"JPEG holds no transparency: it was laid over white.".to_owned()));
    assert_eq!(notes.len(), 2, "{notes:?}");
    // An alpha channel of ones is no loss.
    let opaque = with_pixels(Channels::Rgba, SampleType::U8, ColorSpace::Srgb, &[1.0; 64]);
    assert!(through(&opaque, FileFormat::Jpeg).1.is_empty());

    let mut with_exif = opaque;
    with_exif.set_exif(Some(exif(1)));
    for format in [FileFormat::Tiff, FileFormat::OpenExr] {
        let notes = bytes_of(&with_exif, format).1;
        assert!(notes.iter().any(|note| note.contains("EXIF")));
    }
}

#[test]
fn other_memory_layouts_are_written_right() {
    let format = PixelFormat {
        channels: Channels::Bgra,
        sample: SampleType::U8,
        alpha: AlphaMode::Premultiplied,
    };
    let mut picture = Picture::new(1, 1, format, ColorSpace::Srgb).unwrap();
    picture.data_mut().copy_from_slice(&[10, 20, 30, 51]);
    for format in [FileFormat::Png, FileFormat::Tiff, FileFormat::WebP] {
        let (back, _) = through(&picture, format);
        assert_eq!(back.format(), PixelFormat::new(Channels::Rgba, SampleType::U8));
        assert_eq!(back.data(), [150, 100, 50, 51]);
    }
}

/// A TIFF structure with nothing but an orientation, and a copyright after it.
fn exif(orientation: u16) -> Vec<u8> {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1]);
    exif.extend(orientation.to_be_bytes());
    exif.extend([0, 0]);
    exif.extend([0x82, 0x98, 0, 2, 0, 0, 0, 4]);
    exif.extend(*b"me!\0");
    exif.extend([0; 4]);
    exif
}

/// The stored 3x2 picture 1 2 3 / 4 5 6, upright, for every orientation.
const UPRIGHT: [(u32, [u8; 6]); 8] = [
    (3, [1, 2, 3, 4, 5, 6]),
    (3, [3, 2, 1, 6, 5, 4]),
    (3, [6, 5, 4, 3, 2, 1]),
    (3, [4, 5, 6, 1, 2, 3]),
    (2, [1, 4, 2, 5, 3, 6]),
    (2, [4, 1, 5, 2, 6, 3]),
    (2, [6, 3, 5, 2, 4, 1]),
    (2, [3, 6, 2, 5, 1, 4]),
];

#[test]
fn pictures_are_turned_upright() {
    for (k, (width, upright)) in UPRIGHT.into_iter().enumerate() {
        let orientation = k as u16 + 1;
        for format in [FileFormat::Png, FileFormat::WebP, FileFormat::Jpeg] {
            // Squares of 16 pixels, which JPEG keeps apart.
            let cell = 16;
            let layout = PixelFormat::new(Channels::Rgb, SampleType::U8);
            let mut stored = Picture::new(3 * cell, 2 * cell, layout, ColorSpace::Srgb).unwrap();
            for (k, pixel) in stored.data_mut().chunks_exact_mut(3).enumerate() {
                let (x, y) = (k as u32 % (3 * cell), k as u32 / (3 * cell));
                pixel.fill((y / cell * 3 + x / cell + 1) as u8 * 30);
            }
            stored.set_exif(Some(exif(orientation)));
            let (back, _) = through(&stored, format);
            assert_eq!((back.width(), back.height()), (width * cell, 6 / width * cell));
            let at = |x: u32, y: u32| back.data()[((y * width * cell + x) * 3) as usize];
            let cells: Vec<_> = (0..6)
                .map(|k| at(k % width * cell + 8, k / width * cell + 8))
                .map(|value| (f32::from(value) / 30.0).round() as u8)
                .collect();
            assert_eq!(cells, upright, "{format:?} {orientation}");
            // The block stays, told that there is nothing left to turn.
            assert_eq!(back.exif(), Some(&exif(1)[..]));
            let (again, _) = through(&back, format);
            assert_eq!((again.width(), again.exif()), (back.width(), Some(&exif(1)[..])));
        }
        let tiff =
            tiff_file(&TiffFile { orientation, ..TiffFile::gray(3, 2, &[1, 2, 3, 4, 5, 6]) });
        let back = read_bytes(&tiff, "memory").unwrap();
        assert_eq!((back.width(), back.data()), (width, &upright[..]), "TIFF {orientation}");
    }
}

#[test]
fn a_png_may_have_its_exif_block_after_the_pixels() {
    let (mut bytes, _) = bytes_of(
        &patterned(3, 2, Channels::Gray, SampleType::U8, ColorSpace::Srgb),
        FileFormat::Png,
    );
    let end = bytes.split_off(bytes.len() - 12);
    bytes.extend(png_chunk(b"eXIf", &exif(6)));
    bytes.extend(end);
    let picture = read_bytes(&bytes, "memory").unwrap();
    assert_eq!((picture.width(), picture.height()), (2, 3));
    assert_eq!(picture.exif(), Some(&exif(1)[..]));
}

/// A TIFF file of one uncompressed strip, put together by hand.
struct TiffFile<'a> {
    width: u32,
    height: u32,
    bits: u16,
    samples: u16,
    photometric: u16,
    extra: Option<u16>,
    sample_format: u16,
    planar: u16,
    orientation: u16,
    pixels: &'a [u8],
}

impl<'a> TiffFile<'a> {
    fn gray(width: u32, height: u32, pixels: &'a [u8]) -> Self {
        TiffFile {
            width,
            height,
            bits: 8,
            samples: 1,
            photometric: 1,
            extra: None,
            sample_format: 1,
            planar: 1,
            orientation: 1,
            pixels,
        }
    }
}

fn tiff_file(file: &TiffFile) -> Vec<u8> {
    let mut bytes = b"II*\0".to_vec();
    let directory_at = 8 + file.pixels.len() as u32;
    bytes.extend(directory_at.to_le_bytes());
    bytes.extend(file.pixels);
    let mut entries: Vec<(u16, u16, u32)> = vec![
        (256, 4, file.width),
        (257, 4, file.height),
        (258, 3, file.bits.into()),
        (259, 3, 1),
        (262, 3, file.photometric.into()),
        (273, 4, 8),
        (274, 3, file.orientation.into()),
        (277, 3, file.samples.into()),
        (278, 4, file.height),
        (279, 4, file.pixels.len() as u32),
        (284, 3, file.planar.into()),
    ];
    entries.extend(file.extra.map(|kind| (338, 3, kind.into())));
    entries.push((339, 3, file.sample_format.into()));
    // Planes are strips of their own, whose places stand after the directory.
    let planes = if file.planar == 2 { u32::from(file.samples) } else { 1 };
    let after = directory_at + 2 + 12 * entries.len() as u32 + 4;
    bytes.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, value) in entries {
        let (count, value) = match tag {
            273 if planes > 1 => (planes, after),
            279 if planes > 1 => (planes, after + 4 * planes),
            _ => (1, value),
        };
        bytes.extend(tag.to_le_bytes());
        bytes.extend(u16::to_le_bytes(kind));
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    let plane = file.pixels.len() as u32 / planes;
    bytes.extend((0..planes).flat_map(|k| (8 + k * plane).to_le_bytes()));
    bytes.extend((0..planes).flat_map(|_| plane.to_le_bytes()));
    bytes
}

#[test]
fn tiff_kinds_of_others_are_read() {
    let read = |file: &TiffFile| read_bytes(&tiff_file(file), "memory").unwrap();
    let base = |pixels| TiffFile::gray(2, 1, pixels);

    // Associated alpha.
    let picture = read(&TiffFile {
        samples: 4,
        photometric: 2,
        extra: Some(1),
        ..base(&[51, 102, 0, 102, 9, 9, 9, 0])
    });
    assert_eq!(picture.data(), [128, 255, 0, 102, 9, 9, 9, 0]);
    let picture = read(&TiffFile { samples: 2, extra: Some(1), ..base(&[51, 102, 3, 255]) });
    assert_eq!(picture.format().channels, Channels::GrayAlpha);
    assert_eq!(picture.data(), [128, 102, 3, 255]);
    // Unassociated, and a channel that is no alpha.
    let picture = read(&TiffFile { samples: 2, extra: Some(2), ..base(&[51, 102, 3, 255]) });
    assert_eq!(picture.data(), [51, 102, 3, 255]);
    let picture = read(&TiffFile { samples: 2, extra: Some(0), ..base(&[51, 102, 3, 255]) });
    assert_eq!((picture.format().channels, picture.data()), (Channels::Gray, &[51, 3][..]));
    // Planes.
    let picture =
        read(&TiffFile { samples: 3, photometric: 2, planar: 2, ..base(&[1, 2, 3, 4, 5, 6]) });
    assert_eq!(picture.data(), [1, 3, 5, 2, 4, 6]);
    // CMYK.
    let picture =
        read(&TiffFile { samples: 4, photometric: 5, ..base(&[0, 0, 0, 0, 255, 0, 0, 51]) });
    assert_eq!(picture.data(), [255, 255, 255, 0, 204, 204]);
    // Bits, white is zero.
    let bits =
        TiffFile { bits: 1, photometric: 0, ..TiffFile::gray(10, 2, &[0x0f, 0x40, 0xff, 0]) };
    let picture = read(&bits);
    let w = 255;
    assert_eq!(picture.data(), [w, w, w, w, 0, 0, 0, 0, w, 0, 0, 0, 0, 0, 0, 0, 0, 0, w, w]);
    let picture = read(&TiffFile { bits: 4, ..TiffFile::gray(3, 1, &[0x0f, 0x80]) });
    assert_eq!(picture.data(), [0, 255, 136]);
    // Half and single floats.
    let half: Vec<u8> = [0.5, -2.0].iter().flat_map(|&v| f16::from_f32(v).to_le_bytes()).collect();
    let picture = read(&TiffFile { bits: 16, sample_format: 3, ..base(&half) });
    assert_eq!(picture.format().sample, SampleType::F16);
    assert_eq!(*picture.color_space(), ColorSpace::LinearSrgb);
    assert_eq!(floats(&picture), [0.5, -2.0]);
    let single: Vec<u8> = [0.5_f32, 1e9].iter().flat_map(|v| v.to_le_bytes()).collect();
    let picture = read(&TiffFile { bits: 32, sample_format: 3, ..base(&single) });
    assert_eq!(floats(&picture), [0.5, 1e9]);
    // Refused.
    for file in [
        TiffFile { bits: 32, sample_format: 1, ..base(&single) },
        TiffFile { photometric: 3, ..base(&[0, 1]) },
        TiffFile { planar: 7, ..base(&[0, 1]) },
    ] {
        let error = read_bytes(&tiff_file(&file), "memory").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Picture);
    }
}

fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = (content.len() as u32).to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(content);
    let mut crc = u32::MAX;
    for &byte in &chunk[4..] {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    chunk.extend((!crc).to_be_bytes());
    chunk
}

/// A PNG whose rows (with their filter bytes) are stored uncompressed.
fn png_file(size: (u32, u32), bits: u8, color: u8, extra: &[Vec<u8>], rows: &[u8]) -> Vec<u8> {
    let mut header = size.0.to_be_bytes().to_vec();
    header.extend(size.1.to_be_bytes());
    header.extend([bits, color, 0, 0, 0]);
    let mut zlib = vec![0x78, 0x01, 0x01];
    zlib.extend((rows.len() as u16).to_le_bytes());
    zlib.extend((!(rows.len() as u16)).to_le_bytes());
    zlib.extend(rows);
    let (a, b) = rows.iter().fold((1_u32, 0_u32), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65521;
        (a, (a + b) % 65521)
    });
    zlib.extend((b << 16 | a).to_be_bytes());
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    file.extend(png_chunk(b"IHDR", &header));
    file.extend(extra.concat());
    file.extend(png_chunk(b"IDAT", &zlib));
    file.extend(png_chunk(b"IEND", &[]));
    file
}

#[test]
fn small_png_kinds_are_expanded() {
    let palette = png_chunk(b"PLTE", &[1, 2, 3, 40, 50, 60, 7, 8, 9]);
    let clear = png_chunk(b"tRNS", &[255, 0]);
    let file = png_file((3, 1), 2, 3, &[palette.clone(), clear], &[0, 0b00_01_10_00]);
    let picture = read_bytes(&file, "memory").unwrap();
    assert_eq!(picture.format(), PixelFormat::new(Channels::Rgba, SampleType::U8));
    assert_eq!(picture.data(), [1, 2, 3, 255, 40, 50, 60, 0, 7, 8, 9, 255]);
    let file = png_file((3, 1), 8, 3, &[palette], &[0, 2, 1, 0]);
    assert_eq!(read_bytes(&file, "memory").unwrap().data(), [7, 8, 9, 40, 50, 60, 1, 2, 3]);
    for (bits, row, expected) in [(1, 0b1010_0000, [255, 0, 255]), (2, 0b11_01_00_00, [255, 85, 0])]
    {
        let picture = read_bytes(&png_file((3, 1), bits, 0, &[], &[0, row]), "memory").unwrap();
        assert_eq!(picture.data(), expected);
    }
    // A gAMA chunk changes nothing.
    let gamma = png_chunk(b"gAMA", &100_000_u32.to_be_bytes());
    let picture = read_bytes(&png_file((1, 1), 8, 0, &[gamma], &[0, 77]), "memory").unwrap();
    assert_eq!((picture.data(), picture.color_space()), (&[77][..], &ColorSpace::Srgb));
}

#[test]
fn oversized_pictures_are_refused_by_their_header() {
    let too_large = |bytes: &[u8]| {
        let error = read_bytes(bytes, "huge").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Picture);
        let message = error.full_message();
        assert!(message.contains(&MAX_SIDE.to_string()), "{message}");
        assert!(message.starts_with("cannot read the picture 'huge'"), "{message}");
    };
    for size in [(100_000, 100_000), (u32::MAX / 2, 1), (1, MAX_SIDE + 1)] {
        too_large(&png_file(size, 16, 6, &[], &[0]));
        too_large(&tiff_file(&TiffFile::gray(size.0, size.1, &[0])));
    }
    let small = patterned(16, 16, Channels::Gray, SampleType::U8, ColorSpace::Srgb);
    let (mut jpeg, _) = bytes_of(&small, FileFormat::Jpeg);
    let frame = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    too_large(&jpeg);
    let (exr, _) = bytes_of(&small, FileFormat::OpenExr);
    for name in [&b"dataWindow\0"[..], b"displayWindow\0"] {
        let mut exr = exr.clone();
        let at = exr.windows(name.len()).position(|text| text == name).unwrap();
        // The name, "box2i", its length, then left, top, right, bottom.
        let right = at + name.len() + 6 + 4 + 8;
        exr[right..right + 4].copy_from_slice(&99_999_i32.to_le_bytes());
        let message = read_bytes(&exr, "huge").unwrap_err().full_message();
        assert!(message.contains("too large") || message.contains("invalid"), "{message}");
    }
    // WebP: the canvas of an extended file.
    let mut webp = small.clone();
    webp.set_exif(Some(exif(1)));
    let (mut webp, _) = bytes_of(&webp, FileFormat::WebP);
    assert_eq!(&webp[12..16], b"VP8X");
    webp[24..30].fill(0xff);
    let error = read_bytes(&webp, "huge").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Picture);
    let big = Picture::new(20_000, 1, small.format(), ColorSpace::Srgb).unwrap();
    let error =
        write_bytes(&big, FileFormat::WebP, &WriteOptions::default(), &mut Vec::new()).unwrap_err();
    assert!(error.full_message().contains("16383"), "{}", error.full_message());
}

#[test]
fn long_pictures_are_taken() {
    let picture = patterned(MAX_SIDE, 2, Channels::Rgb, SampleType::U16, ColorSpace::Srgb);
    for format in [FileFormat::Png, FileFormat::Tiff] {
        assert!(through(&picture, format).0 == picture);
    }
}

#[test]
fn damaged_files_are_errors_and_never_panics() {
    let icc = ColorProfile::new_display_p3().encode().unwrap();
    for format in FileFormat::ALL {
        for sample in [SampleType::U8, SampleType::F32] {
            let mut picture =
                patterned(40, 30, Channels::Rgba, sample, ColorSpace::Icc(icc.clone().into()));
            picture.set_exif(Some(exif(6)));
            let (bytes, _) = bytes_of(&picture, format);
            let step = (bytes.len() / 150).max(1);
            for end in (0..bytes.len().min(64)).chain((64..bytes.len()).step_by(step)) {
                match read_bytes(&bytes[..end], "cut.png") {
                    // Only what stands after the pixels may be missing.
                    Ok(whole) => assert!(
                        bytes.len() - end <= 64 && whole.width() == 30,
                        "{format:?} {end} of {}",
                        bytes.len()
                    ),
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::Picture, "{}", error.full_message());
                        let message = error.full_message();
                        assert!(message.starts_with("cannot read the picture 'cut.png': "));
                    }
                }
            }
            // Damage inside: any result but a panic, and no other kind of error.
            let mut random = 12345_u32;
            for _ in 0..300 {
                let mut damaged = bytes.clone();
                for _ in 0..3 {
                    random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let at = (random >> 8) as usize % damaged.len().min(2000);
                    damaged[at] ^= (random >> 3) as u8 | 1;
                }
                if let Err(error) = read_bytes(&damaged, "damaged") {
                    let kind = error.kind();
                    assert_eq!(kind, ErrorKind::Picture, "{}", error.full_message());
                }
            }
        }
    }
}

#[test]
fn a_tag_that_claims_all_memory_is_refused() {
    let icc = ColorProfile::new_display_p3().encode().unwrap();
    let space = ColorSpace::Icc(icc.into());
    let picture = patterned(4, 4, Channels::Rgb, SampleType::U8, space);
    let (mut bytes, _) = bytes_of(&picture, FileFormat::Tiff);
    // Tag 34675, of bytes without a meaning; their count follows.
    let entry = [34675_u16.to_ne_bytes(), 7_u16.to_ne_bytes()].concat();
    let at = bytes.windows(4).position(|window| window == entry).unwrap();
    bytes[at + 4..at + 8].fill(0xff);
    assert_eq!(read_bytes(&bytes, "memory").unwrap_err().kind(), ErrorKind::Picture);
}

#[test]
fn what_is_no_picture_file_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    for (path, kind, cause) in [
        (file("empty.png", b""), ErrorKind::Picture, "the file is empty"),
        (file("text.png", b"dear diary, today"), ErrorKind::Picture, "not one of PNG, JPEG"),
        (file("two.jpg", b"\xff\xd8"), ErrorKind::Picture, "not one of"),
        (folder.path().join("missing.png"), ErrorKind::File, "No such file"),
        (folder.path().to_path_buf(), ErrorKind::File, "directory"),
    ] {
        let error = read(&path).unwrap_err();
        let message = error.full_message();
        assert_eq!(error.kind(), kind, "{message}");
        let start = format!("cannot read the picture '{}': ", path.display());
        assert!(message.starts_with(&start) && message.contains(cause), "{message}");
    }
}

#[test]
fn content_and_not_the_name_decides_when_reading() {
    let folder = tempfile::tempdir().unwrap();
    let picture = patterned(7, 5, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
    let path = folder.path().join("picture.jpg");
    std::fs::write(&path, bytes_of(&picture, FileFormat::Tiff).0).unwrap();
    assert!(read(&path).unwrap() == picture);
}

#[test]
fn the_extension_decides_when_writing() {
    let folder = tempfile::tempdir().unwrap();
    let picture = patterned(7, 5, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
    for format in FileFormat::ALL {
        for extension in format.extensions() {
            for extension in [extension.to_string(), extension.to_uppercase()] {
                let path = folder.path().join(format!("picture.{extension}"));
                assert_eq!(FileFormat::from_path(&path), Some(format));
                write(&picture, &path, &WriteOptions::default()).unwrap();
                assert_eq!(detect(&std::fs::read(&path).unwrap()), Some(format));
            }
        }
    }
    let path = folder.path().join("picture.bmp");
    let error = write(&picture, &path, &WriteOptions::default()).unwrap_err();
    let message = error.full_message();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert!(message.starts_with("cannot write the picture") && message.contains(".webp, .exr"));
    let options = WriteOptions { format: Some(FileFormat::Png), ..WriteOptions::default() };
    write(&picture, &path, &options).unwrap();
    assert!(read(&path).unwrap() == picture);
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_failed_write_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let options = WriteOptions::default();
    let wide =
        Picture::new(20_000, 1, PixelFormat::new(Channels::Rgb, SampleType::U8), ColorSpace::Srgb)
            .unwrap();
    let path = folder.path().join("picture.webp");
    std::fs::write(&path, b"precious").unwrap();
    let error = write(&wide, &path, &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Picture);
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    assert_eq!(entries(folder.path()), ["picture.webp"]);

    let error = write(&wide, &folder.path().join("no/where.png"), &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    assert!(error.full_message().contains("no such folder"), "{}", error.full_message());

    std::fs::create_dir(folder.path().join("folder.png")).unwrap();
    let error = write(&wide, &folder.path().join("folder.png"), &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);

    let locked = folder.path().join("locked.png");
    std::fs::write(&locked, b"precious").unwrap();
    let mut permissions = std::fs::metadata(&locked).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&locked, permissions).unwrap();
    let error = write(&wide, &locked, &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    assert_eq!(std::fs::read(&locked).unwrap(), b"precious");
    assert_eq!(entries(folder.path()), ["folder.png", "locked.png", "picture.webp"]);
}

/// A disk that has only so much room left.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0 < bytes.len() {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.0 -= bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_of_the_file() {
    let picture = patterned(200, 200, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
    for format in FileFormat::ALL {
        for room in [0, 500] {
            let options = WriteOptions::default();
            let error = write_bytes(&picture, format, &options, &mut Full(room)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::File, "{}", error.full_message());
            let start = format!("cannot write the picture as {}", format.name());
            assert!(error.full_message().starts_with(&start));
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn devices_are_written_to_directly() {
    let picture = patterned(20, 20, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
    for format in FileFormat::ALL {
        let options = WriteOptions { format: Some(format), ..WriteOptions::default() };
        write(&picture, Path::new("/dev/null"), &options).unwrap();
        let error = write(&picture, Path::new("/dev/full"), &options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File);
    }
    use std::os::unix::fs::FileTypeExt;
    assert!(std::fs::metadata("/dev/full").unwrap().file_type().is_char_device());
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_permissions_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let picture = patterned(7, 5, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
    let options = WriteOptions::default();
    std::fs::create_dir(at("there")).unwrap();
    std::fs::write(at("there/real.png"), b"old").unwrap();
    std::fs::set_permissions(at("there/real.png"), PermissionsExt::from_mode(0o640)).unwrap();
    symlink("there/real.png", at("link.png")).unwrap();
    symlink("link.png", at("second.png")).unwrap();
    write(&picture, &at("second.png"), &options).unwrap();
    for link in ["link.png", "second.png"] {
        assert!(std::fs::symlink_metadata(at(link)).unwrap().is_symlink());
    }
    assert!(read(&at("there/real.png")).unwrap() == picture);
    let mode = std::fs::metadata(at("there/real.png")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    // A link to nothing yet, and one to itself.
    symlink("there/new.png", at("to_new.png")).unwrap();
    write(&picture, &at("to_new.png"), &options).unwrap();
    assert!(read(&at("there/new.png")).unwrap() == picture);
    symlink("circle.png", at("circle.png")).unwrap();
    let error = write(&picture, &at("circle.png"), &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    // A new file's permissions are those of any other new file.
    std::fs::write(at("any"), b"").unwrap();
    let any = std::fs::metadata(at("any")).unwrap().permissions().mode();
    let new = std::fs::metadata(at("there/new.png")).unwrap().permissions().mode();
    assert_eq!(new, any);
}

#[test]
fn writers_at_the_same_time_leave_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.png");
    let pictures: Vec<_> = (1..=4)
        .map(|k| patterned(50 * k, 60, Channels::Rgb, SampleType::U8, ColorSpace::Srgb))
        .collect();
    write(&pictures[0], &path, &WriteOptions::default()).unwrap();
    std::thread::scope(|scope| {
        for picture in &pictures {
            scope.spawn(|| {
                for _ in 0..10 {
                    write(picture, &path, &WriteOptions::default()).unwrap();
                    let read = read(&path).unwrap();
                    assert!(pictures.contains(&read));
                }
            });
        }
    });
    assert_eq!(entries(folder.path()), ["picture.png"]);
}

/// Eight by eight pixels of one CMYK colour, as Adobe stores it: 255 less the ink.
fn cmyk_jpeg(stored: [u8; 4], profile: &[u8]) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    let mut segment = |marker: u8, content: &[u8]| {
        file.extend([0xff, marker]);
        file.extend((content.len() as u16 + 2).to_be_bytes());
        file.extend(content);
    };
    segment(0xe2, &[b"ICC_PROFILE\0\x01\x01", profile].concat());
    segment(0xee, b"Adobe\0\x64\0\0\0\0\0");
    segment(0xdb, &[&[0][..], &[8; 64]].concat());
    let components = [1, 2, 3, 4].map(|id| [id, 0x11, 0]);
    segment(0xc0, &[&[8, 0, 8, 0, 8, 4][..], components.as_flattened()].concat());
    // One code, the bit 0, in each table: seven bits of a mean follow; the block ends.
    let lengths = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    segment(0xc4, &[&[0x00][..], &lengths, &[7]].concat());
    segment(0xc4, &[&[0x10][..], &lengths, &[0]].concat());
    segment(0xda, &[4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]);
    let mut bits = 0_u64;
    for value in stored {
        let mean = i64::from(value) - 128;
        let code = if mean < 0 { mean + 127 } else { mean } as u64;
        bits = bits << 9 | code << 1;
    }
    file.extend(&(bits << 4 | 15).to_be_bytes()[3..]);
    file.extend([0xff, 0xd9]);
    file
}

#[test]
fn a_cmyk_jpeg_becomes_rgb() {
    let mut profile = ColorProfile::new_display_p3().encode().unwrap();
    profile[16..20].copy_from_slice(b"CMYK");
    let picture = read_bytes(&cmyk_jpeg([200, 60, 30, 255], &profile), "memory").unwrap();
    assert_eq!(picture.format(), PixelFormat::new(Channels::Rgb, SampleType::U8));
    assert_eq!(*picture.color_space(), ColorSpace::Srgb);
    assert_near(&floats(&picture)[..3], &[200.0, 60.0, 30.0].map(|v| v / 255.0), 0.02);
}
