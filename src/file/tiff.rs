//! TIFF 6.0 and BigTIFF: 8 and 16 bit integers, half and single floats; the first picture of a
//! file. Bilevel and 4-bit gray becomes 8 bit, CMYK and JPEG's YCbCr become RGB. Without a profile
//! integers are sRGB and floats linear sRGB.

use std::io::{self, Cursor, Seek, Write};

use image::metadata::Orientation;
use rayon::prelude::*;
use tiff::decoder::ifd::Value;
use tiff::decoder::{BufferLayoutPreference, Decoder, DecodingSampleType, Limits};
use tiff::encoder::compression::{CompressionAlgorithm, Deflate};
use tiff::encoder::{
    DirectoryEncoder, Rational, TiffEncoder, TiffKind, TiffKindBig, TiffKindStandard,
};
use tiff::tags::{PlanarConfiguration, Predictor, Tag, Type};
use tiff::{ColorType, Directory, TiffError, TiffResult};

use super::convert::{Colors, Conversion, encoded, file_format, rgb_of};
use super::failure::{damaged, truncated};
use super::format::RAW;
use super::metadata::Found;
use super::{note, profile};
use crate::color::primaries::to_and_from_srgb;
use crate::error::{Error, Result};
use crate::image::{
    AlphaMode, Channels, ColorSpace, Metadata, Picture, PixelFormat, Resolution, SampleType, Unit,
    check_size,
};
use crate::memory;
use crate::whole_file::io_error;

/// ExtraSamples: the colours are multiplied by this alpha.
const ASSOCIATED_ALPHA: u16 = 1;
/// ExtraSamples: the colours are not multiplied by this alpha.
const UNASSOCIATED_ALPHA: u16 = 2;
/// DNGVersion: the first picture of such a file is a thumbnail.
const DNG_VERSION: Tag = Tag::Unknown(50706);
/// CR2's own directory.
const CANON_RAW: Tag = Tag::Unknown(0xc5d8);
/// NewSubfileType: a smaller version of another picture of the file.
const REDUCED: u32 = 1;
const XMP: Tag = Tag::Unknown(700);
const IPTC: Tag = Tag::Unknown(33723);
/// The widest tiles that are read; the decoder makes room for a row of any length.
const MAX_TILE_WIDTH: u32 = 1 << 16;
/// Uncompressed bytes of a strip, about.
const STRIP_BYTES: usize = 1 << 18;
/// From here on offsets of 32 bits may not suffice.
const BIG_BYTES: usize = 4_000_000_000;

/// How the decoded samples lie and what they are.
struct Stored {
    color: ColorType,
    channels: Channels,
    sample: SampleType,
    layout: BufferLayoutPreference,
}

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    // The other limits keep a damaged tag from claiming all memory.
    let mut limits = Limits::default();
    limits.intermediate_buffer_size = usize::MAX;
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(decoding_error)?.with_limits(limits);
    let (width, height) = decoder.dimensions().map_err(decoding_error)?;
    check_size(width, height)?;
    let tags = Tags::read(&mut decoder).map_err(decoding_error)?;
    let stored = stored(&mut decoder, &tags)?;
    let color_space =
        if stored.sample.is_float() { ColorSpace::LinearSrgb } else { ColorSpace::Srgb };
    let mut format = PixelFormat::new(stored.channels, stored.sample);
    if tags.extra_samples.first() == Some(&ASSOCIATED_ALPHA) {
        format.alpha = AlphaMode::Premultiplied;
    }
    let mut picture = Picture::new(width, height, format, color_space)?;
    if stored.is_as_wanted(&picture) {
        decoder.read_image_bytes(picture.data_mut()).map_err(decoding_error)?;
    } else {
        let mut raw = memory::filled(0, stored.layout.complete_len, "its samples as they lie")?;
        decoder.read_image_bytes(&mut raw).map_err(decoding_error)?;
        stored.rearrange(&raw, &mut picture);
    }
    Found { icc: tags.icc, orientation: tags.orientation, metadata: tags.metadata }.apply(picture)
}

/// The tags that are looked at beside those that the decoder follows.
struct Tags {
    extra_samples: Vec<u16>,
    orientation: Option<Orientation>,
    icc: Option<Vec<u8>>,
    samples: u16,
    is_planar: bool,
    is_predicted: bool,
    is_raw_photograph: bool,
    metadata: Metadata,
}

impl Tags {
    fn read(decoder: &mut Decoder<Cursor<&[u8]>>) -> TiffResult<Self> {
        let mut number = |tag| decoder.find_tag_unsigned::<u16>(tag);
        let orientation = number(Tag::Orientation).ok().flatten();
        let planar = number(Tag::PlanarConfiguration)?;
        let predictor = number(Tag::Predictor)?;
        let samples = number(Tag::SamplesPerPixel)?.unwrap_or(1);
        Ok(Self {
            orientation: orientation
                .and_then(|code| Orientation::from_exif(u8::try_from(code).ok()?)),
            samples,
            is_planar: planar == Some(PlanarConfiguration::Planar.to_u16()),
            is_predicted: predictor.is_some_and(|p| p != Predictor::None.to_u16()),
            extra_samples: decoder.find_tag_unsigned_vec(Tag::ExtraSamples)?.unwrap_or_default(),
            icc: decoder.find_tag(Tag::IccProfile)?.and_then(|value| value.into_u8_vec().ok()),
            is_raw_photograph: is_raw_photograph(decoder)?,
            metadata: metadata(decoder)?,
        })
    }
}

/// Whether the first picture is a camera's thumbnail of what only other programs read.
fn is_raw_photograph(decoder: &mut Decoder<Cursor<&[u8]>>) -> TiffResult<bool> {
    let kind = decoder.find_tag_unsigned::<u32>(Tag::NewSubfileType)?.unwrap_or(0);
    let mut has = |tag| decoder.image_ifd().find_entry(tag).is_some();
    let is_reduced = kind & REDUCED != 0;
    Ok(has(DNG_VERSION) || has(CANON_RAW) || is_reduced && has(Tag::SubIfd))
}

fn metadata(decoder: &mut Decoder<Cursor<&[u8]>>) -> TiffResult<Metadata> {
    let mut bytes = |tag| -> TiffResult<Option<Vec<u8>>> {
        Ok(decoder.find_tag(tag)?.and_then(|value| match value {
            // Photoshop says numbers of 32 bits and means bytes.
            Value::List(values) => values
                .into_iter()
                .map(bytes_of)
                .collect::<Option<Vec<_>>>()
                .map(|parts| parts.concat()),
            Value::Ascii(text) => Some(text.into_bytes()),
            other => other.into_u8_vec().ok(),
        }))
    };
    let (xmp, iptc) = (bytes(XMP)?, bytes(IPTC)?);
    let mut text = |tag| -> TiffResult<Option<String>> {
        let text = bytes(tag)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(text.map(|text| text.trim_end_matches('\0').to_owned()).filter(|text| !text.is_empty()))
    };
    let (artist, copyright) = (text(Tag::Artist)?, text(Tag::Copyright)?);
    Ok(Metadata { exif: None, xmp, iptc, artist, copyright, resolution: resolution(decoder)? })
}

fn bytes_of(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::Byte(byte) => Some(vec![byte]),
        Value::Unsigned(word) => Some(word.to_le_bytes().to_vec()),
        _ => None,
    }
}

fn resolution(decoder: &mut Decoder<Cursor<&[u8]>>) -> TiffResult<Option<Resolution>> {
    let mut number = |tag| -> TiffResult<Option<f64>> {
        Ok(decoder.find_tag(tag)?.and_then(|value| match value {
            Value::Rational(n, d) if n > 0 && d > 0 => Some(f64::from(n) / f64::from(d)),
            _ => None,
        }))
    };
    let (x, y) = (number(Tag::XResolution)?, number(Tag::YResolution)?);
    let unit = match decoder.find_tag_unsigned::<u16>(Tag::ResolutionUnit)? {
        Some(1) => Unit::Unknown,
        Some(3) => Unit::Centimetre,
        _ => Unit::Inch,
    };
    let says = |&(x, y): &(f64, f64)| unit != Unit::Unknown || x != y;
    Ok(x.zip(y).filter(says).map(|(x, y)| Resolution { x, y, unit }))
}

fn stored(decoder: &mut Decoder<Cursor<&[u8]>>, tags: &Tags) -> Result<Stored> {
    if tags.is_raw_photograph {
        return Err(damaged(RAW));
    }
    if decoder.chunk_dimensions().0 > MAX_TILE_WIDTH {
        return Err(damaged("its tiles are too wide"));
    }
    let color = decoder.colortype().map_err(decoding_error)?;
    let layout = decoder.image_buffer_layout().map_err(decoding_error)?;
    let alpha_is_named =
        matches!(tags.extra_samples.first(), Some(&(ASSOCIATED_ALPHA | UNASSOCIATED_ALPHA)));
    let channels = match color {
        ColorType::Gray(1 | 2 | 4 | 8 | 16 | 32) => Channels::Gray,
        ColorType::Multiband { bit_depth: 8 | 16 | 32, .. } if alpha_is_named => {
            Channels::GrayAlpha
        }
        ColorType::Multiband { bit_depth: 8 | 16 | 32, .. } => Channels::Gray,
        ColorType::RGB(8 | 16 | 32) | ColorType::YCbCr(8) | ColorType::CMYK(8 | 16) => {
            Channels::Rgb
        }
        ColorType::RGBA(8 | 16 | 32) => Channels::Rgba,
        other => return Err(damaged(format!("pixels of kind {other:?} are not read"))),
    };
    let sample = match layout.sample_type {
        Some(DecodingSampleType::U8) => SampleType::U8,
        Some(DecodingSampleType::U16) => SampleType::U16,
        Some(DecodingSampleType::F16) => SampleType::F16,
        Some(DecodingSampleType::F32) => SampleType::F32,
        _ => {
            return Err(damaged(format!(
                "samples of kind {:?} with {} bits are not read",
                layout.sample_format,
                color.bit_depth()
            )));
        }
    };
    // The decoder drops surplus channels before it undoes the prediction, which then goes wrong.
    if tags.is_predicted && !tags.is_planar && tags.samples > color.num_samples() {
        return Err(damaged("surplus channels together with a predictor are not read"));
    }
    Ok(Stored { color, channels, sample, layout })
}

impl Stored {
    /// Whether the decoder's samples can go straight into the picture.
    fn is_as_wanted(&self, picture: &Picture) -> bool {
        let is_converted = matches!(self.color, ColorType::YCbCr(_) | ColorType::CMYK(_));
        usize::from(self.color.num_samples()) == self.channels.count()
            && !is_converted
            && self.layout.planes == 1
            && self.layout.complete_len == picture.data().len()
    }

    fn rearrange(&self, raw: &[u8], picture: &mut Picture) {
        let bits = usize::from(self.color.bit_depth());
        if bits < 8 {
            return self.unpack_bits(bits, raw, picture);
        }
        let (size, count) = (self.sample.bytes(), usize::from(self.color.num_samples()));
        // Bytes from a pixel to the next and from a sample to the next.
        let (pixel_step, sample_step) = match self.layout.plane_stride {
            Some(stride) if self.layout.planes > 1 => (size, stride.get()),
            _ => (count * size, size),
        };
        let pixel_bytes = picture.format().bytes();
        for (index, to) in picture.data_mut().chunks_exact_mut(pixel_bytes).enumerate() {
            let from = |k: usize| &raw[index * pixel_step + k * sample_step..][..size];
            let value = |k: usize| self.sample.read(from(k));
            let rgb = match self.color {
                ColorType::CMYK(_) => [0, 1, 2].map(|k| (1.0 - value(k)) * (1.0 - value(3))),
                ColorType::YCbCr(_) => rgb_of([0, 1, 2].map(value)),
                _ => {
                    for (k, to) in to.chunks_exact_mut(size).enumerate() {
                        to.copy_from_slice(from(k));
                    }
                    continue;
                }
            };
            for (color, to) in rgb.into_iter().zip(to.chunks_exact_mut(size)) {
                self.sample.write(color, to);
            }
        }
    }

    /// 1, 2 or 4 bits of gray a pixel; rows start at a byte.
    fn unpack_bits(&self, bits: usize, raw: &[u8], picture: &mut Picture) {
        let width = picture.width() as usize;
        let (per_byte, most) = (8 / bits, (1_u8 << bits) - 1);
        let rows = raw.chunks_exact(width.div_ceil(per_byte));
        for (to, from) in picture.data_mut().chunks_exact_mut(width).zip(rows) {
            for (x, to) in to.iter_mut().enumerate() {
                let shift = 8 - bits * (x % per_byte + 1);
                *to = (from[x / per_byte] >> shift & most) * (255 / most);
            }
        }
    }
}

pub(super) fn write(picture: &Picture, out: impl Write + Seek) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let own = picture.format();
    if picture.metadata().exif.is_some() {
        notes.push(note::left_out("TIFF", "EXIF data"));
    }
    let is_float = own.sample.is_float();
    let mut colors = encoded(picture)?;
    let icc = match picture.color_space() {
        ColorSpace::LinearSrgb if is_float => {
            colors = Colors::Keep;
            None
        }
        ColorSpace::Linear(primaries) if is_float => {
            notes.push(note::made_linear("TIFF", "the picture's primaries"));
            let [to_srgb, _] = to_and_from_srgb(primaries)?;
            colors = Colors::PrimariesToLinear(to_srgb);
            None
        }
        ColorSpace::LinearSrgb | ColorSpace::Linear(_) => {
            notes.push(note::encoded_srgb("TIFF"));
            None
        }
        // Floats without a profile are read as linear.
        ColorSpace::Srgb if is_float => Some(profile::srgb(own.channels)?),
        ColorSpace::Srgb => None,
        ColorSpace::Icc(icc) => match profile::fitting(icc, own.channels) {
            Ok(_) => Some(icc.to_vec()),
            Err(reason) => {
                notes.push(note::profile_left_out(&reason));
                None
            }
        },
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

fn decoding_error(error: TiffError) -> Error {
    match error {
        TiffError::IoError(e) if e.kind() == io::ErrorKind::UnexpectedEof => truncated(),
        other => damaged(other.to_string()),
    }
}

fn encoding_error(error: TiffError) -> Error {
    match error {
        TiffError::IoError(e) => io_error(e),
        other => damaged(other.to_string()),
    }
}
