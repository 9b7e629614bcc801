//! TIFF 6.0 with its technical notes, and BigTIFF; the first picture of a file. Crate `tiff` writes;
//! for reading it knows few of the kinds that there are. Without a profile integers are sRGB and
//! floats linear sRGB.

mod chunks;
mod directory;
mod layout;
mod metadata;
mod read;
mod samples;
mod write;

use tiff::tags::Tag;

pub(super) use read::read;
pub(super) use write::write;

const XMP: Tag = Tag::Unknown(700);
const IPTC: Tag = Tag::Unknown(33723);
