//! PNG (ISO/IEC 15948). Palettes, 1, 2 and 4 bits and transparent colours are expanded to 8 bits;
//! without an iCCP chunk a file is taken as sRGB, whatever its gAMA chunk says.

use std::io::{Cursor, Write};

use image::codecs::png::{PngDecoder, PngEncoder};
use image::{ExtendedColorType, ImageDecoder, ImageEncoder, Limits};

use super::convert::{Conversion, encoded, file_format};
use super::failure::{decoding_error, encoding_error, truncated};
use super::metadata::Metadata;
use super::{note, raster};
use crate::error::Result;
use crate::image::{Channels, ColorSpace, Picture, SampleType, check_size};

/// For profiles and rows while decoding; the pixels themselves are not counted.
const MAX_WORKING_BYTES: u64 = 1 << 29;

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    // Before the decoder, which would make room for a row of any length.
    let (width, height) = header_size(bytes).ok_or_else(truncated)?;
    check_size(width, height)?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_WORKING_BYTES);
    let mut decoder =
        PngDecoder::with_limits(Cursor::new(bytes), limits).map_err(decoding_error)?;
    let icc = decoder.icc_profile().map_err(decoding_error)?;
    let exif = chunk(bytes, b"eXIf").map(<[u8]>::to_vec);
    Metadata { icc, exif, orientation: None }.apply(raster::decode(decoder)?)
}

pub(super) fn write(picture: &Picture, out: impl Write) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let own = picture.format();
    let sample = match own.sample {
        SampleType::U8 => SampleType::U8,
        _ => SampleType::U16,
    };
    if own.sample.is_float() {
        notes.push(note::rounded("PNG", 16));
    }
    if *picture.color_space() == ColorSpace::LinearSrgb {
        notes.push(note::encoded_srgb("PNG"));
    }
    let format = file_format(own.channels, sample);
    let mut encoder = PngEncoder::new(out);
    raster::describe(&mut encoder, picture, &mut notes);
    let conversion = Conversion { picture, format, colors: encoded(picture), over_white: false };
    let color = match (format.channels, sample) {
        (Channels::Gray, SampleType::U8) => ExtendedColorType::L8,
        (Channels::GrayAlpha, SampleType::U8) => ExtendedColorType::La8,
        (Channels::Rgb, SampleType::U8) => ExtendedColorType::Rgb8,
        (Channels::Rgba | Channels::Bgra, SampleType::U8) => ExtendedColorType::Rgba8,
        (Channels::Gray, _) => ExtendedColorType::L16,
        (Channels::GrayAlpha, _) => ExtendedColorType::La16,
        (Channels::Rgb, _) => ExtendedColorType::Rgb16,
        (Channels::Rgba | Channels::Bgra, _) => ExtendedColorType::Rgba16,
    };
    encoder
        .write_image(&conversion.pixels()?, picture.width(), picture.height(), color)
        .map_err(encoding_error)?;
    Ok(notes)
}

fn header_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| {
        let bytes = bytes.get(at..at + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    Some((number(16)?, number(20)?))
}

/// The content of the first chunk of a kind. The decoder does not see those after the pixels,
/// where an eXIf chunk may stand.
fn chunk<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    let mut rest = bytes.get(8..)?;
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        let (this, after) = after.split_first_chunk::<4>()?;
        let content = after.get(..length)?;
        if this == kind {
            return Some(content);
        }
        rest = after.get(length.checked_add(4)?..)?;
    }
}
