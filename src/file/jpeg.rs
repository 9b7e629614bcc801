//! JPEG (ISO/IEC 10918-1). CMYK becomes RGB while decoding.

use std::io::{Cursor, Write};

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::{ExtendedColorType, ImageDecoder, ImageEncoder};

use super::convert::{Conversion, encoded, is_transparent};
use super::failure::{decoding_error, encoding_error, truncated};
use super::metadata::Metadata;
use super::{note, raster};
use crate::error::Result;
use crate::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType};

/// What one APP1 segment holds besides its length and the name "Exif".
const MAX_EXIF_BYTES: usize = 65_535 - 2 - 6;

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    let mut decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(decoding_error)?;
    // The decoder fills what is missing with gray and reports success.
    if !has_end(bytes) {
        return Err(truncated());
    }
    let icc = decoder.icc_profile().map_err(decoding_error)?;
    let exif = decoder.exif_metadata().map_err(decoding_error)?;
    Metadata { icc, exif, orientation: None }.apply(raster::decode(decoder)?)
}

pub(super) fn write(picture: &Picture, quality: u8, out: impl Write) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let own = picture.format();
    if own.sample != SampleType::U8 {
        notes.push(note::rounded("JPEG", 8));
    }
    if *picture.color_space() == ColorSpace::LinearSrgb {
        notes.push(note::encoded_srgb("JPEG"));
    }
    let over_white = is_transparent(picture);
    if over_white {
        notes.push("JPEG holds no transparency: it was laid over white.".to_owned());
    }
    let (channels, color) = match own.channels {
        Channels::Gray | Channels::GrayAlpha => (Channels::Gray, ExtendedColorType::L8),
        Channels::Rgb | Channels::Rgba | Channels::Bgra => (Channels::Rgb, ExtendedColorType::Rgb8),
    };
    let mut encoder = JpegEncoder::new_with_quality(out, quality);
    raster::describe(&mut encoder, picture, &mut notes);
    if picture.exif().is_some_and(|exif| exif.len() > MAX_EXIF_BYTES) {
        notes.push("The EXIF data are too long for JPEG: they were left out.".to_owned());
        encoder.set_exif_metadata(Vec::new()).ok();
    }
    let format = PixelFormat::new(channels, SampleType::U8);
    let conversion = Conversion { picture, format, colors: encoded(picture), over_white };
    encoder
        .write_image(&conversion.pixels()?, picture.width(), picture.height(), color)
        .map_err(encoding_error)?;
    Ok(notes)
}

/// Whether the end-of-image marker stands where one is looked for: outside of other segments.
fn has_end(bytes: &[u8]) -> bool {
    // Restart markers and a stuffed zero belong to the compressed pixels.
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 1 | 0xd0..=0xd8 | 0xff);
    let mut rest = bytes;
    while let Some(at) = rest.windows(2).position(is_marker) {
        if rest[at + 1] == 0xd9 {
            return true;
        }
        rest = &rest[at + 2..];
        let Some(length) = rest.first_chunk::<2>() else {
            return false;
        };
        let Some(after) = rest.get(usize::from(u16::from_be_bytes(*length))..) else {
            return false;
        };
        rest = after;
    }
    false
}
