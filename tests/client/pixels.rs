//! Layouts of pixels, and masks.

use impasto::settings::Settings as EnginesSettings;
use impasto_client::{Channels, PixelFormat, Pixels, PixelsMut, Run, Sample};

use crate::common;
use crate::common::pictures::{RGB_F32, drawn, scene};
use crate::fixtures::{engine, painted, picture, settings, style};

#[test]
fn rows_may_have_gaps_and_run_upwards() {
    const GAP: usize = 12;
    let picture = picture(200, 120);
    let (style, settings, row) = (style("ink"), settings(&[]), 200 * 4);
    let expected = painted(&picture, &style, &settings, Run::new());

    // Bottom-up, and nothing behind the last row in memory, which is the top one.
    let stride = row + GAP;
    let mut bytes = vec![9; stride * 119 + row];
    for (y, pixels) in picture.data().chunks_exact(row).enumerate() {
        let start = (119 - y) * stride;
        bytes[start..start + row].copy_from_slice(pixels);
    }
    let format = PixelFormat::RGBA_U8;
    let mut packed = vec![0; expected.len()];
    let input = Pixels::with_stride(&bytes, 200, 120, -(stride as isize), format).unwrap();
    let mut output = PixelsMut::new(&mut packed, 200, 120, format).unwrap();
    engine().paint(&style, &settings, Run::new(), &input, None, &mut output).unwrap();
    assert!(packed == expected);

    let upwards = -(stride as isize);
    let mut pixels = PixelsMut::with_stride(&mut bytes, 200, 120, upwards, format).unwrap();
    engine().paint_in_place(&style, &settings, Run::new(), &mut pixels, None).unwrap();
    for (y, pixels) in expected.chunks_exact(row).enumerate() {
        let start = (119 - y) * stride;
        assert!(&bytes[start..start + row] == pixels, "row {y}");
        let gap = bytes.get(start + row..start + stride).unwrap_or_default();
        assert!(gap.iter().all(|&byte| byte == 9), "the gap behind row {y}");
    }
}

#[test]
fn a_mask_keeps_its_black() {
    let picture = picture(200, 120);
    let mask: Vec<u8> = (0..200 * 120).map(|k| if k % 200 < 100 { 0 } else { 255 }).collect();
    let mask = Pixels::new(&mask, 200, 120, PixelFormat::new(Channels::Gray, Sample::U8)).unwrap();
    let mut bytes = picture.data().to_vec();
    let mut pixels = PixelsMut::new(&mut bytes, 200, 120, PixelFormat::RGBA_U8).unwrap();
    let (style, settings) = (style("ink"), settings(&[]));
    engine().paint_in_place(&style, &settings, Run::new(), &mut pixels, Some(&mask)).unwrap();
    let rows = || bytes.chunks_exact(800).zip(picture.data().chunks_exact(800));
    assert!(rows().all(|(painted, row)| painted[..400] == row[..400]));
    assert!(rows().any(|(painted, row)| painted[400..] != row[400..]));
}

#[test]
fn floats_become_bytes() {
    let picture = drawn(160, 100, RGB_F32, scene);
    let expected = common::paint(&picture, &common::style("ink"), &EnginesSettings::default());
    let (style, settings) = (style("ink"), settings(&[]));
    let format = PixelFormat::new(Channels::Rgb, Sample::F32);
    let input = Pixels::new(picture.data(), 160, 100, format).unwrap();
    let mut floats = vec![0; picture.data().len()];
    let mut output = PixelsMut::new(&mut floats, 160, 100, format).unwrap();
    engine().paint(&style, &settings, Run::new(), &input, None, &mut output).unwrap();
    assert!(floats == expected.data());

    let mut bytes = vec![0; 160 * 100 * 4];
    let mut output = PixelsMut::new(&mut bytes, 160, 100, PixelFormat::RGBA_U8).unwrap();
    engine().paint(&style, &settings, Run::new(), &input, None, &mut output).unwrap();
    let expected = common::pictures::pixels(&expected);
    for (pixel, expected) in bytes.chunks_exact(4).zip(expected) {
        let near = |k: usize| (f32::from(pixel[k]) / 255.0 - expected[k].clamp(0.0, 1.0)).abs();
        assert!(near(0).max(near(1)).max(near(2)) < 0.51 / 255.0 && pixel[3] == 255);
    }
}
