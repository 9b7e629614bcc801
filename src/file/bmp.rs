//! Windows' and OS/2's bitmaps, with a file's header or, as from a clipboard, without. Of crate
//! `image`'s decoder, less what it finds wrong that other programs do not.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::metadata::Orientation;

use super::claim::most_pixels;
use super::{opaque, orientation, raster};
use crate::error::Result;
use crate::image::Picture;

/// Of a file's header.
const FILE_HEADER: usize = 14;
/// OS/2's second header, the first 40 bytes of which are Windows'.
const OS2: usize = 64;
const WINDOWS: usize = 40;
const CORE: usize = 12;

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    let (bytes, is_upside_down) = mended(bytes);
    let cursor = Cursor::new(&bytes[..]);
    let decoder = match bytes.starts_with(b"BM") {
        true => BmpDecoder::new(cursor),
        false => BmpDecoder::new_without_file_header(cursor),
    };
    let mut picture =
        opaque::unless_seen_through(raster::read(decoder, bytes.len(), most_pixels::BMP)?)?;
    if is_upside_down {
        picture = orientation::upright(picture, Orientation::FlipVertical)?;
    }
    Ok(picture)
}

/// The file as the decoder takes it, and whether its rows then come in the wrong order.
fn mended(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let begin = if bytes.starts_with(b"BM") { FILE_HEADER } else { 0 };
    match Header::read(bytes, begin) {
        Some(header) => header.mend(bytes, begin),
        None => (Cow::Borrowed(bytes), false),
    }
}

/// What other programs forgive.
struct Header {
    size: usize,
    height: i32,
    planes: u16,
    compression: u32,
    /// Where the pixels start, and where at the earliest.
    pixels: usize,
    palette_end: usize,
}

impl Header {
    fn read(bytes: &[u8], begin: usize) -> Option<Self> {
        let number = |at: usize| Some(u32::from_le_bytes(*bytes.get(begin + at..)?.first_chunk()?));
        let short = |at: usize| Some(u16::from_le_bytes(*bytes.get(begin + at..)?.first_chunk()?));
        let size = number(0)? as usize;
        let pixels = u32::from_le_bytes(*bytes.get(10..)?.first_chunk()?) as usize;
        let mut header =
            Self { size, height: 1, planes: short(8)?, compression: 0, pixels, palette_end: 0 };
        if size != CORE {
            let (bits, used) = (short(14)?, number(32)? as usize);
            let colors = match (bits, used) {
                (1..=8, 0) => 1 << bits,
                (1..=8, used) => used.min(256),
                _ => 0,
            };
            header.height = number(8)? as i32;
            header.planes = short(12)?;
            header.compression = number(16)?;
            header.palette_end = begin + size + 4 * colors;
        }
        Some(header)
    }

    fn mend<'b>(&self, bytes: &'b [u8], begin: usize) -> (Cow<'b, [u8]>, bool) {
        let is_upside_down = self.height < 0 && matches!(self.compression, 1 | 2);
        let is_early = begin > 0 && self.pixels < self.palette_end;
        let has_planes = self.planes != 1;
        if !(is_upside_down || is_early || has_planes || self.size == OS2) {
            return (Cow::Borrowed(bytes), false);
        }
        let mut file = bytes.to_vec();
        let mut put = |at: usize, value: &[u8]| {
            if let Some(to) = file.get_mut(at..at + value.len()) {
                to.copy_from_slice(value);
            }
        };
        if is_upside_down {
            put(begin + 8, &self.height.wrapping_neg().to_le_bytes());
        }
        put(begin + if self.size == CORE { 8 } else { 12 }, &1_u16.to_le_bytes());
        let mut pixels = if is_early { self.palette_end } else { self.pixels };
        if self.size == OS2 {
            put(begin, &(WINDOWS as u32).to_le_bytes());
            pixels = pixels.saturating_sub(OS2 - WINDOWS);
        }
        if begin > 0 {
            put(10, &(pixels as u32).to_le_bytes());
        }
        if self.size == OS2 && file.len() >= begin + OS2 {
            file.drain(begin + WINDOWS..begin + OS2);
        }
        (Cow::Owned(file), is_upside_down)
    }
}
