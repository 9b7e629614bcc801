//! Pixels as the library describes them.

use std::slice;

use super::functions::Functions;
use super::types;
use crate::error::Result;
use crate::format::{Alpha, Channels, Curve, PixelFormat, Sample};
use crate::pixels::{Layout, Pixels};

impl Functions {
    /// What is only read.
    pub fn readable(&self, pixels: &Pixels<'_>) -> Result<types::Pixels> {
        self.described(pixels.top().cast_mut(), pixels.layout())
    }

    pub fn described(&self, top: *mut u8, layout: Layout) -> Result<types::Pixels> {
        let mut raw: types::Pixels = self.initialised(self.impasto_pixels_init)?;
        raw.data = top.cast();
        (raw.width, raw.height) = (layout.width, layout.height);
        raw.row_stride = layout.row_stride;
        raw.channels = layout.format.channels as i32;
        raw.sample = layout.format.sample as i32;
        raw.alpha = layout.format.alpha as i32;
        raw.curve = layout.format.curve as i32;
        Ok(raw)
    }
}

/// Pixels that the library lends; `None` for a format that this crate does not know.
///
/// # Safety
/// `raw` describes rows from top to bottom that can be read and that nobody writes for `'a`.
pub unsafe fn lent<'a>(raw: &types::Pixels) -> Option<Pixels<'a>> {
    let channels = match raw.channels {
        0 => Channels::Rgba,
        1 => Channels::Bgra,
        2 => Channels::Rgb,
        3 => Channels::Gray,
        4 => Channels::GrayAlpha,
        _ => return None,
    };
    let sample = match raw.sample {
        0 => Sample::U8,
        1 => Sample::U16,
        2 => Sample::F16,
        3 => Sample::F32,
        _ => return None,
    };
    let alpha = if raw.alpha == 1 { Alpha::Premultiplied } else { Alpha::Straight };
    let curve = if raw.curve == 1 { Curve::Linear } else { Curve::Srgb };
    let format = PixelFormat { channels, sample, alpha, curve };
    let row = (raw.width as usize).checked_mul(format.bytes())?;
    let stride = if raw.row_stride == 0 { row } else { usize::try_from(raw.row_stride).ok()? };
    let gaps = stride.checked_mul((raw.height as usize).checked_sub(1)?)?;
    let length = gaps.checked_add(row).filter(|&length| isize::try_from(length).is_ok())?;
    if raw.data.is_null() {
        return None;
    }
    // SAFETY: from the first byte of the top row to the last of the bottom one all can be read and
    // nobody writes it for `'a`, as this function was promised; the length fits `isize`.
    let data = unsafe { slice::from_raw_parts(raw.data.cast_const().cast(), length) };
    Pixels::with_stride(data, raw.width, raw.height, raw.row_stride, format).ok()
}
