//! Borrowed pixels of any layout, read and written a row at a time as straight RGBA.

use std::ops::Range;

use super::PixelFormat;
use super::picture::check_size;
use crate::error::{Error, ErrorKind, Result};

/// Rows of pixels that are lent one at a time, for memory of which what lies between the rows is
/// somebody else's.
pub trait Rows: Sync {
    /// The bytes of the pixels of row `y`, counted from the top.
    fn row(&self, y: u32) -> &[u8];
}

/// Borrowed pixels to read. Rows may be padded and may run bottom-up.
#[derive(Clone, Copy)]
pub struct PixelView<'a> {
    source: Source<'a>,
    layout: Layout,
}

/// Borrowed pixels to write. Rows may be padded and may run bottom-up.
pub struct PixelViewMut<'a> {
    data: &'a mut [u8],
    layout: Layout,
}

/// Where the pixels of a view come from.
#[derive(Clone, Copy)]
enum Source<'a> {
    Bytes(&'a [u8]),
    Rows(&'a dyn Rows),
}

#[derive(Clone, Copy)]
struct Layout {
    width: u32,
    height: u32,
    row_stride: isize,
    format: PixelFormat,
}

impl Layout {
    fn new(
        length: usize,
        width: u32,
        height: u32,
        row_stride: isize,
        format: PixelFormat,
    ) -> Result<Self> {
        check_size(width, height)?;
        let row = width as usize * format.bytes();
        let needed = row_stride
            .unsigned_abs()
            .checked_mul(height as usize - 1)
            .and_then(|rows| rows.checked_add(row))
            .filter(|_| row_stride.unsigned_abs() >= row || height == 1);
        match needed {
            Some(needed) if needed <= length => Ok(Self { width, height, row_stride, format }),
            _ => {
                let what = format!(
                    "pixels of {width}x{height} with {row} bytes a row do not fit a row stride of \
                     {row_stride} bytes in {length} bytes"
                );
                Err(Error::new(ErrorKind::Argument, what))
            }
        }
    }

    fn packed(width: u32, height: u32, format: PixelFormat) -> Self {
        let row_stride = (width as usize * format.bytes()) as isize;
        Self { width, height, row_stride, format }
    }

    /// Byte range of the pixels `left..right` of row `y`.
    fn range(&self, y: u32, left: u32, right: u32) -> Range<usize> {
        let stride = self.row_stride.unsigned_abs();
        let row = if self.row_stride < 0 { self.height - 1 - y } else { y } as usize * stride;
        let columns = self.columns(left, right);
        row + columns.start..row + columns.end
    }

    /// Byte range of the pixels `left..right` of any row within it.
    fn columns(&self, left: u32, right: u32) -> Range<usize> {
        left as usize * self.format.bytes()..right as usize * self.format.bytes()
    }
}

impl<'a> PixelView<'a> {
    /// Describes borrowed pixels. With a negative `row_stride` (bytes) the last row of `data` is
    /// the picture's first.
    ///
    /// # Errors
    /// `Argument` where the rows do not fit `data`, `Picture` for a size that is not taken.
    pub fn new(
        data: &'a [u8],
        width: u32,
        height: u32,
        row_stride: isize,
        format: PixelFormat,
    ) -> Result<Self> {
        let layout = Layout::new(data.len(), width, height, row_stride, format)?;
        Ok(Self { source: Source::Bytes(data), layout })
    }

    /// Pixels whose rows are lent one at a time, each of `width` pixels.
    ///
    /// # Errors
    /// `Picture` for a size that is not taken.
    pub fn of_rows(
        rows: &'a dyn Rows,
        width: u32,
        height: u32,
        format: PixelFormat,
    ) -> Result<Self> {
        check_size(width, height)?;
        Ok(Self { source: Source::Rows(rows), layout: Layout::packed(width, height, format) })
    }

    pub(super) fn packed(data: &'a [u8], width: u32, height: u32, format: PixelFormat) -> Self {
        Self { source: Source::Bytes(data), layout: Layout::packed(width, height, format) }
    }

    /// Columns.
    pub fn width(&self) -> u32 {
        self.layout.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.layout.height
    }

    /// The layout of a pixel.
    pub fn format(&self) -> PixelFormat {
        self.layout.format
    }

    /// The bytes of the pixels `left..right` of row `y`.
    pub(crate) fn row_bytes(&self, y: u32, left: u32, right: u32) -> &'a [u8] {
        match self.source {
            Source::Bytes(data) => &data[self.layout.range(y, left, right)],
            Source::Rows(rows) => &rows.row(y)[self.layout.columns(left, right)],
        }
    }

    /// Reads pixels of row `y` from column `left` on: as many as `out` holds. Gray becomes three
    /// equal colours, alpha is 1 where there is none, colours are un-premultiplied. Not-a-number
    /// is read as 0, infinity as the largest finite half (65504).
    pub fn read_row(&self, y: u32, left: u32, out: &mut [[f32; 4]]) {
        let PixelFormat { channels, sample, .. } = self.layout.format;
        let bytes = self.row_bytes(y, left, left + out.len() as u32);
        let pixels = bytes.chunks_exact(channels.count() * sample.bytes());
        // One loop for each sample type, so that the sample type is no choice per pixel.
        use super::{Channels::*, SampleType::*};
        macro_rules! read {
            ($sample:ident) => {
                for (to, from) in out.iter_mut().zip(pixels) {
                    let at = |k: usize| finite($sample.read(&from[k * $sample.bytes()..]));
                    *to = match channels {
                        Gray => [at(0), at(0), at(0), 1.0],
                        GrayAlpha => [at(0), at(0), at(0), at(1)],
                        Rgb => [at(0), at(1), at(2), 1.0],
                        Rgba => [at(0), at(1), at(2), at(3)],
                        Bgra => [at(2), at(1), at(0), at(3)],
                    };
                }
            };
        }
        match sample {
            U8 => read!(U8),
            U16 => read!(U16),
            F16 => read!(F16),
            F32 => read!(F32),
        }
        if self.layout.format.is_premultiplied() {
            for [r, g, b, a] in out.iter_mut().filter(|p| p[3] > 0.0) {
                (*r, *g, *b) = (*r / *a, *g / *a, *b / *a);
            }
        }
    }
}

impl<'a> PixelViewMut<'a> {
    /// Describes borrowed pixels; see [`PixelView::new`].
    ///
    /// # Errors
    /// As [`PixelView::new`].
    pub fn new(
        data: &'a mut [u8],
        width: u32,
        height: u32,
        row_stride: isize,
        format: PixelFormat,
    ) -> Result<Self> {
        let layout = Layout::new(data.len(), width, height, row_stride, format)?;
        Ok(Self { data, layout })
    }

    pub(super) fn packed(data: &'a mut [u8], width: u32, height: u32, format: PixelFormat) -> Self {
        Self { data, layout: Layout::packed(width, height, format) }
    }

    /// Columns.
    pub fn width(&self) -> u32 {
        self.layout.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.layout.height
    }

    /// The layout of a pixel.
    pub fn format(&self) -> PixelFormat {
        self.layout.format
    }

    /// The bytes of the pixels `left..right` of row `y`.
    pub(crate) fn row_bytes_mut(&mut self, y: u32, left: u32, right: u32) -> &mut [u8] {
        &mut self.data[self.layout.range(y, left, right)]
    }

    /// Copies pixels of row `y` bit by bit from pixels of the same format.
    pub(crate) fn copy_pixels(&mut self, y: u32, columns: Range<u32>, from: &PixelView<'_>) {
        let bytes = from.row_bytes(y, columns.start, columns.end);
        self.row_bytes_mut(y, columns.start, columns.end).copy_from_slice(bytes);
    }

    /// Writes straight RGBA pixels to row `y` from column `left` on. Gray formats get the
    /// luminance (Rec. 709 weights); integers are clamped.
    pub fn write_row(&mut self, y: u32, left: u32, pixels: &[[f32; 4]]) {
        self.write(y, left, pixels, self.layout.format.is_premultiplied());
    }

    /// As [`PixelViewMut::write_row`], of pixels that were read from such a format. Light without
    /// alpha, which reading did not divide by it, is not multiplied by it.
    pub(crate) fn write_row_from(
        &mut self,
        y: u32,
        left: u32,
        pixels: &mut [[f32; 4]],
        from: PixelFormat,
    ) {
        let is_premultiplied = self.layout.format.is_premultiplied();
        let keeps_light = is_premultiplied && from.is_premultiplied();
        if keeps_light {
            for [r, g, b, a] in pixels.iter_mut().filter(|p| p[3] > 0.0) {
                (*r, *g, *b) = (*r * *a, *g * *a, *b * *a);
            }
        }
        self.write(y, left, pixels, is_premultiplied && !keeps_light);
    }

    fn write(&mut self, y: u32, left: u32, pixels: &[[f32; 4]], premultiply: bool) {
        let PixelFormat { channels, sample, .. } = self.layout.format;
        let bytes = self.row_bytes_mut(y, left, left + pixels.len() as u32);
        let to = bytes.chunks_exact_mut(channels.count() * sample.bytes());
        use super::{Channels::*, SampleType::*};
        macro_rules! write {
            ($sample:ident) => {
                for (to, &[mut r, mut g, mut b, a]) in to.zip(pixels) {
                    if premultiply {
                        (r, g, b) = (r * a, g * a, b * a);
                    }
                    let mut put =
                        |k: usize, value| $sample.write(value, &mut to[k * $sample.bytes()..]);
                    match channels {
                        Gray => put(0, luminance(r, g, b)),
                        GrayAlpha => {
                            put(0, luminance(r, g, b));
                            put(1, a);
                        }
                        Rgb => [r, g, b].into_iter().enumerate().for_each(|(k, v)| put(k, v)),
                        Rgba => [r, g, b, a].into_iter().enumerate().for_each(|(k, v)| put(k, v)),
                        Bgra => [b, g, r, a].into_iter().enumerate().for_each(|(k, v)| put(k, v)),
                    }
                }
            };
        }
        match sample {
            U8 => write!(U8),
            U16 => write!(U16),
            F16 => write!(F16),
            F32 => write!(F32),
        }
    }
}

/// Rec. 709 luminance (of encoded values: luma).
pub(crate) fn luminance(r: f32, g: f32, b: f32) -> f32 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// A sample that arithmetic survives.
#[inline]
fn finite(value: f32) -> f32 {
    if value.is_finite() {
        value
    } else if value.is_nan() {
        0.0
    } else {
        65504_f32.copysign(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{Channels, SampleType};

    /// The rows of a buffer that runs bottom-up, with gaps.
    struct Upward<'b>(&'b [u8]);

    const ROW: usize = 6;
    const STRIDE: usize = 9;

    impl Rows for Upward<'_> {
        fn row(&self, y: u32) -> &[u8] {
            &self.0[(3 - y as usize) * STRIDE..][..ROW]
        }
    }

    #[test]
    fn rows_that_are_lent_are_read_as_those_of_a_slice() {
        let bytes: Vec<u8> = (0..(3 * STRIDE + ROW) as u8).collect();
        let format = PixelFormat::new(Channels::Rgb, SampleType::U8);
        let sliced = PixelView::new(&bytes, 2, 4, -(STRIDE as isize), format).unwrap();
        let upward = Upward(&bytes);
        let lent = PixelView::of_rows(&upward, 2, 4, format).unwrap();
        for y in 0..4 {
            for (left, right) in [(0, 2), (1, 2), (0, 1), (1, 1)] {
                assert_eq!(lent.row_bytes(y, left, right), sliced.row_bytes(y, left, right));
            }
        }
        assert_eq!(lent.row_bytes(3, 1, 2), [3, 4, 5]);
        assert!(PixelView::of_rows(&upward, 0, 4, format).is_err());
    }
}
