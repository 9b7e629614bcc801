//! Runs of colours in bitmaps. Crate `image`'s decoder makes what they pass over black and refuses
//! runs over the border; other programs take the palette's first colour, and what is inside.

use super::failure::truncated;
use crate::error::Result;
use crate::memory;

/// How runs are stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Runs {
    OfBytes,
    /// Two colours in turns.
    OfHalfBytes,
}

/// The numbers of the colours, in rows that are padded to four bytes, in the order of the file.
pub(super) fn unpacked(mut runs: &[u8], width: u32, height: u32, kind: Runs) -> Result<Vec<u8>> {
    let row_bytes = (width as usize).next_multiple_of(4);
    let colors = memory::filled(0, row_bytes * height as usize, "the picture's colours")?;
    let mut page = Page { colors, row_bytes, width: width as usize, kind, x: 0, y: 0 };
    while let [count, value, rest @ ..] = runs {
        runs = rest;
        match (count, value) {
            (0, 0) => page.begin_row(),
            (0, 1) => return Ok(page.colors),
            (0, 2) => {
                let ([right, down], rest) = runs.split_first_chunk().ok_or_else(truncated)?;
                page.x += usize::from(*right);
                page.y += usize::from(*down);
                runs = rest;
            }
            (0, &count) => {
                let stored = match kind {
                    Runs::OfBytes => usize::from(count),
                    Runs::OfHalfBytes => usize::from(count).div_ceil(2),
                };
                page.put(count, runs.get(..stored).ok_or_else(truncated)?);
                runs = runs.get(stored.next_multiple_of(2)..).unwrap_or_default();
            }
            (&count, value) => page.put(count, std::slice::from_ref(value)),
        }
    }
    // Some programs leave the mark of the end out.
    if page.is_full() { Ok(page.colors) } else { Err(truncated()) }
}

struct Page {
    colors: Vec<u8>,
    row_bytes: usize,
    width: usize,
    kind: Runs,
    x: usize,
    y: usize,
}

impl Page {
    fn begin_row(&mut self) {
        self.x = 0;
        self.y += 1;
    }

    /// As many colours as are inside of the row, from bytes that repeat.
    fn put(&mut self, count: u8, stored: &[u8]) {
        let row = self.colors.chunks_exact_mut(self.row_bytes).nth(self.y).unwrap_or_default();
        let inside = row.get_mut(self.x..self.width).unwrap_or_default();
        let bytes = stored.iter().cycle();
        match self.kind {
            Runs::OfBytes => {
                inside.iter_mut().take(count.into()).zip(bytes).for_each(|(to, &byte)| *to = byte);
            }
            Runs::OfHalfBytes => {
                let halves = bytes.flat_map(|byte| [byte >> 4, byte & 15]);
                inside.iter_mut().take(count.into()).zip(halves).for_each(|(to, half)| *to = half);
            }
        }
        self.x += usize::from(count);
    }

    fn is_full(&self) -> bool {
        let rows = self.colors.len() / self.row_bytes;
        self.y >= rows || (self.y + 1 == rows && self.x >= self.width)
    }
}
