//! Pictures to put into files, and what is looked at when they come back.

use half::f16;
use impasto::file::{FileFormat, WriteOptions, detect, read_bytes, write_bytes};
use impasto::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType};

/// Different samples everywhere; alpha is 1, 1/2 or 1/4, so that multiplying by it is exact.
pub fn patterned(
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

pub fn with_pixels(
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

/// A TIFF structure with nothing but an orientation, and a copyright after it.
pub fn exif(orientation: u16) -> Vec<u8> {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1]);
    exif.extend(orientation.to_be_bytes());
    exif.extend([0, 0]);
    exif.extend([0x82, 0x98, 0, 2, 0, 0, 0, 4]);
    exif.extend(*b"me!\0");
    exif.extend([0; 4]);
    exif
}

pub fn bytes_of(picture: &Picture, format: FileFormat) -> (Vec<u8>, Vec<String>) {
    let mut bytes = Vec::new();
    let notes = write_bytes(picture, format, &WriteOptions::default(), &mut bytes).unwrap();
    assert_eq!(detect(&bytes), Some(format));
    (bytes, notes)
}

pub fn through(picture: &Picture, format: FileFormat) -> (Picture, Vec<String>) {
    let (bytes, notes) = bytes_of(picture, format);
    (read_bytes(&bytes, "memory").unwrap(), notes)
}

pub fn floats(picture: &Picture) -> Vec<f32> {
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

pub fn assert_near(actual: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(actual.len(), expected.len());
    for (a, e) in actual.iter().zip(expected) {
        assert!((a - e).abs() <= tolerance, "{actual:?} is not near {expected:?}");
    }
}
