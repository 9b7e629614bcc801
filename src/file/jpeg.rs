//! JPEG (ISO/IEC 10918-1). CMYK becomes sRGB, by its profile where it has one.

use std::io::Write;

use jpeg_encoder::{
    ColorType, Encoder, EncodingError, JfifWrite, PixelDensity, PixelDensityUnit, SamplingFactor,
};
use rayon::prelude::*;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace as Stored;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::convert::{Conversion, encoded, is_transparent, rgb_of};
use super::failure::{damaged, truncated};
use super::inks::Inks;
use super::jpeg_repair::repaired;
use super::jpeg_segments::{APP14, SOS, segment};
use super::metadata::Found;
use super::{claim, note, photoshop, profile, warning};
use crate::error::{Error, Result};
use crate::image::{
    Channels, ColorSpace, Metadata, Picture, PixelFormat, Resolution, SampleType, Unit, check_size,
};
use crate::memory;
use crate::whole_file::io_error;

/// JFIF's segment.
const APP0: u8 = 0xe0;

/// How the decoder marks what harms no pixel.
const ONLY_STRICT: &str = "[strict-mode]";

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    let bytes = &repaired(bytes)[..];
    if !has_end(bytes) {
        let picture = decoded(bytes, options())?;
        segment(bytes, SOS).ok_or_else(truncated)?;
        warning::say("the file ends before the picture does: what is missing is gray");
        return Ok(picture);
    }
    // Otherwise the decoder fills what is missing with gray and reports success.
    decoded(bytes, options().set_strict_mode(true)).or_else(|damage| {
        let picture = decoded(bytes, options())?;
        let damage = damage.to_string();
        if !damage.contains(ONLY_STRICT) {
            warning::say(format!(
                "the file is damaged ({damage}): what cannot be read of it is gray"
            ));
        }
        Ok(picture)
    })
}

fn decoded(bytes: &[u8], options: DecoderOptions) -> Result<Picture> {
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(decoding_error)?;
    let (width, height) = decoder.dimensions().ok_or_else(truncated)?;
    let [width, height] = [width, height].map(|side| u32::try_from(side).unwrap_or(u32::MAX));
    check_size(width, height)?;
    // A square of 8x8 pixels takes a bit or more.
    claim::check(u64::from(width) * u64::from(height), bytes.len(), 8 * 64)?;
    let stored = decoder.input_colorspace().ok_or_else(truncated)?;
    let (channels, wanted) = match stored {
        Stored::Luma => (Channels::Gray, Stored::Luma),
        Stored::CMYK | Stored::YCCK => (Channels::Rgb, stored),
        _ => (Channels::Rgb, Stored::RGB),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let metadata = Metadata {
        exif: decoder.exif().cloned(),
        xmp: decoder.xmp().cloned(),
        iptc: decoder.iptc().and_then(|resources| photoshop::iptc(resources)),
        resolution: resolution(bytes),
        ..Metadata::default()
    };
    let mut icc = decoder.icc_profile();
    let format = PixelFormat::new(channels, SampleType::U8);
    let mut picture = Picture::new(width, height, format, ColorSpace::Srgb)?;
    if matches!(stored, Stored::CMYK | Stored::YCCK) {
        let count = width as usize * height as usize * 4;
        let mut inks = memory::filled(0, count, "the picture's inks")?;
        decoder.decode_into(&mut inks).map_err(decoding_error)?;
        // Adobe's programs store what is left without an ink.
        let is_rest = segment(bytes, APP14).is_some_and(|content| content.starts_with(b"Adobe"));
        let inks = StoredInks { values: &inks, is_ycck: stored == Stored::YCCK, is_rest };
        inks.print(&Inks::new(icc.take().as_deref()), &mut picture)?;
    } else {
        decoder.decode_into(picture.data_mut()).map_err(decoding_error)?;
    }
    Found { icc, metadata, ..Found::default() }.apply(picture)
}

/// What is damaged is read as far as it goes; sizes are bounded elsewhere.
pub(super) fn options() -> DecoderOptions {
    DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX)
}

/// The four numbers of each pixel.
struct StoredInks<'a> {
    values: &'a [u8],
    /// Whether the first three are luminance and chrominance.
    is_ycck: bool,
    /// Whether they say how much is left of the light.
    is_rest: bool,
}

impl StoredInks<'_> {
    fn print(&self, inks: &Inks, picture: &mut Picture) -> Result<()> {
        let width = picture.width() as usize;
        let rows = self.values.par_chunks_exact(4 * width);
        picture.data_mut().par_chunks_exact_mut(3 * width).zip(rows).try_for_each(|(to, from)| {
            let amounts: Vec<f32> =
                from.as_chunks::<4>().0.iter().flat_map(|pixel| self.amounts(*pixel)).collect();
            let mut srgb = vec![0.0; 3 * width];
            inks.to_srgb(&amounts, &mut srgb)?;
            for (to, value) in to.iter_mut().zip(srgb) {
                SampleType::U8.write(value, std::slice::from_mut(to));
            }
            Ok(())
        })
    }

    fn amounts(&self, pixel: [u8; 4]) -> [f32; 4] {
        let [c, m, y, k] = pixel.map(|value| f32::from(value) / 255.0);
        let [c, m, y] = match self.is_ycck {
            true => rgb_of([c, m, y]).map(|v| 1.0 - v.clamp(0.0, 1.0)),
            false => [c, m, y],
        };
        [c, m, y, k].map(|v| if self.is_rest { 1.0 - v } else { v })
    }
}

pub(super) fn write(picture: &Picture, quality: u8, out: impl Write) -> Result<Vec<String>> {
    let (width, height) = (picture.width(), picture.height());
    let mut notes = Vec::new();
    let own = picture.format();
    if own.sample != SampleType::U8 {
        notes.push(note::rounded("JPEG", 8));
    }
    notes.extend(note::encoded_srgb("JPEG", picture.color_space()));
    let over_white = is_transparent(picture);
    if over_white {
        notes.push("JPEG holds no transparency: it was laid over white.".to_owned());
    }
    let (channels, color) = match own.channels {
        Channels::Gray | Channels::GrayAlpha => (Channels::Gray, ColorType::Luma),
        Channels::Rgb | Channels::Rgba | Channels::Bgra => (Channels::Rgb, ColorType::Rgb),
    };
    let mut encoder = Encoder::new(out, quality);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    describe(&mut encoder, picture, &mut notes);
    let format = PixelFormat::new(channels, SampleType::U8);
    let conversion = Conversion { picture, format, colors: encoded(picture)?, over_white };
    let sides = [width, height].map(u16::try_from);
    let [Ok(width), Ok(height)] = sides else {
        return Err(damaged(format!(
            "JPEG holds at most 65535 pixels a side, not {width}x{height}"
        )));
    };
    encoder.encode(&conversion.pixels()?, width, height, color).map_err(encoding_error)?;
    Ok(notes)
}

/// Hands the encoder all that it can hold beside the pixels.
fn describe<W: JfifWrite>(encoder: &mut Encoder<W>, picture: &Picture, notes: &mut Vec<String>) {
    let Metadata { exif, xmp, iptc, resolution, .. } = picture.metadata();
    if let Some(icc) = profile::to_be_written(picture, picture.format().channels, notes)
        && let Err(reason) = encoder.add_icc_profile(&icc)
    {
        notes.push(note::profile_left_out(&reason.to_string()));
    }
    let mut add = |what: &str, number: u8, name: &[u8], content: Option<Vec<u8>>| {
        if let Some(content) = content
            && encoder.add_app_segment(number, [name, &content].concat()).is_err()
        {
            notes.push(note::too_long("JPEG", what));
        }
    };
    add(note::EXIF, 1, b"Exif\0\0", exif.clone());
    add(note::XMP, 1, b"http://ns.adobe.com/xap/1.0/\0", xmp.clone());
    add(note::IPTC, 13, b"Photoshop 3.0\0", iptc.as_deref().map(photoshop::resources));
    if let Some(resolution) = resolution {
        encoder.set_density(density(*resolution));
    }
    let lost = [note::ARTIST, note::COPYRIGHT];
    notes.extend(note::left_out("JPEG", picture.metadata(), &lost));
}

/// In whole numbers of 16 bits.
fn density(resolution: Resolution) -> PixelDensity {
    let (unit, scale) = match resolution.unit {
        // A ratio keeps its fractions.
        Unit::Unknown => (PixelDensityUnit::PixelAspectRatio, 1000.0),
        Unit::Inch => (PixelDensityUnit::Inches, 1.0),
        Unit::Centimetre => (PixelDensityUnit::Centimeters, 1.0),
    };
    let whole = resolution.x.fract() == 0.0 && resolution.y.fract() == 0.0;
    let scale = if whole { 1.0 } else { scale };
    let number = |v: f64| (v * scale).round().clamp(1.0, f64::from(u16::MAX)) as u16;
    PixelDensity { density: (number(resolution.x), number(resolution.y)), unit }
}

/// What the JFIF segment says of the pixels' size.
fn resolution(bytes: &[u8]) -> Option<Resolution> {
    let content = segment(bytes, APP0)?.strip_prefix(b"JFIF\0")?;
    let number =
        |at: usize| Some(f64::from(u16::from_be_bytes(*content.get(at..)?.first_chunk()?)));
    let (x, y) = (number(3)?, number(5)?);
    let unit = match content.get(2)? {
        1 => Unit::Inch,
        2 => Unit::Centimetre,
        _ => Unit::Unknown,
    };
    // Equal numbers without a unit say nothing.
    let says = x > 0.0 && y > 0.0 && (unit != Unit::Unknown || x != y);
    says.then_some(Resolution { x, y, unit })
}

fn encoding_error(error: EncodingError) -> Error {
    match error {
        EncodingError::IoError(e) => io_error(e),
        other => damaged(other.to_string()),
    }
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

fn decoding_error(error: DecodeErrors) -> Error {
    damaged(error.to_string())
}
