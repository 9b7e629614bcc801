//! Writing: one picture in strips, by Deflate.

use std::borrow::Cow;
use std::io::{self, Seek, Write};

use rayon::prelude::*;
use tiff::encoder::compression::{CompressionAlgorithm, Deflate};
use tiff::encoder::{
    DirectoryEncoder, Rational, TiffEncoder, TiffKind, TiffKindBig, TiffKindStandard,
};
use tiff::tags::{PlanarConfiguration, Predictor, Tag, Type};
use tiff::{Directory, TiffError, TiffResult};

use super::layout::{ASSOCIATED_ALPHA, UNASSOCIATED_ALPHA};
use super::{IPTC, XMP};
use crate::color::Encoding;
use crate::error::{Error, Result};
use crate::file::convert::{Colors, Conversion, encoded, file_format};
use crate::file::failure::damaged;
use crate::file::{made_profile, note, profile};
use crate::image::{
    AlphaMode, ColorSpace, Metadata, Picture, PixelFormat, Resolution, SampleType, Unit,
};
use crate::whole_file::io_error;

/// Uncompressed bytes of a strip, about.
const STRIP_BYTES: usize = 1 << 18;
/// From here on offsets of 32 bits may not suffice.
const BIG_BYTES: usize = 4_000_000_000;

pub(in crate::file) fn write(picture: &Picture, out: impl Write + Seek) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let own = picture.format();
    notes.extend(note::left_out("TIFF", picture.metadata(), &[note::EXIF]));
    let is_float = own.sample.is_float();
    let mut colors = encoded(picture)?;
    let icc = match picture.color_space() {
        ColorSpace::LinearSrgb if is_float => {
            colors = Colors::Keep;
            None
        }
        ColorSpace::Linear(primaries) if is_float => {
            notes.push(note::made_linear("TIFF", "the picture's primaries"));
            colors = Colors::ToLinear(Encoding::linear(primaries)?);
            None
        }
        ColorSpace::Coded(points) if is_float => {
            notes.push(note::made_linear("TIFF", "the colours of its code points"));
            colors = Colors::ToLinear(Encoding::coded(points)?);
            None
        }
        space @ (ColorSpace::LinearSrgb | ColorSpace::Linear(_)) => {
            notes.extend(note::encoded_srgb("TIFF", space));
            None
        }
        // Floats without a profile are read as linear.
        ColorSpace::Srgb if is_float => Some(made_profile::srgb(own.channels)?),
        ColorSpace::Srgb => None,
        space @ (ColorSpace::Coded(_) | ColorSpace::Icc(_)) => {
            notes.extend(note::encoded_srgb("TIFF", space));
            profile::to_be_written(picture, own.channels, &mut notes).map(Cow::into_owned)
        }
    };
    let format = PixelFormat { alpha: own.alpha, ..file_format(own.channels, own.sample) };
    let conversion = Conversion { picture, format, colors, over_white: false };
    let pixels = conversion.pixels()?;
    let file = Contents {
        width: picture.width(),
        height: picture.height(),
        format,
        pixels: &pixels,
        icc: icc.as_deref(),
        metadata: picture.metadata(),
    };
    if pixels.len() > BIG_BYTES {
        file.write::<TiffKindBig>(out).map_err(encoding_error)?;
    } else {
        file.write::<TiffKindStandard>(out).map_err(encoding_error)?;
    }
    Ok(notes)
}

/// What goes into a file. The encoder of crate `tiff` knows neither half floats nor gray with
/// alpha, so that its directories are filled here.
struct Contents<'a> {
    width: u32,
    height: u32,
    format: PixelFormat,
    pixels: &'a [u8],
    icc: Option<&'a [u8]>,
    metadata: &'a Metadata,
}

impl Contents<'_> {
    fn write<K: TiffKind>(&self, out: impl Write + Seek) -> TiffResult<()> {
        let mut encoder = TiffEncoder::<_, K>::new_generic(out)?;
        let mut directory = encoder.image_directory()?;
        let PixelFormat { channels, sample, alpha } = self.format;
        let count = channels.count();
        let (bits, kind) = (8 * sample.bytes() as u16, if sample.is_float() { 3_u16 } else { 1 });
        let predictor =
            if sample.is_float() { Predictor::FloatingPoint } else { Predictor::Horizontal };
        directory.write_tag(Tag::ImageWidth, self.width)?;
        directory.write_tag(Tag::ImageLength, self.height)?;
        directory.write_tag(Tag::BitsPerSample, &vec![bits; count][..])?;
        directory.write_tag(Tag::SampleFormat, &vec![kind; count][..])?;
        directory.write_tag(Tag::SamplesPerPixel, count as u16)?;
        directory.write_tag(Tag::Compression, tiff::tags::CompressionMethod::Deflate)?;
        directory.write_tag(Tag::Predictor, predictor)?;
        let photometric = if channels.is_gray() { 1_u16 } else { 2 };
        directory.write_tag(Tag::PhotometricInterpretation, photometric)?;
        directory.write_tag(Tag::PlanarConfiguration, PlanarConfiguration::Chunky)?;
        if channels.has_alpha() {
            let alpha = match alpha {
                AlphaMode::Straight => UNASSOCIATED_ALPHA,
                AlphaMode::Premultiplied => ASSOCIATED_ALPHA,
            };
            directory.write_tag(Tag::ExtraSamples, alpha)?;
        }
        let Metadata { xmp, iptc, artist, copyright, resolution, .. } = self.metadata;
        let unknown = Resolution { x: 1.0, y: 1.0, unit: Unit::Unknown };
        let Resolution { x, y, unit } = resolution.unwrap_or(unknown);
        let unit = match unit {
            Unit::Unknown => 1_u16,
            Unit::Inch => 2,
            Unit::Centimetre => 3,
        };
        directory.write_tag(Tag::XResolution, rational(x))?;
        directory.write_tag(Tag::YResolution, rational(y))?;
        directory.write_tag(Tag::ResolutionUnit, unit)?;
        // Not ASCII alone, as other programs have it, too.
        let text = |text: &Option<String>| text.as_ref().map(|text| format!("{text}\0"));
        let (artist, copyright) = (text(artist), text(copyright));
        for (tag, kind, content) in [
            (Tag::IccProfile, Type::UNDEFINED, self.icc),
            (XMP, Type::BYTE, xmp.as_deref()),
            (IPTC, Type::UNDEFINED, iptc.as_deref()),
            (Tag::Artist, Type::ASCII, artist.as_deref().map(str::as_bytes)),
            (Tag::Copyright, Type::ASCII, copyright.as_deref().map(str::as_bytes)),
        ] {
            if let Some(content) = content {
                let entry = directory.write_entry_bytes(kind, content)?;
                directory.extend_from(&Directory::from_iter([(tag, entry)]));
            }
        }
        self.write_strips(&mut directory)?;
        directory.finish()
    }

    fn write_strips<W: Write + Seek, K: TiffKind>(
        &self,
        directory: &mut DirectoryEncoder<'_, W, K>,
    ) -> TiffResult<()> {
        let row_bytes = self.width as usize * self.format.bytes();
        let rows_per_strip = (STRIP_BYTES / row_bytes).clamp(1, self.height as usize);
        let strips: Vec<_> = self.pixels.chunks(rows_per_strip * row_bytes).collect();
        let mut offsets = Vec::with_capacity(strips.len());
        let mut lengths = Vec::with_capacity(strips.len());
        // As many at a time as keep every processor busy.
        for batch in strips.chunks(4 * rayon::current_num_threads()) {
            let batch: Vec<_> =
                batch.par_iter().map(|strip| self.compress(strip, row_bytes)).collect();
            for strip in batch {
                let strip = strip?;
                lengths.push(K::convert_offset(strip.len() as u64)?);
                offsets.push(K::convert_offset(directory.write_data(&strip[..])?)?);
            }
        }
        directory.write_tag(Tag::RowsPerStrip, rows_per_strip as u32)?;
        directory.write_tag(Tag::StripOffsets, K::convert_slice(&offsets))?;
        directory.write_tag(Tag::StripByteCounts, K::convert_slice(&lengths))
    }

    fn compress(&self, strip: &[u8], row_bytes: usize) -> io::Result<Vec<u8>> {
        let count = self.format.channels.count();
        let mut differences = strip.to_vec();
        for row in differences.chunks_exact_mut(row_bytes) {
            match self.format.sample {
                SampleType::U8 => subtract_left(row, count),
                SampleType::U16 => subtract_left_words(row, count),
                SampleType::F16 => by_significance::<2>(row, count),
                SampleType::F32 => by_significance::<4>(row, count),
            }
        }
        let mut compressed = Vec::new();
        Deflate::default().write_to(&mut compressed, &differences)?;
        Ok(compressed)
    }
}

/// To six digits.
fn rational(value: f64) -> Rational {
    match value.fract() == 0.0 && value <= f64::from(u32::MAX) {
        true => Rational { n: value as u32, d: 1 },
        false => Rational { n: (value.min(4e3) * 1e6).round() as u32, d: 1_000_000 },
    }
}

/// Every byte less the one `distance` before it: predictor 2 for bytes.
fn subtract_left(row: &mut [u8], distance: usize) {
    for k in (distance..row.len()).rev() {
        row[k] = row[k].wrapping_sub(row[k - distance]);
    }
}

/// Predictor 2 for native 16-bit numbers.
fn subtract_left_words(row: &mut [u8], distance: usize) {
    let word = |row: &[u8], k: usize| u16::from_ne_bytes([row[2 * k], row[2 * k + 1]]);
    for k in (distance..row.len() / 2).rev() {
        let difference = word(row, k).wrapping_sub(word(row, k - distance));
        row[2 * k..2 * k + 2].copy_from_slice(&difference.to_ne_bytes());
    }
}

/// Predictor 3: first all most significant bytes of a row, at last all least significant ones,
/// each less the one before.
fn by_significance<const BYTES: usize>(row: &mut [u8], distance: usize) {
    let samples = row.len() / BYTES;
    let native = row.to_vec();
    for (k, bytes) in native.chunks_exact(BYTES).enumerate() {
        for (significance, &byte) in bytes.iter().enumerate() {
            let plane =
                if cfg!(target_endian = "big") { significance } else { BYTES - 1 - significance };
            row[plane * samples + k] = byte;
        }
    }
    subtract_left(row, distance);
}

fn encoding_error(error: TiffError) -> Error {
    match error {
        TiffError::IoError(e) => io_error(e),
        other => damaged(other.to_string()),
    }
}
