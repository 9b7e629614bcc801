//! Samples that come back as they were.

use impasto::file::FileFormat;
use impasto::image::{AlphaMode, Channels, ColorSpace, Picture, PixelFormat, SampleType};

use crate::fixtures::{assert_near, floats, patterned, through, with_pixels};

const ALL_CHANNELS: [Channels; 4] =
    [Channels::Gray, Channels::GrayAlpha, Channels::Rgb, Channels::Rgba];

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
                    let mut picture = patterned(width, height, channels, sample, space.clone());
                    if format == FileFormat::OpenExr && channels.has_alpha() {
                        picture = associated(&picture);
                    }
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
fn other_memory_layouts_are_written_right() {
    let format = PixelFormat {
        channels: Channels::Bgra,
        sample: SampleType::U8,
        alpha: AlphaMode::Premultiplied,
    };
    let mut picture = Picture::new(1, 1, format, ColorSpace::Srgb).unwrap();
    picture.data_mut().copy_from_slice(&[10, 20, 30, 51]);
    for format in [FileFormat::Png, FileFormat::WebP] {
        let (back, _) = through(&picture, format);
        assert_eq!(back.format(), PixelFormat::new(Channels::Rgba, SampleType::U8));
        assert_eq!(back.data(), [150, 100, 50, 51]);
    }
    let (back, _) = through(&picture, FileFormat::Tiff);
    assert_eq!(back.format(), PixelFormat { channels: Channels::Rgba, ..format });
    assert_eq!(back.data(), [30, 20, 10, 51]);
}

/// A flame's light has no alpha, and 10 over an alpha of 1/10000 is more than a half float holds.
#[test]
fn light_beside_alpha_is_kept() {
    use SampleType::*;
    let values = [3.0, 0.5, 0.25, 0.0, 10.0, 10.0, 10.0, 0.0001, 0.25, 0.25, 0.5, 0.5];
    let cases: &[(FileFormat, &[SampleType])] =
        &[(FileFormat::Tiff, &[U8, U16, F16, F32]), (FileFormat::OpenExr, &[F16, F32])];
    for &(format, samples) in cases {
        for &sample in samples {
            let space = if sample.is_float() { ColorSpace::LinearSrgb } else { ColorSpace::Srgb };
            let picture = associated(&with_pixels(Channels::Rgba, sample, space, &values));
            let (back, notes) = through(&picture, format);
            assert!(back == picture, "{format:?} {sample:?}");
            assert!(notes.is_empty(), "{notes:?}");
        }
    }
    // On its way into linear light, too.
    let flame = with_pixels(Channels::Rgba, F32, ColorSpace::Srgb, &[1.0, 0.5, 0.0, 0.0]);
    let (back, _) = through(&associated(&flame), FileFormat::OpenExr);
    assert_near(&floats(&back), &[1.0, 0.214, 0.0, 0.0], 1e-3);
}

/// The same numbers, multiplied by alpha.
fn associated(picture: &Picture) -> Picture {
    let format = PixelFormat { alpha: AlphaMode::Premultiplied, ..picture.format() };
    let space = picture.color_space().clone();
    let mut same = Picture::new(picture.width(), picture.height(), format, space).unwrap();
    same.data_mut().copy_from_slice(picture.data());
    same
}
