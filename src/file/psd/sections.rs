//! The parts of a document, in their order.

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::error::Result;
use crate::file::failure::{damaged, truncated};
use crate::file::{claim, pack_bits};
use crate::image::check_size;
use crate::memory;

/// What stands before the flat picture, and its planes as they are stored.
pub(super) struct Document<'a> {
    pub width: u32,
    pub height: u32,
    pub channels: usize,
    /// Of a sample: 1, 8, 16 or 32.
    pub bits: u32,
    pub mode: u16,
    /// Red, green and blue of each number: all reds first.
    pub palette: &'a [u8],
    pub resources: &'a [u8],
    /// Whether the channel behind the colours says what can be seen through.
    pub has_alpha: bool,
    compression: u16,
    /// Whether the document is of the large kind (PSB).
    is_large: bool,
    stored: &'a [u8],
}

impl<'a> Document<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        let document = Self::parts(bytes).ok_or_else(truncated)?;
        check_size(document.width, document.height)?;
        Ok(document)
    }

    fn parts(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = Bytes(bytes);
        rest.take(4)?;
        let is_large = rest.u16()? == 2;
        rest.take(6)?;
        let channels = usize::from(rest.u16()?);
        let (height, width) = (rest.u32()?, rest.u32()?);
        let (bits, mode) = (u32::from(rest.u16()?), rest.u16()?);
        let palette = rest.section(false)?;
        let resources = rest.section(false)?;
        let has_alpha = has_alpha(Bytes(rest.section(is_large)?), is_large).unwrap_or(false);
        let compression = rest.u16()?;
        let stored = rest.0;
        Some(Self {
            width,
            height,
            channels,
            bits,
            mode,
            palette,
            resources,
            has_alpha,
            compression,
            is_large,
            stored,
        })
    }

    /// Bytes of a row of one channel.
    pub fn row_bytes(&self) -> usize {
        (self.width as usize * self.bits as usize).div_ceil(8)
    }

    /// The first channels' rows, channel after channel.
    pub fn planes(&self, channels: usize) -> Result<Vec<u8>> {
        let expected = channels * self.height as usize * self.row_bytes();
        let check = |most| claim::check(expected as u64, self.stored.len(), most);
        let planes = match self.compression {
            0 => self.stored[..expected.min(self.stored.len())].to_vec(),
            1 => {
                check(64)?;
                self.runs(channels).ok_or_else(truncated)??
            }
            2 => {
                check(claim::DEFLATE)?;
                let mut planes = memory::reserved(expected, "the picture's channels")?;
                let stream = ZlibDecoder::new(self.stored).take(expected as u64);
                { stream }.read_to_end(&mut planes).map_err(|e| damaged(e.to_string()))?;
                planes
            }
            other => return Err(damaged(format!("compression of kind {other} is not read"))),
        };
        if planes.len() < expected { Err(truncated()) } else { Ok(planes) }
    }

    /// Each row is packed; before them stand the lengths of all rows of all channels.
    fn runs(&self, channels: usize) -> Option<Result<Vec<u8>>> {
        let size = if self.is_large { 4 } else { 2 };
        let lengths = self.channels * self.height as usize;
        let (lengths, mut rows) = self.stored.split_at_checked(lengths * size)?;
        let mut planes = Vec::new();
        for length in lengths.chunks_exact(size).take(channels * self.height as usize) {
            let length = length.iter().fold(0, |sum, &byte| sum << 8 | usize::from(byte));
            let (row, rest) = rows.split_at_checked(length)?;
            rows = rest;
            match pack_bits::unpacked(row, self.row_bytes()) {
                Ok(mut row) => {
                    // What is missing in a row is black, as in other programs.
                    row.resize(self.row_bytes(), 0);
                    planes.extend(row);
                }
                Err(e) => return Some(Err(e)),
            }
        }
        Some(Ok(planes))
    }
}

/// The number of layers is negative where the flat picture has alpha. Layers of more than 8 bits
/// stand in a block of their own.
fn has_alpha(mut section: Bytes<'_>, is_large: bool) -> Option<bool> {
    let layers = section.section(is_large)?;
    if !layers.is_empty() {
        return Bytes(layers).u16().map(is_negative);
    }
    section.section(false)?;
    loop {
        section.take(4)?;
        let key = section.take(4)?;
        let is_layers = matches!(key, b"Lr16" | b"Lr32");
        let content = section.section(is_large && is_layers)?;
        if is_layers {
            return Bytes(content).u16().map(is_negative);
        }
        section.take((4 - content.len() % 4) % 4)?;
    }
}

fn is_negative(count: u16) -> bool {
    (count as i16) < 0
}

/// What is not yet read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self, bytes: usize) -> Option<u64> {
        Some(self.take(bytes)?.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte)))
    }

    fn u16(&mut self) -> Option<u16> {
        self.number(2).map(|number| number as u16)
    }

    fn u32(&mut self) -> Option<u32> {
        self.number(4).map(|number| number as u32)
    }

    /// Bytes with their length before them.
    fn section(&mut self, is_large: bool) -> Option<&'a [u8]> {
        let length = self.number(if is_large { 8 } else { 4 })?;
        self.take(usize::try_from(length).ok()?)
    }
}
