//! What numbers mean by code points (cICP), HDR, and by gAMA and cHRM.
//!
//! The numbers of one orange in many encodings are computed by the formulas of ITU-R BT.2100,
//! BT.2020 and BT.709, SMPTE EG 432-1 and Adobe RGB (1998), in double precision, by no code of ours.

use std::path::Path;

use impasto::file::{FileFormat, read_bytes};
use impasto::image::{Channels, CodePoints, ColorSpace, Picture, PixelFormat, SampleType};
use moxcms::ColorProfile;

use crate::by_hand::{png_chunk, png_file};
use crate::fixtures::{assert_near, bytes_of, floats, through, with_pixels};

/// Encoded sRGB, and its linear light.
const ORANGE: [f32; 3] = [0.9, 0.5, 0.2];
const LIGHT: [f32; 3] = [0.787_412, 0.214_041, 0.033_105];

/// Rec. 2020 with white at 203 cd/m², and five times as bright.
const PQ: [f32; 3] = [0.522_07, 0.442_307, 0.317_333];
const BRIGHT_PQ: [f32; 3] = [0.691_579, 0.604_805, 0.461_413];
/// The same for a display of 1000 cd/m², and three times as bright.
const HLG: [f32; 3] = [0.673_417, 0.491_232, 0.242_656];
const BRIGHT_HLG: [f32; 3] = [0.852_632, 0.694_839, 0.383_523];
const DISPLAY_P3: [f32; 3] = [0.846_474, 0.520_053, 0.269_625];
/// A power of 2.2.
const POWER: [f32; 3] = [0.897_055, 0.496_227, 0.212_433];

fn png(extra: &[Vec<u8>], colors: &[[f32; 3]]) -> Vec<u8> {
    let samples = colors.as_flattened().iter().map(|v| (v * 65535.0).round() as u16);
    let row: Vec<u8> = [0].into_iter().chain(samples.flat_map(u16::to_be_bytes)).collect();
    png_file((colors.len() as u32, 1), 16, 2, extra, &row)
}

fn cicp(primaries: u8, transfer: u8) -> Vec<u8> {
    png_chunk(b"cICP", &[primaries, transfer, 0, 1])
}

fn read(file: &[u8]) -> Picture {
    read_bytes(file, "memory").unwrap()
}

/// As the networks see it.
fn seen(picture: &Picture) -> Vec<f32> {
    let format = PixelFormat::new(Channels::Rgb, SampleType::F32);
    floats(&picture.converted(format, ColorSpace::Srgb).unwrap())
}

fn chunk<'a>(file: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    let at = file.windows(4).position(|window| window == kind)?;
    let length = u32::from_be_bytes(file[at - 4..at].try_into().unwrap()) as usize;
    Some(&file[at + 4..at + 4 + length])
}

#[test]
fn code_points_say_what_numbers_mean() {
    for (primaries, transfer, numbers) in [
        (9, 16, PQ),
        (9, 18, HLG),
        (12, 13, DISPLAY_P3),
        (1, 13, ORANGE),
        (1, 8, LIGHT),
        (1, 1, [0.887_905, 0.450_04, 0.137_876]),
        (9, 14, [0.751_57, 0.491_499, 0.213_866]),
        (1, 4, POWER),
    ] {
        let file = png(&[cicp(primaries, transfer)], &[numbers, [0.0; 3]]);
        let picture = read(&file);
        let space = ColorSpace::Coded(CodePoints::full_range(primaries, transfer));
        assert!(*picture.color_space() == space);
        let expected = [ORANGE, [0.0; 3]];
        assert_near(&seen(&picture), expected.as_flattened(), 1e-3);
        // And back.
        let srgb =
            with_pixels(Channels::Rgb, SampleType::F32, ColorSpace::Srgb, expected.as_flattened());
        let back = floats(&srgb.converted(picture.format(), space).unwrap());
        assert_near(&back[..3], &numbers, 1e-3);
        // What is written says the same of the same numbers.
        let (written, notes) = bytes_of(&picture, FileFormat::Png);
        assert_eq!(chunk(&written, b"cICP"), Some(&[primaries, transfer, 0, 1][..]));
        assert!(read(&written) == picture && notes.is_empty(), "{notes:?}");
    }
}

#[test]
fn light_above_white_is_kept_where_there_is_room() {
    // Of what is brighter than white, all but blue is clipped, by HLG not green.
    let (pq_clipped, hlg_clipped) = ([1.0, 1.0, 0.443_6], [1.0, 0.822_2, 0.348]);
    for (transfer, bright, times, peak, clipped) in [
        (16, BRIGHT_PQ, 5.0, 10_000.0 / 203.0, pq_clipped),
        (18, BRIGHT_HLG, 3.0, 1000.0 / 203.0, hlg_clipped),
    ] {
        let picture = read(&png(&[cicp(9, transfer)], &[bright, [1.0; 3]]));
        let (exr, notes) = through(&picture, FileFormat::OpenExr);
        assert_eq!((exr.color_space(), notes.len()), (&ColorSpace::LinearSrgb, 1));
        assert_near(&floats(&exr)[..3], &LIGHT.map(|v| times * v), 5e-3);
        assert_near(&floats(&exr)[3..], &[peak; 3], 0.01);
        for format in [FileFormat::Jpeg, FileFormat::Tiff, FileFormat::WebP] {
            let (lesser, notes) = through(&picture, format);
            assert_eq!(*lesser.color_space(), ColorSpace::Srgb);
            assert!(notes.iter().any(|note| note.contains("above white")), "{notes:?}");
            if format != FileFormat::Jpeg {
                assert_near(&floats(&lesser)[..3], &clipped, 5e-3);
            }
        }
    }
}

#[test]
fn other_formats_get_a_profile_that_says_what_code_points_say() {
    for (primaries, transfer, numbers) in [(12, 13, DISPLAY_P3), (1, 4, POWER)] {
        let picture = read(&png(&[cicp(primaries, transfer)], &[numbers; 8]));
        for format in [FileFormat::Jpeg, FileFormat::Tiff, FileFormat::WebP] {
            let (back, _) = through(&picture, format);
            assert!(matches!(back.color_space(), ColorSpace::Icc(_)), "{format:?}");
            assert_near(&floats(&back)[..3], &numbers, 0.01);
            assert_near(&seen(&back)[..3], &ORANGE, 0.015);
        }
    }
    // sRGB needs none.
    let (back, _) = through(&read(&png(&[cicp(1, 13)], &[ORANGE])), FileFormat::Tiff);
    assert_eq!(*back.color_space(), ColorSpace::Srgb);
}

#[test]
fn gray_has_code_points_too() {
    // 203 cd/m², half of it, none.
    let samples = [0.580_689_f32, 0.509_573, 0.0].map(|v| (v * 65535.0).round() as u16);
    let row = [&[0][..], samples.map(u16::to_be_bytes).as_flattened()].concat();
    let picture = read(&png_file((3, 1), 16, 0, &[cicp(9, 16)], &row));
    let expected = [[1.0; 3], [0.735_36; 3], [0.0; 3]];
    assert_near(&seen(&picture), expected.as_flattened(), 2e-3);
    assert!(through(&picture, FileFormat::Png).0 == picture);
    for format in [FileFormat::Tiff, FileFormat::WebP] {
        let (back, _) = through(&picture, format);
        assert_near(&seen(&back), expected.as_flattened(), 5e-3);
    }
    let p3 = read(&png_file((1, 1), 8, 0, &[cicp(12, 13)], &[0, 128]));
    for format in [FileFormat::Tiff, FileFormat::WebP, FileFormat::Jpeg] {
        assert_near(&seen(&through(&p3, format).0), &[128.0 / 255.0; 3], 5e-3);
    }
}

#[test]
fn narrow_range_has_its_black_and_white_within() {
    // 16 + 219 v, of Display P3.
    let narrow = png_chunk(b"cICP", &[12, 13, 0, 0]);
    let row = [0, 201, 130, 75, 16, 16, 16, 235, 235, 235];
    let picture = read(&png_file((3, 1), 8, 2, &[narrow], &row));
    let expected = [ORANGE, [0.0; 3], [1.0; 3]];
    assert_near(&seen(&picture), expected.as_flattened(), 5e-3);
    let (written, _) = bytes_of(&picture, FileFormat::Png);
    assert_eq!(chunk(&written, b"cICP"), Some(&[12, 13, 0, 0][..]));
    assert!(read(&written) == picture);
    let (tiff, _) = through(&picture, FileFormat::Tiff);
    assert_near(&floats(&tiff), expected.as_flattened(), 5e-3);
}

#[test]
fn what_says_most_is_believed() {
    let icc = ColorProfile::new_adobe_rgb().encode().unwrap();
    let space = ColorSpace::Icc(icc.into());
    let picture = with_pixels(Channels::Rgb, SampleType::U8, space, &ORANGE);
    let (with_profile, _) = bytes_of(&picture, FileFormat::Png);
    let profile = png_chunk(b"iCCP", chunk(&with_profile, b"iCCP").unwrap());
    let srgb = png_chunk(b"sRGB", &[0]);
    let gamma = png_chunk(b"gAMA", &100_000_u32.to_be_bytes());
    let space = |extra: &[&Vec<u8>]| {
        let extra: Vec<_> = extra.iter().map(|&chunk| chunk.clone()).collect();
        read(&png(&extra, &[ORANGE])).color_space().clone()
    };
    let coded = ColorSpace::Coded(CodePoints::full_range(9, 16));
    assert!(space(&[&cicp(9, 16), &profile, &gamma]) == coded);
    assert!(space(&[&srgb, &gamma, &cicp(9, 16)]) == coded);
    // Code points that say nothing.
    assert!(matches!(space(&[&cicp(2, 2), &profile]), ColorSpace::Icc(_)));
    assert!(matches!(space(&[&cicp(9, 77), &profile]), ColorSpace::Icc(_)));
    assert_eq!(space(&[&cicp(0, 16)]), ColorSpace::Srgb);
    assert_eq!(space(&[&srgb, &gamma]), ColorSpace::Srgb);
    assert!(matches!(space(&[&gamma]), ColorSpace::Icc(_)));
}

#[test]
pub fn gamma_and_chromaticities_become_a_profile() {
    let gamma = |value: u32| png_chunk(b"gAMA", &value.to_be_bytes());
    let chromaticities =
        |values: [u32; 8]| png_chunk(b"cHRM", values.map(u32::to_be_bytes).as_flattened());
    let srgb = chromaticities([31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000]);
    let adobe = chromaticities([31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000]);
    // As most programs write sRGB.
    for usual in [vec![gamma(45455)], vec![gamma(45455), srgb]] {
        assert_eq!(*read(&png(&usual, &[ORANGE])).color_space(), ColorSpace::Srgb);
    }
    for (chunks, numbers) in [
        (vec![gamma(100_000)], LIGHT),
        (vec![gamma(55556)], [0.875_658, 0.424_672, 0.150_563]),
        (vec![gamma(45455), adobe], [0.807_096, 0.496_227, 0.232_96]),
    ] {
        let picture = read(&png(&chunks, &[numbers; 3]));
        assert_near(&seen(&picture)[..3], &ORANGE, 3e-3);
        let (back, notes) = through(&picture, FileFormat::Png);
        assert!(back == picture && notes.is_empty(), "{notes:?}");
    }
    let linear_gray = read(&png_file((1, 1), 8, 0, &[gamma(100_000)], &[0, 55]));
    assert_eq!(linear_gray.data(), [55]);
    assert_near(&seen(&linear_gray), &[0.503; 3], 5e-3);
    // Nonsense is none.
    let line = chromaticities([31270, 32900, 64000, 33000, 64000, 33000, 15000, 6000]);
    for chunks in [vec![gamma(1)], vec![gamma(60000), line]] {
        assert_eq!(*read(&png(&chunks, &[ORANGE])).color_space(), ColorSpace::Srgb);
    }
}

#[test]
fn profiles_with_code_points_for_hdr_are_understood() {
    for (profile, numbers, bright, times) in [
        (ColorProfile::new_bt2020_pq(), PQ, BRIGHT_PQ, 5.0),
        (ColorProfile::new_bt2020_hlg(), HLG, BRIGHT_HLG, 3.0),
    ] {
        let icc = profile.encode().unwrap();
        let space = ColorSpace::Icc(icc.into());
        let values = [numbers, bright];
        let picture = with_pixels(Channels::Rgb, SampleType::U16, space, values.as_flattened());
        assert_near(&seen(&picture)[..3], &ORANGE, 1e-3);
        assert!(through(&picture, FileFormat::Tiff).0 == picture);
        let (exr, _) = through(&picture, FileFormat::OpenExr);
        assert_near(&floats(&exr)[3..], &LIGHT.map(|v| times * v), 5e-3);
    }
}

/// Made with libjxl's `cjxl`: the orange left, the brighter one right.
#[test]
fn jpeg_xl_has_hdr_too() {
    for (name, times, tolerance) in
        [("pq", 5.0, 5e-3), ("hlg", 3.0, 5e-3), ("pq-lossy", 5.0, 0.15), ("hlg-lossy", 3.0, 0.15)]
    {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/picture_files/others");
        let picture = impasto::file::read(&folder.join(format!("{name}.jxl"))).unwrap();
        assert_eq!(picture.format(), PixelFormat::new(Channels::Rgb, SampleType::U16), "{name}");
        assert_near(&seen(&picture)[..3], &ORANGE, 0.03_f32.min(tolerance));
        let (exr, _) = through(&picture, FileFormat::OpenExr);
        let width = picture.width() as usize;
        let last = &floats(&exr)[3 * (width - 1)..3 * width];
        assert_near(last, &LIGHT.map(|v| times * v), tolerance);
    }
}

#[test]
fn code_points_that_png_does_not_know_are_none() {
    for content in [[9, 16, 9, 1], [9, 16, 0, 7]] {
        let chunk = png_chunk(b"cICP", &content);
        let picture = read(&png(&[chunk], &[ORANGE]));
        assert_eq!(*picture.color_space(), ColorSpace::Srgb);
        assert_near(&floats(&picture), &ORANGE, 1e-4);
    }
}
