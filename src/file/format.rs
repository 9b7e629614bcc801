//! The formats of picture files, told by names and by contents.

use std::path::Path;

use super::failure::cannot;
use crate::error::{Error, ErrorKind, Result};

/// The kinds of picture files that are read and written.
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
}

impl FileFormat {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Png, Self::Jpeg, Self::Tiff, Self::WebP, Self::OpenExr];

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Tiff => "TIFF",
            Self::WebP => "WebP",
            Self::OpenExr => "OpenEXR",
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
        }
    }

    /// The format that a file name's extension stands for, whatever its case.
    pub fn from_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        let is_known = |known: &&'static str| known.eq_ignore_ascii_case(extension);
        Self::ALL.into_iter().find(|format| format.extensions().iter().any(is_known))
    }

    /// As [`FileFormat::from_path`], with an error that lists the known extensions.
    ///
    /// # Errors
    /// `Argument` for a name without a known extension.
    pub fn for_writing(path: &Path) -> Result<Self> {
        Self::from_path(path).ok_or_else(|| {
            let unknown = Error::new(ErrorKind::Argument, unknown_extension());
            cannot("write", &path.display().to_string(), unknown)
        })
    }
}

/// The format of a file's content, by its first bytes ([`SIGNATURE_BYTES`] are enough).
pub fn detect(bytes: &[u8]) -> Option<FileFormat> {
    let starts = |signature: &[u8]| bytes.starts_with(signature);
    if starts(b"\x89PNG\r\n\x1a\n") {
        Some(FileFormat::Png)
    } else if starts(b"\xff\xd8\xff") {
        Some(FileFormat::Jpeg)
    } else if [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].into_iter().any(|s| starts(s)) {
        Some(FileFormat::Tiff)
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(FileFormat::WebP)
    } else if starts(b"\x76\x2f\x31\x01") {
        Some(FileFormat::OpenExr)
    } else {
        None
    }
}

/// How many bytes [`detect`] looks at.
pub const SIGNATURE_BYTES: usize = 12;

/// Why a name says no format.
pub(super) fn unknown_extension() -> String {
    let known: Vec<_> = FileFormat::ALL
        .iter()
        .flat_map(|format| format.extensions())
        .map(|extension| format!(".{extension}"))
        .collect();
    format!("the extension says no known format; known are {}", known.join(", "))
}
