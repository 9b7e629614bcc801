//! WebP: lossy and lossless are read, of an animation the first picture; lossless is written.

use std::io::{Cursor, Write};

use image::ImageDecoder;
use image::codecs::webp::WebPDecoder;
use image_webp::{ColorType, EncodingError, WebPEncoder};

use super::convert::{Colors, Conversion, encoded, file_format};
use super::failure::{damaged, decoding_error, truncated};
use super::metadata::Found;
use super::profile::ToLinearSrgb;
use super::{frames, note, profile, raster};
use crate::error::{Error, Result};
use crate::image::{Channels, ColorSpace, Metadata, Picture, SampleType, check_size};
use crate::whole_file::io_error;

/// libwebp's limit; decoders read 16384 as 0.
const MAX_SIDE: u32 = 16_383;

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    // Profile and EXIF block may be what is missing, which the decoder would not tell.
    if riff_size(bytes).is_none_or(|size| size > bytes.len()) {
        return Err(truncated());
    }
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(decoding_error)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let icc = chunk(bytes, b"ICCP").map(<[u8]>::to_vec);
    let metadata = Metadata {
        exif: chunk(bytes, b"EXIF").map(<[u8]>::to_vec),
        xmp: chunk(bytes, b"XMP ").map(<[u8]>::to_vec),
        ..Metadata::default()
    };
    let picture = Found { icc, metadata, ..Found::default() }.apply(raster::decode(decoder)?)?;
    frames::tell_of(frames(bytes).unwrap_or(1));
    Ok(picture)
}

/// The decoder above does not say how many there are.
fn frames(bytes: &[u8]) -> Option<usize> {
    let decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).ok()?;
    Some(decoder.num_frames() as usize)
}

pub(super) fn write(picture: &Picture, out: impl Write) -> Result<Vec<String>> {
    let (width, height) = (picture.width(), picture.height());
    if width > MAX_SIDE || height > MAX_SIDE {
        let what = format!(
            "WebP holds at most {MAX_SIDE} pixels a side and the picture is {width}x{height}"
        );
        return Err(damaged(what));
    }
    let mut notes = Vec::new();
    let own = picture.format();
    if own.sample != SampleType::U8 {
        notes.push(note::rounded("WebP", 8));
    }
    notes.extend(note::encoded_srgb("WebP", picture.color_space()));
    let mut encoder = WebPEncoder::new(out);
    let colors = match picture.color_space() {
        // WebP stores three colours, which a profile for gray says nothing about.
        ColorSpace::Icc(icc) if own.channels.is_gray() => {
            match ToLinearSrgb::new(icc, own.channels) {
                Ok(profile) => {
                    let what =
                        "WebP holds no gray profile: the picture was converted from it to sRGB.";
                    notes.push(what.to_owned());
                    Colors::ProfileToSrgb(profile)
                }
                Err(e) => {
                    notes.push(note::profile_left_out(&e.full_message()));
                    Colors::Keep
                }
            }
        }
        _ => {
            if let Some(icc) = profile::to_be_written(picture, Channels::Rgb, &mut notes) {
                encoder.set_icc_profile(icc.into_owned());
            }
            encoded(picture)?
        }
    };
    let format = file_format(own.channels, SampleType::U8);
    let conversion = Conversion { picture, format, colors, over_white: false };
    let color = match format.channels {
        Channels::Gray => ColorType::L8,
        Channels::GrayAlpha => ColorType::La8,
        Channels::Rgb => ColorType::Rgb8,
        Channels::Rgba | Channels::Bgra => ColorType::Rgba8,
    };
    let metadata = picture.metadata();
    if let Some(exif) = &metadata.exif {
        encoder.set_exif_metadata(exif.clone());
    }
    if let Some(packet) = &metadata.xmp {
        encoder.set_xmp_metadata(packet.clone());
    }
    let lost = [note::IPTC, note::ARTIST, note::COPYRIGHT, note::RESOLUTION];
    notes.extend(note::left_out("WebP", metadata, &lost));
    encoder.encode(&conversion.pixels()?, width, height, color).map_err(encoding_error)?;
    Ok(notes)
}

fn encoding_error(error: EncodingError) -> Error {
    match error {
        EncodingError::IoError(e) => io_error(e),
        other => damaged(other.to_string()),
    }
}

/// The length that the file says it has.
fn riff_size(bytes: &[u8]) -> Option<usize> {
    let length = bytes.get(4..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*length)).ok()?.checked_add(8)
}

/// The content of the first chunk of a kind. The decoder would make room for whatever length a
/// damaged file names.
fn chunk<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    let mut rest = bytes.get(12..)?;
    loop {
        let (this, after) = rest.split_first_chunk::<4>()?;
        let (length, after) = after.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length) as usize;
        let content = after.get(..length)?;
        if this == kind {
            return Some(content);
        }
        rest = after.get(length + length % 2..)?;
    }
}
