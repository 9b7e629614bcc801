//! JPEG, which keeps no picture exactly.

use impasto::ErrorKind;
use impasto::file::{FileFormat, WriteOptions, read_bytes, write_bytes};
use impasto::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType};
use moxcms::ColorProfile;

use crate::by_hand::cmyk_jpeg;
use crate::fixtures::{assert_near, floats, patterned, through};

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
fn a_cmyk_jpeg_becomes_rgb() {
    let mut profile = ColorProfile::new_display_p3().encode().unwrap();
    profile[16..20].copy_from_slice(b"CMYK");
    let picture = read_bytes(&cmyk_jpeg([200, 60, 30, 255], &profile), "memory").unwrap();
    assert_eq!(picture.format(), PixelFormat::new(Channels::Rgb, SampleType::U8));
    assert_eq!(*picture.color_space(), ColorSpace::Srgb);
    assert_near(&floats(&picture)[..3], &[200.0, 60.0, 30.0].map(|v| v / 255.0), 0.02);
}
