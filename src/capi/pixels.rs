//! Pixels in the host's memory.

use std::ffi::c_void;

use impasto_alpha::*;
use impasto_channels::*;
use impasto_curve::*;
use impasto_sample::*;

use super::fence::fenced;
use super::pointer::wrong;
use super::sized::{self, Growing};
use super::status::impasto_status;
use crate::error::Result;
use crate::image::{
    AlphaMode, Channels, ColorSpace, Picture, PixelFormat, PixelView, Rows, SampleType,
};

/// Which channels a pixel has, in memory order.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum impasto_channels {
    /// Red, green, blue, alpha.
    IMPASTO_CHANNELS_RGBA = 0,
    /// Blue, green, red, alpha.
    IMPASTO_CHANNELS_BGRA = 1,
    /// Red, green, blue.
    IMPASTO_CHANNELS_RGB = 2,
    /// Luminance.
    IMPASTO_CHANNELS_GRAY = 3,
    /// Luminance, alpha.
    IMPASTO_CHANNELS_GRAY_ALPHA = 4,
}

/// The number type of one channel. Integers span 0 to 1; floats may lie outside.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum impasto_sample {
    /// 8-bit unsigned.
    IMPASTO_SAMPLE_U8 = 0,
    /// 16-bit unsigned.
    IMPASTO_SAMPLE_U16 = 1,
    /// IEEE 754 half precision.
    IMPASTO_SAMPLE_F16 = 2,
    /// IEEE 754 single precision.
    IMPASTO_SAMPLE_F32 = 3,
}

/// Whether colours are stored multiplied by alpha.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum impasto_alpha {
    /// Colours are independent of alpha.
    IMPASTO_ALPHA_STRAIGHT = 0,
    /// Colours are multiplied by alpha, as the numbers stand.
    IMPASTO_ALPHA_PREMULTIPLIED = 1,
}

/// What the colour numbers mean. The primaries are those of sRGB (Rec. 709).
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum impasto_curve {
    /// Encoded by the curve of sRGB (IEC 61966-2-1).
    IMPASTO_CURVE_SRGB = 0,
    /// Linear light.
    IMPASTO_CURVE_LINEAR = 1,
}

/// Interleaved pixels in the host's memory. Initialise it with `impasto_pixels_init`.
///
/// The first row is the picture's top. For pixels that lie bottom-up, `data` points to the top
/// row, which is last in memory, and `row_stride` is negative. Data need not be aligned.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct impasto_pixels {
    /// The size of this struct in the caller's version.
    pub struct_size: usize,
    /// The first pixel of the top row. It belongs to the caller.
    pub data: *mut c_void,
    /// Columns, 1 to 30000.
    pub width: u32,
    /// Rows, 1 to 30000.
    pub height: u32,
    /// Bytes from one row to the next; 0 for rows without a gap.
    pub row_stride: isize,
    /// An `impasto_channels`.
    pub channels: i32,
    /// An `impasto_sample`.
    pub sample: i32,
    /// An `impasto_alpha`.
    pub alpha: i32,
    /// An `impasto_curve`.
    pub curve: i32,
}

// SAFETY: `repr(C)`, begins with its size, without padding; a pointer and numbers.
unsafe impl Growing for impasto_pixels {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>(),
            data: std::ptr::null_mut(),
            width: 0,
            height: 0,
            row_stride: 0,
            channels: 0,
            sample: 0,
            alpha: 0,
            curve: 0,
        }
    }
}

impl impasto_pixels {
    /// A packed float RGB picture for the host to read.
    pub(super) fn of_preview(picture: &Picture) -> Self {
        Self {
            data: picture.data().as_ptr().cast_mut().cast(),
            width: picture.width(),
            height: picture.height(),
            channels: IMPASTO_CHANNELS_RGB as i32,
            sample: IMPASTO_SAMPLE_F32 as i32,
            ..Self::defaults()
        }
    }
}

/// Fills in the defaults: no data, RGBA, 8 bits, straight alpha, sRGB, rows without a gap.
///
/// @param pixels receives the defaults
/// @param struct_size `sizeof(impasto_pixels)`
/// @return `ARGUMENT` for NULL or a size that no version of the struct has
///
/// # Safety
/// `pixels` is NULL or has room for `struct_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_pixels_init(
    pixels: *mut impasto_pixels,
    struct_size: usize,
) -> impasto_status {
    // SAFETY: the caller guarantees room for `struct_size` bytes, which is all that is written.
    fenced(|| unsafe { sized::write(pixels, struct_size, Growing::defaults(), "pixels") })
}

/// A checked description of pixels: every row lies within memory that there may be.
struct Layout {
    top: *mut u8,
    row_stride: isize,
    width: u32,
    height: u32,
    format: PixelFormat,
    color_space: ColorSpace,
}

impl Layout {
    /// Checks a description; the pixels are not touched.
    fn new(pixels: &impasto_pixels, name: &str) -> Result<Self> {
        let channels = pick(
            name,
            "channels",
            pixels.channels,
            [
                (IMPASTO_CHANNELS_RGBA as i32, Channels::Rgba),
                (IMPASTO_CHANNELS_BGRA as i32, Channels::Bgra),
                (IMPASTO_CHANNELS_RGB as i32, Channels::Rgb),
                (IMPASTO_CHANNELS_GRAY as i32, Channels::Gray),
                (IMPASTO_CHANNELS_GRAY_ALPHA as i32, Channels::GrayAlpha),
            ],
        )?;
        let sample = pick(
            name,
            "sample type",
            pixels.sample,
            [
                (IMPASTO_SAMPLE_U8 as i32, SampleType::U8),
                (IMPASTO_SAMPLE_U16 as i32, SampleType::U16),
                (IMPASTO_SAMPLE_F16 as i32, SampleType::F16),
                (IMPASTO_SAMPLE_F32 as i32, SampleType::F32),
            ],
        )?;
        let alpha = pick(
            name,
            "alpha mode",
            pixels.alpha,
            [
                (IMPASTO_ALPHA_STRAIGHT as i32, AlphaMode::Straight),
                (IMPASTO_ALPHA_PREMULTIPLIED as i32, AlphaMode::Premultiplied),
            ],
        )?;
        let color_space = pick(
            name,
            "curve",
            pixels.curve,
            [
                (IMPASTO_CURVE_SRGB as i32, ColorSpace::Srgb),
                (IMPASTO_CURVE_LINEAR as i32, ColorSpace::LinearSrgb),
            ],
        )?;
        let &impasto_pixels { width, height, .. } = pixels;
        crate::image::check_size(width, height)?;
        let format = PixelFormat { channels, sample, alpha };
        let row = width as usize * format.bytes();
        let row_stride = if pixels.row_stride == 0 { row as isize } else { pixels.row_stride };
        let gaps = row_stride.unsigned_abs().checked_mul(height as usize - 1);
        let length = gaps.and_then(|gaps| gaps.checked_add(row));
        let length = length.filter(|&length| isize::try_from(length).is_ok()).ok_or_else(|| {
            wrong(format!("'{name}' has a row_stride of {row_stride}, which is too large"))
        })?;
        if row_stride.unsigned_abs() < row && height > 1 {
            return Err(wrong(format!(
                "'{name}' has a row_stride of {row_stride} bytes, but a row takes {row}"
            )));
        }
        if pixels.data.is_null() {
            return Err(wrong(format!("'{name}' has no data")));
        }
        let below = if row_stride < 0 { length - row } else { 0 };
        let first = (pixels.data as usize).checked_sub(below);
        if first.is_none_or(|first| first.checked_add(length).is_none()) {
            return Err(wrong(format!("'{name}' reaches beyond the end of memory")));
        }
        let top = pixels.data.cast();
        Ok(Self { top, row_stride, width, height, format, color_space })
    }

    /// The first byte of row `y`. `new` made sure that the distance is no more than memory holds.
    fn start(&self, y: u32) -> *mut u8 {
        assert!(y < self.height, "a picture of {} rows has no row {y}", self.height);
        self.top.wrapping_offset(y as isize * self.row_stride)
    }

    /// Bytes of the pixels of a row.
    fn row_length(&self) -> usize {
        self.width as usize * self.format.bytes()
    }
}

/// Pixels of the host's to read. What lies between the rows is never looked at: another thread may
/// be painting there.
pub(super) struct HostPixels(Layout);

// SAFETY: the pixels are only read, and `read` asks that nobody writes them.
unsafe impl Send for HostPixels {}
// SAFETY: what nobody writes, several threads may read at once.
unsafe impl Sync for HostPixels {}

impl Rows for HostPixels {
    fn row(&self, y: u32) -> &[u8] {
        let (start, length) = (self.0.start(y), self.0.row_length());
        // SAFETY: a row of the description, which `read` was promised can be read and is written
        // by nobody while `self` lives.
        unsafe { std::slice::from_raw_parts(start, length) }
    }
}

impl HostPixels {
    /// Checks a description without touching the pixels.
    ///
    /// # Safety
    /// `pixels` is NULL or was initialised; what it describes can be read, and nobody writes its
    /// rows, while the result lives.
    pub unsafe fn read(pixels: *const impasto_pixels, name: &str) -> Result<Self> {
        // SAFETY: it was initialised by this function's condition, so its size is true.
        let pixels = unsafe { sized::read(pixels, name) }?;
        Layout::new(&pixels, name).map(Self)
    }

    /// As [`HostPixels::read`], of pixels that may be left out.
    ///
    /// # Safety
    /// As of [`HostPixels::read`].
    pub unsafe fn optional(pixels: *const impasto_pixels, name: &str) -> Result<Option<Self>> {
        // SAFETY: this function's condition is that of `read`.
        (!pixels.is_null()).then(|| unsafe { Self::read(pixels, name) }).transpose()
    }

    /// The pixels as the engine reads them.
    pub fn view(&self) -> Result<PixelView<'_>> {
        PixelView::of_rows(self, self.0.width, self.0.height, self.0.format)
    }

    /// A copy of the pixels.
    pub fn copied(&self) -> Result<Picture> {
        Picture::copied(self.view()?, self.0.color_space.clone())
    }

    /// Columns and rows.
    pub fn size(&self) -> [u32; 2] {
        [self.0.width, self.0.height]
    }

    /// What the colours mean.
    pub fn color_space(&self) -> &ColorSpace {
        &self.0.color_space
    }
}

/// Pixels of the host's to write. What lies between the rows is never touched.
pub(super) struct HostOutput(Layout);

impl HostOutput {
    /// Checks a description without touching the pixels.
    ///
    /// # Safety
    /// `pixels` is NULL or was initialised; what it describes can be written while the result
    /// lives, and in [`HostOutput::write`] nobody else uses its rows.
    pub unsafe fn read(pixels: *const impasto_pixels, name: &str) -> Result<Self> {
        // SAFETY: it was initialised by this function's condition, so its size is true.
        let pixels = unsafe { sized::read(pixels, name) }?;
        Layout::new(&pixels, name).map(Self)
    }

    /// An empty picture of the output's size, format and colours, to be written to it.
    pub fn picture(&self) -> Result<Picture> {
        let Layout { width, height, format, color_space, .. } = &self.0;
        Picture::new(*width, *height, *format, color_space.clone())
    }

    /// Copies a picture that [`HostOutput::picture`] made.
    pub fn write(&mut self, picture: &Picture) {
        let length = self.0.row_length();
        for (y, from) in (0..self.0.height).zip(picture.data().chunks_exact(length)) {
            // SAFETY: a row of the description, which `read` was promised can be written and is
            // used by nobody else now; views of what the host gave to read are gone by row.
            let row = unsafe { std::slice::from_raw_parts_mut(self.0.start(y), length) };
            row.copy_from_slice(from);
        }
    }

    /// Columns and rows.
    pub fn size(&self) -> [u32; 2] {
        [self.0.width, self.0.height]
    }

    /// What the colours mean.
    pub fn color_space(&self) -> &ColorSpace {
        &self.0.color_space
    }
}

/// What a number from C stands for.
fn pick<T, const N: usize>(name: &str, what: &str, value: i32, known: [(i32, T); N]) -> Result<T> {
    let found = known.into_iter().find(|(number, _)| *number == value);
    found
        .map(|(_, meaning)| meaning)
        .ok_or_else(|| wrong(format!("'{name}' has the {what} {value}, which is none")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(data: *mut u8, size: [u32; 2], row_stride: isize) -> impasto_pixels {
        impasto_pixels {
            data: data.cast(),
            width: size[0],
            height: size[1],
            row_stride,
            channels: IMPASTO_CHANNELS_GRAY as i32,
            ..impasto_pixels::defaults()
        }
    }

    #[test]
    fn rows_are_where_the_stride_says() {
        let mut bytes: Vec<u8> = (0..20).collect();
        let start = bytes.as_mut_ptr();
        for (top, stride, firsts) in
            [(0, 0, [0, 3, 6]), (1, 5, [1, 6, 11]), (16, -7, [16, 9, 2]), (6, -3, [6, 3, 0])]
        {
            let pixels = described(start.wrapping_add(top), [3, 3], stride);
            // SAFETY: the buffer holds all the rows, which nobody writes.
            let rows = unsafe { HostPixels::read(&pixels, "pixels") }.unwrap();
            for (y, first) in (0..3).zip(firsts) {
                assert_eq!(rows.row(y), [first, first + 1, first + 2], "{stride}, row {y}");
            }
        }
    }

    #[test]
    fn only_pixels_are_written() {
        for (top, stride) in [(0, 4), (8, -4)] {
            let mut bytes = [9_u8; 12];
            let pixels = described(bytes.as_mut_ptr().wrapping_add(top), [3, 3], stride);
            // SAFETY: the buffer holds all the rows, which nobody else uses.
            let mut output = unsafe { HostOutput::read(&pixels, "pixels") }.unwrap();
            output.write(&output.picture().unwrap());
            assert_eq!(bytes, [0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 9]);
        }
    }

    #[test]
    fn what_no_memory_holds_is_refused() {
        let last = usize::MAX as *mut u8;
        for (data, size, stride) in [
            (last, [2, 1], 0),
            (last, [1, 2], 1),
            (std::ptr::dangling_mut(), [1, 3], -1),
            (last, [1, 3], isize::MIN),
            (last, [1, 3], isize::MAX),
            (last, [3, 2], 2),
        ] {
            let pixels = described(data, size, stride);
            assert!(Layout::new(&pixels, "pixels").is_err(), "{size:?} {stride}");
        }
    }
}
