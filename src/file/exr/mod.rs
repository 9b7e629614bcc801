//! OpenEXR: linear light, half or single floats, colours multiplied by alpha.
//!
//! Of several layers the first with the channels R, G and B (or Y, or Y and chroma) and perhaps A
//! is read, else the first with such channels below a name (`ViewLayer.Combined.R`), or the one
//! that is named. The picture is the display window: what is missing inside it is black and
//! transparent. What else the file holds goes into the file that the painting is written to: other
//! channels and parts, attributes, and the data outside the display window.

mod colors;
mod left_out;
mod luminance_chroma;
mod read;
mod source;
mod subsampled;
mod target;
mod write;

pub(super) use left_out::in_another_format;
pub(super) use read::read;
pub(super) use write::write;

use super::failure::{damaged, truncated};
use crate::error::Error;
use crate::image::{AlphaMode, Channels, PixelFormat, SampleType};
use crate::whole_file::io_error;

/// The format's own alpha.
fn associated(channels: Channels, sample: SampleType) -> PixelFormat {
    let straight = PixelFormat::new(channels, sample);
    match channels.has_alpha() {
        true => PixelFormat { alpha: AlphaMode::Premultiplied, ..straight },
        false => straight,
    }
}

/// HTJ2K, and what the crate has no name for.
const UNKNOWN_COMPRESSION: &str = "its compression is missing or none of those that are read: convert it, for example with \
     `oiiotool picture.exr --compression zip -o zip.exr`";

fn decoding_error(error: exr::error::Error) -> Error {
    match error.to_string() {
        what if what.contains("reference to missing bytes") => truncated(),
        what if what.contains("invalid compression attribute") => damaged(UNKNOWN_COMPRESSION),
        what => damaged(what),
    }
}

fn encoding_error(error: exr::error::Error) -> Error {
    match error {
        exr::error::Error::Io(e) => io_error(e),
        other => damaged(other.to_string()),
    }
}
