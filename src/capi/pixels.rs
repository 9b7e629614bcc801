//! Pixels in the host's memory.

use std::ffi::c_void;

use impasto_alpha::*;
use impasto_channels::*;
use impasto_curve::*;
use impasto_sample::*;

use super::pointer::{Growing, read_sized, write_sized, wrong};
use super::{fence::fenced, status::impasto_status};
use crate::error::Result;
use crate::image::{
    AlphaMode, Channels, ColorSpace, Picture, PixelFormat, PixelView, PixelViewMut, SampleType,
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

// SAFETY: `repr(C)`, starts with its size; a pointer and numbers.
unsafe impl Growing for impasto_pixels {
    const FIRST_SIZE: usize = 48;

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
/// @return `ARGUMENT` for NULL or a size that is too small
///
/// # Safety
/// `pixels` is NULL or has room for `struct_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_pixels_init(
    pixels: *mut impasto_pixels,
    struct_size: usize,
) -> impasto_status {
    // SAFETY: the caller's.
    fenced(|| unsafe { write_sized(pixels, struct_size, Growing::defaults(), "pixels") })
}

/// A checked description of the host's pixels.
pub(super) struct HostPixels {
    /// The lowest address.
    start: *mut u8,
    length: usize,
    pub width: u32,
    pub height: u32,
    row_stride: isize,
    pub format: PixelFormat,
    pub color_space: ColorSpace,
}

impl HostPixels {
    /// Checks a description without touching the pixels.
    ///
    /// # Safety
    /// `pixels` is NULL or was initialised.
    pub unsafe fn read(pixels: *const impasto_pixels, name: &str) -> Result<Self> {
        // SAFETY: this function's own condition.
        let pixels: impasto_pixels = unsafe { read_sized(pixels, name) }?;
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
        crate::image::check_size(pixels.width, pixels.height)?;
        let format = PixelFormat { channels, sample, alpha };
        let row = pixels.width as usize * format.bytes();
        let row_stride = if pixels.row_stride == 0 { row as isize } else { pixels.row_stride };
        let gaps = row_stride.unsigned_abs().checked_mul(pixels.height as usize - 1);
        let length = gaps.and_then(|gaps| gaps.checked_add(row));
        let length = length.filter(|&length| isize::try_from(length).is_ok()).ok_or_else(|| {
            wrong(format!("'{name}' has a row_stride of {row_stride}, which is too large"))
        })?;
        if row_stride.unsigned_abs() < row && pixels.height > 1 {
            return Err(wrong(format!(
                "'{name}' has a row_stride of {row_stride} bytes, but a row takes {row}"
            )));
        }
        if pixels.data.is_null() {
            return Err(wrong(format!("'{name}' has no data")));
        }
        let below = if row_stride < 0 { length - row } else { 0 };
        let start = (pixels.data as usize)
            .checked_sub(below)
            .filter(|start| start.checked_add(length).is_some())
            .map(|_| pixels.data.cast::<u8>().wrapping_sub(below))
            .ok_or_else(|| wrong(format!("'{name}' reaches beyond the end of memory")))?;
        let (width, height) = (pixels.width, pixels.height);
        Ok(Self { start, length, width, height, row_stride, format, color_space })
    }

    /// The pixels, to read.
    ///
    /// # Safety
    /// The description is true, and nobody writes the pixels while the view lives.
    pub unsafe fn view(&self) -> Result<PixelView<'_>> {
        // SAFETY: this function's own condition; `read` checked the length.
        let bytes = unsafe { std::slice::from_raw_parts(self.start, self.length) };
        PixelView::new(bytes, self.width, self.height, self.row_stride, self.format)
    }

    /// The pixels, to write.
    ///
    /// # Safety
    /// The description is true, and nobody else uses the pixels while the view lives.
    pub unsafe fn view_mut(&mut self) -> Result<PixelViewMut<'_>> {
        // SAFETY: this function's own condition; `read` checked the length.
        let bytes = unsafe { std::slice::from_raw_parts_mut(self.start, self.length) };
        PixelViewMut::new(bytes, self.width, self.height, self.row_stride, self.format)
    }
}

/// What a number from C stands for.
fn pick<T, const N: usize>(name: &str, what: &str, value: i32, known: [(i32, T); N]) -> Result<T> {
    let found = known.into_iter().find(|(number, _)| *number == value);
    found
        .map(|(_, meaning)| meaning)
        .ok_or_else(|| wrong(format!("'{name}' has the {what} {value}, which is none")))
}
