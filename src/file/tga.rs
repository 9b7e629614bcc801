//! Truevision's TGA.

use std::io::Cursor;

use image::codecs::tga::TgaDecoder;

use super::claim::most_pixels;
use super::{opaque, raster};
use crate::error::Result;
use crate::image::{Channels, Picture};

/// The byte of the header that says how many bits of a pixel are alpha, and of a pixel in all.
const BITS: usize = 16;
const DESCRIPTOR: usize = 17;

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    let decoder = TgaDecoder::new(Cursor::new(bytes));
    let picture = raster::read(decoder, bytes.len(), most_pixels::TGA)?;
    if picture.format().channels != Channels::Rgba {
        return Ok(picture);
    }
    // The decoder takes a fourth byte for alpha in any case.
    let is_said = bytes.get(BITS) != Some(&32) || bytes.get(DESCRIPTOR).is_some_and(|d| d & 15 > 0);
    if is_said { opaque::unless_seen_through(picture) } else { opaque::without_alpha(&picture) }
}
