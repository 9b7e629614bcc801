//! Windows' and OS/2's bitmaps, with a file's header or, as from a clipboard, without. Of crate
//! `image`'s decoder, less what it finds wrong that other programs do not.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;

use super::bmp_runs::{self, Runs};
use super::claim::{self, most_pixels};
use super::failure::truncated;
use super::{opaque, raster};
use crate::error::Result;
use crate::image::{Picture, check_size};

/// Of a file's header.
const FILE_HEADER: usize = 14;
/// OS/2's second header, the first 40 bytes of which are Windows'.
const OS2: usize = 64;
const WINDOWS: usize = 40;
const CORE: usize = 12;

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    let stored = readable(bytes)?;
    let cursor = Cursor::new(&stored[..]);
    let decoder = match bytes.starts_with(b"BM") {
        true => BmpDecoder::new(cursor),
        false => BmpDecoder::new_without_file_header(cursor),
    };
    opaque::unless_seen_through(raster::read(decoder, stored.len(), most_pixels::BMP)?)
}

/// The file as the decoder takes it.
fn readable(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
    let begin = if bytes.starts_with(b"BM") { FILE_HEADER } else { 0 };
    let Some(header) = Header::read(bytes, begin) else { return Ok(Cow::Borrowed(bytes)) };
    let mended = header.mend(bytes, begin);
    let unpacked = Header::read(&mended, begin).and_then(|header| {
        let kind = header.runs()?;
        Some(header.unpack(kind, &mended, begin))
    });
    unpacked.map_or(Ok(mended), |file| file.map(Cow::Owned))
}

/// What of it other programs forgive, or is needed for runs.
#[derive(Default)]
struct Header {
    size: usize,
    width: u32,
    /// Below 0 the rows come from the top.
    height: i32,
    planes: u16,
    bits: u16,
    compression: u32,
    /// Of the palette.
    colors: usize,
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
        let mut header = Self { size, pixels, planes: short(8)?, ..Self::default() };
        if size != CORE {
            header.width = number(4)?;
            header.height = number(8)? as i32;
            header.planes = short(12)?;
            header.bits = short(14)?;
            header.compression = number(16)?;
            header.colors = match (header.bits, number(32)? as usize) {
                (1..=8, 0) => 1 << header.bits,
                (1..=8, used) => used.min(256),
                _ => 0,
            };
            header.palette_end = begin + size + 4 * header.colors;
        }
        Some(header)
    }

    fn mend<'b>(&self, bytes: &'b [u8], begin: usize) -> Cow<'b, [u8]> {
        let is_early = begin > 0 && self.pixels < self.palette_end;
        let has_planes = self.planes != 1;
        if !(is_early || has_planes || self.size == OS2) {
            return Cow::Borrowed(bytes);
        }
        let mut file = bytes.to_vec();
        put(&mut file, begin + if self.size == CORE { 8 } else { 12 }, &1_u16.to_le_bytes());
        let mut pixels = if is_early { self.palette_end } else { self.pixels };
        if self.size == OS2 {
            put(&mut file, begin, &(WINDOWS as u32).to_le_bytes());
            pixels = pixels.saturating_sub(OS2 - WINDOWS);
        }
        if begin > 0 {
            put(&mut file, 10, &(pixels as u32).to_le_bytes());
        }
        if self.size == OS2 && file.len() >= begin + OS2 {
            file.drain(begin + WINDOWS..begin + OS2);
        }
        Cow::Owned(file)
    }

    fn runs(&self) -> Option<Runs> {
        match (self.compression, self.bits) {
            _ if self.size < WINDOWS => None,
            (1, 8) => Some(Runs::OfBytes),
            (2, 4) => Some(Runs::OfHalfBytes),
            _ => None,
        }
    }

    /// The file with a byte a pixel for its runs.
    fn unpack(&self, kind: Runs, bytes: &[u8], begin: usize) -> Result<Vec<u8>> {
        let height = self.height.unsigned_abs();
        check_size(self.width, height)?;
        claim::check_pixels([self.width, height], bytes.len(), most_pixels::BMP)?;
        let at = if begin > 0 { self.pixels } else { self.palette_end };
        let stored = bytes.get(at..).ok_or_else(truncated)?;
        let head = bytes.get(..self.palette_end).ok_or_else(truncated)?;
        let numbers = bmp_runs::unpacked(stored, self.width, height, kind)?;
        let mut file = [head, &numbers].concat();
        put(&mut file, begin + 14, &8_u16.to_le_bytes());
        put(&mut file, begin + 16, &[0; 8]);
        put(&mut file, begin + 32, &(self.colors as u32).to_le_bytes());
        if begin > 0 {
            put(&mut file, 10, &(head.len() as u32).to_le_bytes());
        }
        Ok(file)
    }
}

fn put(file: &mut [u8], at: usize, value: &[u8]) {
    if let Some(to) = file.get_mut(at..at + value.len()) {
        to.copy_from_slice(value);
    }
}
