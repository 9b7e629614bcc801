//! Picture files: PNG, JPEG, TIFF, WebP and OpenEXR, read into and written from [`Picture`]; JPEG XL,
//! AVIF, GIF, BMP, TGA, PNM, QOI, Radiance HDR and the flat picture of PSD, read only.
//!
//! A picture that is read is upright (the orientation of its EXIF block or TIFF tag is applied),
//! and keeps its sample type, ICC profile and EXIF block. Its alpha is straight, but for OpenEXR
//! and TIFF's associated alpha: those hold colours multiplied by it, and light without any.
//!
//! Of what is written:
//!
//! | | samples | alpha | colours | EXIF |
//! |---|---|---|---|---|
//! | PNG | 8, 16 bit | kept | ICC and code points kept, else sRGB | kept |
//! | JPEG | 8 bit, lossy | laid over white | ICC kept, else sRGB | kept |
//! | TIFF | 8, 16 bit, half, float | kept | ICC kept, else sRGB; floats linear | left out |
//! | WebP | 8 bit, lossless | kept | ICC kept, else sRGB | kept |
//! | OpenEXR | half, float | kept, premultiplied there | primaries kept, else linear sRGB | left out |
//!
//! A picture that was read from an OpenEXR file takes what else that held into the next one.
//!
//! CMYK and YCbCr files become RGB. A profile that does not fit the channels (a CMYK profile, say)
//! or cannot be parsed is dropped with a warning in the log.

mod avif;
mod bmp;
mod bmp_runs;
mod claim;
mod convert;
mod exif;
mod exr;
mod failure;
mod fence;
mod format;
mod frames;
mod gif;
mod inks;
mod jpeg;
mod jpeg_repair;
mod jpeg_segments;
mod jpeg_xl;
mod lab;
mod made_profile;
mod metadata;
mod note;
mod opaque;
mod orientation;
mod pack_bits;
mod pfm;
mod photoshop;
mod png;
mod png_chunks;
mod png_repair;
mod profile;
mod psd;
mod raster;
mod tga;
mod tiff;
mod warning;
mod webp;
mod xmp;

use std::fs::File;
use std::io::{BufWriter, Cursor, Read, Seek, Write};
use std::path::Path;

use image::codecs::hdr::HdrDecoder;
use image::codecs::pnm::PnmDecoder;
use image::codecs::qoi::QoiDecoder;

pub use format::{FileFormat, SIGNATURE_BYTES, detect};

use self::claim::most_pixels;
use self::failure::cannot;
use self::fence::fenced;
use self::format::{cure, not_written};
use crate::error::{Cure, Error, ErrorKind, Result};
use crate::image::Picture;
use crate::memory;
use crate::whole_file::{self, io_error};

/// How a picture is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    /// The most bytes that are taken in; a stream may have no end.
    pub max_bytes: u64,
    /// The name of an OpenEXR file's layer, such as `ViewLayer.Combined`; other formats have none.
    pub layer: Option<String>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { max_bytes: 4 << 30, layer: None }
    }
}

/// How a picture is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteOptions {
    /// The format of [`write`](fn@write); `None` takes it from the file name.
    pub format: Option<FileFormat>,
    /// From 1 (smallest file) to 100 (best picture).
    pub jpeg_quality: u8,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self { format: None, jpeg_quality: 92 }
    }
}

/// Reads a picture file. Its content decides the format, not its name.
///
/// # Errors
/// `File` for a file that cannot be opened or read, `Picture` for content that is not a whole
/// picture of a known format or is too large, `Memory` where the pixels do not fit.
pub fn read(path: &Path) -> Result<Picture> {
    read_with(path, &ReadOptions::default())
}

/// As [`read`](fn@read), with options.
///
/// # Errors
/// As [`read`](fn@read); `Picture` for a file that is larger than allowed, too.
pub fn read_with(path: &Path, options: &ReadOptions) -> Result<Picture> {
    let name = path.display().to_string();
    let bytes = File::open(path).map_err(io_error).and_then(|file| {
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        picture_bytes(file, size, options)
    });
    bytes.and_then(|bytes| decode(&bytes, &name, options)).map_err(|e| cannot("read", &name, e))
}

/// Reads a picture from a stream. `name` stands for it in messages.
///
/// # Errors
/// As [`read_with`].
pub fn read_stream(stream: impl Read, name: &str, options: &ReadOptions) -> Result<Picture> {
    let bytes = picture_bytes(stream, 0, options);
    bytes.and_then(|bytes| decode(&bytes, name, options)).map_err(|e| cannot("read", name, e))
}

/// Reads a picture from the bytes of a file. `name` stands for it in messages.
///
/// # Errors
/// As [`read`](fn@read).
pub fn read_bytes(bytes: &[u8], name: &str) -> Result<Picture> {
    decode(bytes, name, &ReadOptions::default()).map_err(|e| cannot("read", name, e))
}

/// Writes a picture file whose format is the option's or that of the name's extension. Returned is
/// a sentence for everything that the format could not keep.
///
/// The file appears whole or not at all: on any failure an existing file is as it was. A link is
/// followed; pipes and devices are written to directly.
///
/// # Errors
/// `Argument` for a name without a known extension or an option out of range, `File` where the
/// file cannot be written, `Picture` for a picture that the format cannot hold.
pub fn write(picture: &Picture, path: &Path, options: &WriteOptions) -> Result<Vec<String>> {
    let name = path.display().to_string();
    let format = options.format.or_else(|| FileFormat::from_path(path));
    let written = format.ok_or_else(|| Error::new(ErrorKind::Argument, not_written(None)));
    written
        .and_then(|format| {
            check(options)?;
            let notes = whole_file::write(path, |out| encode(picture, format, options, out))?;
            Ok(with_openexr(notes, picture, format))
        })
        .map_err(|e| cannot("write", &name, e))
}

/// Writes a picture in one of the formats to a stream. Returned is a sentence for everything that
/// the format could not keep.
///
/// # Errors
/// As [`write`](fn@write).
pub fn write_bytes(
    picture: &Picture,
    format: FileFormat,
    options: &WriteOptions,
    out: &mut dyn Write,
) -> Result<Vec<String>> {
    let written = check(options).and_then(|()| encode_stream(picture, format, options, out));
    let notes = written.map_err(|e| {
        Error::caused(e.kind(), format!("cannot write the picture as {}", format.name()), e)
    })?;
    Ok(with_openexr(notes, picture, format))
}

/// The bytes of a picture file of about `size`; something else is not read further than its first
/// bytes.
fn picture_bytes(mut file: impl Read, size: u64, options: &ReadOptions) -> Result<Vec<u8>> {
    let most = options.max_bytes;
    let mut signature = Vec::new();
    Read::by_ref(&mut file)
        .take(SIGNATURE_BYTES as u64)
        .read_to_end(&mut signature)
        .map_err(io_error)?;
    if detect(&signature).is_none() {
        return Ok(signature);
    }
    let too_large = || {
        let what = format!("it has more than {most} bytes");
        Error::new(ErrorKind::Picture, what).cured(Cure::Limit, "allow more if it is what you want")
    };
    if size > most {
        return Err(too_large());
    }
    let mut bytes = memory::reserved(usize::try_from(size).unwrap_or(usize::MAX), "the file")?;
    bytes.extend(signature);
    let rest = most.saturating_sub(bytes.len() as u64).saturating_add(1);
    file.take(rest).read_to_end(&mut bytes).map_err(io_error)?;
    if bytes.len() as u64 > most {
        return Err(too_large());
    }
    Ok(bytes)
}

fn decode(bytes: &[u8], name: &str, options: &ReadOptions) -> Result<Picture> {
    let Some(format) = detect(bytes) else { return Err(unknown(bytes)) };
    let (cursor, stored) = (Cursor::new(bytes), bytes.len());
    let read = || match format {
        FileFormat::Png => self::png::read(bytes),
        FileFormat::Jpeg => self::jpeg::read(bytes),
        FileFormat::Tiff => self::tiff::read(bytes),
        FileFormat::WebP => self::webp::read(bytes),
        FileFormat::OpenExr => self::exr::read(bytes, options.layer.as_deref()),
        FileFormat::JpegXl => self::jpeg_xl::read(bytes),
        FileFormat::Avif => avif::read(bytes),
        FileFormat::Gif => self::gif::read(bytes),
        FileFormat::Bmp => bmp::read(bytes),
        FileFormat::Tga => tga::read(bytes),
        FileFormat::Pnm if matches!(bytes, [_, b'f' | b'F', ..]) => pfm::read(bytes),
        FileFormat::Pnm => raster::read(PnmDecoder::new(cursor), stored, most_pixels::PNM),
        FileFormat::Qoi => raster::read(QoiDecoder::new(cursor), stored, most_pixels::QOI),
        FileFormat::Hdr => raster::read(HdrDecoder::new(cursor), stored, most_pixels::HDR),
        FileFormat::Psd => psd::read(bytes),
    };
    warning::about(name, || fenced(read))
}

/// Why bytes of no known format are not read.
fn unknown(bytes: &[u8]) -> Error {
    let what = match cure(bytes) {
        _ if bytes.is_empty() => "the file is empty".to_owned(),
        Some(cure) => cure.to_owned(),
        None => format!("not one of {}", FileFormat::ALL.map(FileFormat::name).join(", ")),
    };
    Error::new(ErrorKind::Picture, what)
}

fn encode(
    picture: &Picture,
    format: FileFormat,
    options: &WriteOptions,
    out: impl Write + Seek,
) -> Result<Vec<String>> {
    match format {
        FileFormat::Tiff => self::tiff::write(picture, out),
        FileFormat::OpenExr => self::exr::write(picture, out),
        FileFormat::Png => self::png::write(picture, out),
        FileFormat::Jpeg => self::jpeg::write(picture, options.jpeg_quality, out),
        FileFormat::WebP => self::webp::write(picture, out),
        other => Err(Error::new(ErrorKind::Argument, not_written(Some(other)))),
    }
}

/// Adds what no other format keeps of an OpenEXR file.
fn with_openexr(mut notes: Vec<String>, picture: &Picture, format: FileFormat) -> Vec<String> {
    if format != FileFormat::OpenExr {
        notes.extend(self::exr::in_another_format(format.name(), picture));
    }
    notes
}

/// As [`encode`]; the formats that go back to fill in offsets are put together in memory.
fn encode_stream(
    picture: &Picture,
    format: FileFormat,
    options: &WriteOptions,
    out: &mut dyn Write,
) -> Result<Vec<String>> {
    let mut out = BufWriter::new(out);
    let notes = match format {
        FileFormat::Png => self::png::write(picture, &mut out)?,
        FileFormat::Jpeg => self::jpeg::write(picture, options.jpeg_quality, &mut out)?,
        FileFormat::WebP => self::webp::write(picture, &mut out)?,
        _ => whole_file::write_stream(&mut out, |file| encode(picture, format, options, file))?,
    };
    out.flush().map_err(io_error)?;
    Ok(notes)
}

fn check(options: &WriteOptions) -> Result<()> {
    match options.jpeg_quality {
        1..=100 => Ok(()),
        other => {
            let what = format!("a JPEG quality of {other} is not between 1 and 100");
            Err(Error::new(ErrorKind::Argument, what))
        }
    }
}
