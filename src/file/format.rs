//! The formats of picture files, told by names and by contents.

use std::path::Path;

use super::failure::cannot;
use crate::error::{Error, ErrorKind, Result};

/// The kinds of picture files that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG (JFIF, EXIF).
    Jpeg,
    /// Tagged Image File Format, classic and BigTIFF.
    Tiff,
    /// WebP.
    WebP,
    /// OpenEXR.
    OpenExr,
    /// JPEG XL.
    JpegXl,
    /// AV1 Image File Format.
    Avif,
    /// Graphics Interchange Format.
    Gif,
    /// Windows' bitmaps.
    Bmp,
    /// Truevision's TGA.
    Tga,
    /// Netpbm's PBM, PGM, PPM, PAM and PFM.
    Pnm,
    /// The Quite OK Image Format.
    Qoi,
    /// Radiance's RGBE.
    Hdr,
    /// Photoshop's documents.
    Psd,
}

impl FileFormat {
    /// Every format.
    pub const ALL: [Self; 14] = [
        Self::Png,
        Self::Jpeg,
        Self::Tiff,
        Self::WebP,
        Self::OpenExr,
        Self::JpegXl,
        Self::Avif,
        Self::Gif,
        Self::Bmp,
        Self::Tga,
        Self::Pnm,
        Self::Qoi,
        Self::Hdr,
        Self::Psd,
    ];

    /// Those that are written, too.
    pub const WRITTEN: [Self; 5] = [Self::Png, Self::Jpeg, Self::Tiff, Self::WebP, Self::OpenExr];

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Tiff => "TIFF",
            Self::WebP => "WebP",
            Self::OpenExr => "OpenEXR",
            Self::JpegXl => "JPEG XL",
            Self::Avif => "AVIF",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Tga => "TGA",
            Self::Pnm => "PNM",
            Self::Qoi => "QOI",
            Self::Hdr => "Radiance HDR",
            Self::Psd => "PSD",
        }
    }

    /// The file name extensions, lower case, without a dot; the usual one first.
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Tiff => &["tif", "tiff"],
            Self::WebP => &["webp"],
            Self::OpenExr => &["exr"],
            Self::JpegXl => &["jxl"],
            Self::Avif => &["avif", "avifs"],
            Self::Gif => &["gif"],
            Self::Bmp => &["bmp", "dib"],
            Self::Tga => &["tga"],
            Self::Pnm => &["ppm", "pgm", "pbm", "pnm", "pam", "pfm"],
            Self::Qoi => &["qoi"],
            Self::Hdr => &["hdr", "pic"],
            Self::Psd => &["psd"],
        }
    }

    /// The format that a file name's extension stands for, whatever its case.
    pub fn from_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        let is_known = |known: &&'static str| known.eq_ignore_ascii_case(extension);
        Self::ALL.into_iter().find(|format| format.extensions().iter().any(is_known))
    }

    /// The format that a file of this name is written in.
    ///
    /// # Errors
    /// `Argument` for a name without an extension of [`FileFormat::WRITTEN`], which are listed.
    pub fn for_writing(path: &Path) -> Result<Self> {
        let format = Self::from_path(path);
        format.filter(|format| Self::WRITTEN.contains(format)).ok_or_else(|| {
            let unknown = Error::new(ErrorKind::Argument, not_written_as(path, format));
            cannot("write", &path.display().to_string(), unknown)
        })
    }
}

/// The format of a file's content, by its first bytes ([`SIGNATURE_BYTES`] are enough).
pub fn detect(bytes: &[u8]) -> Option<FileFormat> {
    let starts = |signature: &[u8]| bytes.starts_with(signature);
    let starts_one = |signatures: &[&[u8]]| signatures.iter().any(|s| starts(s));
    if starts(b"\x89PNG\r\n\x1a\n") {
        Some(FileFormat::Png)
    } else if starts(b"\xff\xd8\xff") {
        Some(FileFormat::Jpeg)
    } else if starts_one(&[b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"]) {
        Some(FileFormat::Tiff)
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(FileFormat::WebP)
    } else if starts(b"\x76\x2f\x31\x01") {
        Some(FileFormat::OpenExr)
    } else if starts_one(&[b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"]) {
        Some(FileFormat::JpegXl)
    } else if is_avif(bytes) {
        Some(FileFormat::Avif)
    } else if starts_one(&[b"GIF87a", b"GIF89a"]) {
        Some(FileFormat::Gif)
    } else if is_bmp(bytes) {
        Some(FileFormat::Bmp)
    } else if starts(b"qoif") {
        Some(FileFormat::Qoi)
    } else if starts_one(&[b"#?RADIANCE", b"#?RGBE"]) {
        Some(FileFormat::Hdr)
    } else if starts(b"8BPS") {
        Some(FileFormat::Psd)
    } else if matches!(bytes, [b'P', b'1'..=b'7' | b'f' | b'F', b' ' | b'\t'..=b'\r', ..]) {
        Some(FileFormat::Pnm)
    } else if may_be_tga(bytes) {
        Some(FileFormat::Tga)
    } else {
        None
    }
}

/// How many bytes [`detect`] looks at.
pub const SIGNATURE_BYTES: usize = 64;

/// By a brand of the box that such files begin with: the first, or the ones behind its version.
fn is_avif(bytes: &[u8]) -> bool {
    let Some((length, b"ftyp")) = bytes.split_first_chunk::<4>().and_then(|(length, rest)| {
        Some((u32::from_be_bytes(*length) as usize, rest.first_chunk::<4>()?))
    }) else {
        return false;
    };
    let brands = bytes[..length.min(bytes.len())].as_chunks::<4>().0;
    brands.iter().enumerate().any(|(k, brand)| {
        let is_brand = k == 2 || k >= 4;
        is_brand && matches!(brand, b"avif" | b"avis")
    })
}

/// A file, whose name is short, or what a clipboard holds: the header's size must be a known one.
fn is_bmp(bytes: &[u8]) -> bool {
    let size = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    match bytes {
        [b'B', b'M', ..] => matches!(size(14), Some(12 | 40 | 52 | 56 | 64 | 108 | 124)),
        _ => {
            let is_one_plane = bytes.get(12..14) == Some(&[1, 0]);
            matches!(size(0), Some(40 | 108 | 124)) && is_one_plane
        }
    }
}

/// TGA has no signature: its header must make sense.
fn may_be_tga(bytes: &[u8]) -> bool {
    let Some(&[_, colors, kind, .., w0, w1, h0, h1, bits, _]) = bytes.first_chunk::<18>() else {
        return false;
    };
    colors <= 1
        && matches!(kind, 1 | 2 | 3 | 9 | 10 | 11)
        && matches!(bits, 8 | 15 | 16 | 24 | 32)
        && [w0, w1] != [0; 2]
        && [h0, h1] != [0; 2]
}

/// What a file is that is not read, and what to do about it.
pub(super) fn cure(bytes: &[u8]) -> Option<&'static str> {
    let starts = |signature: &[u8]| bytes.starts_with(signature);
    let brand = if bytes.get(4..8) == Some(b"ftyp") { bytes.get(8..12) } else { None };
    let is_raw =
        starts(b"IIU\0") || starts(b"IIRO") || starts(b"FUJIFILMCCD-RAW") || starts(b"FOVb");
    match brand {
        Some(b"heic" | b"heix" | b"hevc" | b"mif1" | b"msf1") => Some(
            "HEIC is not read: convert it, for example with `heif-convert picture.heic picture.png`",
        ),
        Some(b"crx ") => Some(RAW),
        _ if is_raw => Some(RAW),
        _ if starts(b"\0\0\0\x0cjP  ") || starts(b"\xff\x4f\xff\x51") => Some(
            "JPEG 2000 is not read: convert it, for example with `opj_decompress -i picture.jp2 -o \
             picture.png`",
        ),
        _ if starts(b"%PDF") || starts(b"%!PS") => {
            Some("it is a page, not a picture: convert it, for example with `pdftoppm -png`")
        }
        _ => None,
    }
}

/// Of cameras.
pub(super) const RAW: &str =
    "it is a camera's raw file: develop it to a picture first, for example with darktable";

/// Why no file of this name is written, and what to do about it.
fn not_written_as(path: &Path, format: Option<FileFormat>) -> String {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let program = match extension.to_ascii_lowercase().as_str() {
        "jxl" => "JPEG XL is not written: write a PNG and convert it with `cjxl`",
        "avif" => "AVIF is not written: write a PNG and convert it with `avifenc`",
        "heic" | "heif" => "HEIC is not written: write a PNG and convert it with `heif-enc`",
        "jp2" | "j2k" => {
            "JPEG 2000 is not written: write a TIFF and convert it with `opj_compress`"
        }
        _ => return not_written(format),
    };
    program.to_owned()
}

/// Why no file of a format is written.
pub(super) fn not_written(format: Option<FileFormat>) -> String {
    let endings: Vec<_> = FileFormat::WRITTEN
        .iter()
        .flat_map(|format| format.extensions())
        .map(|extension| format!(".{extension}"))
        .collect();
    let why = match format {
        Some(format) => format!("{} is read, but not written", format.name()),
        None => "the extension says no known format".to_owned(),
    };
    format!("{why}; these are: {}", endings.join(", "))
}
