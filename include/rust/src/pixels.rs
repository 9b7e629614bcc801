//! Borrowed pixels in the host's memory.

use crate::error::{Error, Result};
use crate::format::PixelFormat;

/// Where the rows lie in a slice that holds them all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    pub width: u32,
    pub height: u32,
    pub row_stride: isize,
    pub format: PixelFormat,
    /// The place of the picture's top row.
    pub top: usize,
}

impl Layout {
    fn new(
        length: usize,
        (width, height): (u32, u32),
        row_stride: isize,
        format: PixelFormat,
    ) -> Result<Self> {
        let wrong =
            |why: String| Error::argument(format!("cannot use pixels of {width}x{height}: {why}"));
        if width == 0 || height == 0 {
            return Err(wrong("there are none".to_owned()));
        }
        let row = (width as usize).checked_mul(format.bytes());
        let row = row.and_then(|row| isize::try_from(row).ok());
        let row = row.ok_or_else(|| wrong("a row is too large".to_owned()))?;
        // Of a single row nothing depends on the stride.
        let row_stride = if row_stride == 0 || height == 1 { row } else { row_stride };
        if row_stride.unsigned_abs() < row.unsigned_abs() {
            return Err(wrong(format!(
                "the row stride is {row_stride} bytes, but a row takes {row}"
            )));
        }
        let gaps = row_stride.unsigned_abs().checked_mul(height as usize - 1);
        match gaps.and_then(|gaps| gaps.checked_add(row.unsigned_abs())) {
            Some(needed) if needed <= length => {
                let top = if row_stride < 0 { needed - row.unsigned_abs() } else { 0 };
                Ok(Self { width, height, row_stride, format, top })
            }
            _ => Err(wrong(format!(
                "rows of {row} bytes with a row stride of {row_stride} do not fit {length} bytes"
            ))),
        }
    }
}

/// Borrowed pixels to read. Data need not be aligned.
#[derive(Debug, Clone, Copy)]
pub struct Pixels<'a> {
    data: &'a [u8],
    layout: Layout,
}

/// Borrowed pixels to write. Data need not be aligned.
#[derive(Debug)]
pub struct PixelsMut<'a> {
    data: &'a mut [u8],
    layout: Layout,
}

impl<'a> Pixels<'a> {
    /// Pixels from top to bottom, rows without a gap.
    ///
    /// # Errors
    /// `Argument` where they do not fit `data`.
    pub fn new(data: &'a [u8], width: u32, height: u32, format: PixelFormat) -> Result<Self> {
        Self::with_stride(data, width, height, 0, format)
    }

    /// Pixels with `row_stride` bytes from one row to the next; 0 for rows without a gap. `data`
    /// holds all rows; if the stride is negative, the picture's top row is the last in memory.
    ///
    /// # Errors
    /// `Argument` where they do not fit `data`, or where rows would overlap.
    pub fn with_stride(
        data: &'a [u8],
        width: u32,
        height: u32,
        row_stride: isize,
        format: PixelFormat,
    ) -> Result<Self> {
        let layout = Layout::new(data.len(), (width, height), row_stride, format)?;
        Ok(Self { data, layout })
    }

    /// Columns.
    pub fn width(&self) -> u32 {
        self.layout.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.layout.height
    }

    /// What the bytes of a pixel mean.
    pub fn format(&self) -> PixelFormat {
        self.layout.format
    }

    /// The bytes of each row, from top to bottom, without gaps.
    pub fn rows(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let Self { data, layout } = *self;
        let length = layout.width as usize * layout.format.bytes();
        // The layout was checked: every row lies in the slice.
        let start = move |y: u32| layout.top.wrapping_add_signed(layout.row_stride * y as isize);
        (0..layout.height).map(start).filter_map(move |start| data.get(start..start + length))
    }

    /// The top row, with leave to read all of the slice.
    pub(crate) fn top(&self) -> *const u8 {
        self.data.as_ptr().wrapping_add(self.layout.top)
    }

    pub(crate) fn layout(&self) -> Layout {
        self.layout
    }
}

impl<'a> PixelsMut<'a> {
    /// Pixels from top to bottom, rows without a gap.
    ///
    /// # Errors
    /// `Argument` where they do not fit `data`.
    pub fn new(data: &'a mut [u8], width: u32, height: u32, format: PixelFormat) -> Result<Self> {
        Self::with_stride(data, width, height, 0, format)
    }

    /// Pixels with `row_stride` bytes from one row to the next; see [`Pixels::with_stride`].
    ///
    /// # Errors
    /// As [`Pixels::with_stride`].
    pub fn with_stride(
        data: &'a mut [u8],
        width: u32,
        height: u32,
        row_stride: isize,
        format: PixelFormat,
    ) -> Result<Self> {
        let layout = Layout::new(data.len(), (width, height), row_stride, format)?;
        Ok(Self { data, layout })
    }

    pub(crate) fn reborrowed(&mut self) -> PixelsMut<'_> {
        PixelsMut { data: self.data, layout: self.layout }
    }

    /// The top row, with leave to read and write all of the slice.
    pub(crate) fn top(&mut self) -> *mut u8 {
        self.data.as_mut_ptr().wrapping_add(self.layout.top)
    }

    pub(crate) fn layout(&self) -> Layout {
        self.layout
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Channels, Sample};

    const FORMAT: PixelFormat = PixelFormat::RGBA_U8;

    #[test]
    fn pixels_that_fit_are_taken() {
        let bytes = [0; 4 * 3 * 2];
        assert!(Pixels::new(&bytes, 3, 2, FORMAT).is_ok());
        assert_eq!(Pixels::with_stride(&bytes, 3, 2, 12, FORMAT).unwrap().layout.top, 0);
        assert_eq!(Pixels::with_stride(&bytes, 3, 2, -12, FORMAT).unwrap().layout.top, 12);
        assert_eq!(Pixels::with_stride(&bytes, 1, 3, -10, FORMAT).unwrap().layout.top, 20);
        assert!(Pixels::with_stride(&bytes, 3, 2, 0, FORMAT).is_ok());
        assert!(Pixels::with_stride(&bytes, 6, 1, -1, FORMAT).is_ok());
        // The last row needs no gap behind it.
        assert!(Pixels::with_stride(&bytes, 2, 2, 16, FORMAT).is_ok());
        assert!(PixelsMut::with_stride(&mut bytes.clone(), 2, 2, -16, FORMAT).is_ok());
    }

    #[test]
    fn rows_come_from_top_to_bottom_without_gaps() {
        let bytes: Vec<u8> = (0..9).collect();
        let gray = PixelFormat::new(Channels::Gray, Sample::U8);
        let rows = |stride| {
            let pixels = Pixels::with_stride(&bytes, 2, 3, stride, gray).unwrap();
            pixels.rows().flatten().copied().collect::<Vec<_>>()
        };
        assert_eq!(rows(0), [0, 1, 2, 3, 4, 5]);
        assert_eq!(rows(3), [0, 1, 3, 4, 6, 7]);
        assert_eq!(rows(-3), [6, 7, 3, 4, 0, 1]);
    }

    #[test]
    fn pixels_that_do_not_fit_are_refused_in_words() {
        let bytes = [0; 4 * 3 * 2];
        for (width, height, stride) in [
            (3, 2, 13),
            (3, 2, -13),
            (3, 2, 11),
            (3, 2, 1),
            (3, 3, 12),
            (0, 2, 12),
            (3, 0, 12),
            (u32::MAX, u32::MAX, isize::MAX),
            (u32::MAX, u32::MAX, isize::MIN),
            (1, 3, isize::MIN),
        ] {
            let refused = Pixels::with_stride(&bytes, width, height, stride, FORMAT).unwrap_err();
            assert!(refused.message().contains(&format!("{width}x{height}")), "{refused}");
        }
        assert!(Pixels::new(&bytes, 3, 3, FORMAT).is_err());
        assert!(PixelsMut::new(&mut [], 1, 1, FORMAT).is_err());
    }
}
