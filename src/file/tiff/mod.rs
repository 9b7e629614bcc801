//! TIFF 6.0 with its technical notes, and BigTIFF; the first picture of a file. Crate `tiff` follows
//! the directories and compresses; the samples are put together here, for it knows few of the kinds
//! that there are. Without a profile integers are sRGB and floats linear sRGB.

mod chunks;
mod layout;
mod metadata;
mod read;
mod samples;
mod write;

use std::io;

use tiff::TiffError;
use tiff::tags::Tag;

pub(super) use read::read;
pub(super) use write::write;

use super::failure::{damaged, truncated};
use crate::error::Error;

const XMP: Tag = Tag::Unknown(700);
const IPTC: Tag = Tag::Unknown(33723);

fn decoding_error(error: TiffError) -> Error {
    match error {
        TiffError::IoError(e) if e.kind() == io::ErrorKind::UnexpectedEof => truncated(),
        other => damaged(other.to_string()),
    }
}
