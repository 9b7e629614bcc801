//! Pixels of GEGL.

use std::ffi::CStr;
use std::ptr::NonNull;

use super::tables::{Raw, gegl};

/// `GeglRectangle`
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rectangle {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

/// What single-precision pixels are exchanged as; GEGL converts from and to the layer's own format
/// and colour space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PixelKind {
    /// Encoded sRGB and straight alpha.
    Rgba,
    /// Encoded luminance, with the curve of sRGB, and straight alpha.
    GrayAlpha,
}

impl PixelKind {
    /// Numbers of a pixel.
    pub const fn channels(self) -> usize {
        match self {
            Self::Rgba => 4,
            Self::GrayAlpha => 2,
        }
    }

    pub(super) fn format(self) -> Option<Raw> {
        let name: &CStr = match self {
            Self::Rgba => c"R'G'B'A float",
            Self::GrayAlpha => c"Y'A float",
        };
        // SAFETY: babl knows these names, which end with NUL.
        Some(unsafe { (gegl()?.babl_format)(name.as_ptr()) })
    }
}

impl Rectangle {
    fn numbers(self, kind: PixelKind) -> usize {
        let side = |length: i32| usize::try_from(length).unwrap_or(0);
        side(self.width) * side(self.height) * kind.channels()
    }
}

/// A buffer, kept alive by a reference of our own.
#[derive(Debug)]
pub struct Buffer(NonNull<std::ffi::c_void>);

// SAFETY: GEGL's buffers may be used and let go by any thread.
unsafe impl Send for Buffer {}

impl Buffer {
    /// A buffer for the pixels of `whole`.
    pub fn new(whole: Rectangle, kind: PixelKind) -> Option<Self> {
        let format = kind.format()?;
        // SAFETY: a rectangle and a format; the buffer is ours.
        NonNull::new(unsafe { (gegl()?.gegl_buffer_new)(&raw const whole, format) }).map(Self)
    }

    /// Adds a reference of our own; `None` for NULL.
    ///
    /// # Safety
    /// `raw` is NULL or a buffer that lives.
    pub(super) unsafe fn shared(raw: Raw) -> Option<Self> {
        let buffer = NonNull::new(raw)?;
        // SAFETY: an object that lives; the reference is the one that `drop` gives back.
        unsafe { (gegl()?.g_object_ref)(raw) };
        Some(Self(buffer))
    }

    pub(super) fn raw(&self) -> Raw {
        self.0.as_ptr()
    }

    /// Reads `part` into `numbers`, row by row; does nothing where those have another length.
    pub fn read(&self, part: Rectangle, kind: PixelKind, numbers: &mut [f32]) {
        const TIGHT: i32 = 0;
        const ZERO_OUTSIDE: i32 = 0;
        let (Some(gegl), Some(format)) = (gegl(), kind.format()) else { return };
        if numbers.len() != part.numbers(kind) {
            return;
        }
        let (part, numbers) = (&raw const part, numbers.as_mut_ptr().cast());
        // SAFETY: there is room for the part's pixels in this format, row by row.
        unsafe {
            (gegl.gegl_buffer_get)(self.raw(), part, 1.0, format, numbers, TIGHT, ZERO_OUTSIDE);
        }
    }

    /// Writes `part` from `numbers`; does nothing where those have another length.
    pub fn write(&self, part: Rectangle, kind: PixelKind, numbers: &[f32]) {
        const TIGHT: i32 = 0;
        let (Some(gegl), Some(format)) = (gegl(), kind.format()) else { return };
        if numbers.len() != part.numbers(kind) {
            return;
        }
        let (part, numbers) = (&raw const part, numbers.as_ptr().cast());
        // SAFETY: all pixels of the part lie in the slice, row by row.
        unsafe { (gegl.gegl_buffer_set)(self.raw(), part, 0, format, numbers, TIGHT) };
    }

    /// Copies `part` into another buffer, to the same place.
    pub fn copy_to(&self, part: Rectangle, other: &Self) {
        const NOTHING_OUTSIDE: i32 = 0;
        let Some(gegl) = gegl() else { return };
        let part = &raw const part;
        // SAFETY: both buffers live.
        unsafe { (gegl.gegl_buffer_copy)(self.raw(), part, NOTHING_OUTSIDE, other.raw(), part) };
    }
}

impl Clone for Buffer {
    fn clone(&self) -> Self {
        if let Some(gegl) = gegl() {
            // SAFETY: our own reference keeps it alive.
            unsafe { (gegl.g_object_ref)(self.raw()) };
        }
        Self(self.0)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(gegl) = gegl() {
            // SAFETY: the reference is our own and is not used again.
            unsafe { (gegl.g_object_unref)(self.raw()) };
        }
    }
}
