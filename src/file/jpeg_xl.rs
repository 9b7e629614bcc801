//! JPEG XL: written without loss.

use std::io::Write;

use zune_core::bit_depth::BitDepth;
use zune_core::colorspace::ColorSpace as Layout;
use zune_core::options::EncoderOptions;
use zune_jpegxl::{JxlEncodeErrors, JxlSimpleEncoder};

use super::convert::{Colors, Conversion, encoded, file_format};
use super::failure::damaged;
use super::note;
use super::profile::{self, ToLinearSrgb};
use crate::error::Result;
use crate::image::{Channels, ColorSpace, Picture, SampleType};
use crate::whole_file::io_error;

/// The encoder takes none that is shorter.
const LEAST_SIDE: u32 = 2;

pub(super) fn write(picture: &Picture, mut out: impl Write) -> Result<Vec<String>> {
    let (width, height) = (picture.width(), picture.height());
    if width.min(height) < LEAST_SIDE {
        return Err(damaged(format!(
            "JPEG XL is written from {LEAST_SIDE} pixels a side on and the picture is \
             {width}x{height}: write a PNG"
        )));
    }
    let mut notes = Vec::new();
    let own = picture.format();
    let sample = match own.sample {
        SampleType::U8 => SampleType::U8,
        SampleType::U16 => SampleType::U16,
        SampleType::F16 | SampleType::F32 => {
            notes.push(note::rounded("JPEG XL", 16));
            SampleType::U16
        }
    };
    // The encoder takes 16-bit gray with alpha for numbers with a sign.
    let (channels, layout) = match own.channels.has_alpha() {
        true => (Channels::Rgba, Layout::RGBA),
        false => (Channels::Rgb, Layout::RGB),
    };
    let colors = colors(picture, &mut notes)?;
    let format = file_format(channels, sample);
    let conversion = Conversion { picture, format, colors, over_white: false };
    let pixels = conversion.pixels()?;
    let lost = [note::EXIF, note::XMP, note::IPTC, note::ARTIST, note::COPYRIGHT, note::RESOLUTION];
    notes.extend(note::left_out("JPEG XL", picture.metadata(), &lost));
    let depth = if sample == SampleType::U8 { BitDepth::Eight } else { BitDepth::Sixteen };
    let options = EncoderOptions::new(width as usize, height as usize, layout, depth);
    let mut file = Vec::new();
    JxlSimpleEncoder::new(&pixels, options).encode(&mut file).map_err(encoding_error)?;
    out.write_all(&file).map_err(io_error)?;
    Ok(notes)
}

/// The encoder writes no profile.
fn colors(picture: &Picture, notes: &mut Vec<String>) -> Result<Colors> {
    notes.extend(note::encoded_srgb("JPEG XL", picture.color_space()));
    let ColorSpace::Icc(icc) = picture.color_space() else { return encoded(picture) };
    let channels = picture.format().channels;
    let converted = match profile::hdr(icc, channels) {
        Some(encoding) => Ok(Colors::ToSrgb(encoding)),
        None => ToLinearSrgb::new(icc, channels).map(Colors::ProfileToSrgb),
    };
    Ok(match converted {
        Ok(colors) => {
            let what = "JPEG XL is written in sRGB: the picture was converted to it from its \
                        colour profile.";
            notes.push(what.to_owned());
            colors
        }
        Err(e) => {
            notes.push(note::profile_left_out(&e.full_message()));
            Colors::Keep
        }
    })
}

fn encoding_error(error: JxlEncodeErrors) -> crate::error::Error {
    damaged(format!("{error:?}"))
}
