//! Pixels of GEGL.

use super::object::{Object, c_text};
use super::tables::{Raw, gimp};

/// A part of a layer, in its pixels. The first fields are GEGL's `GeglRectangle`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rectangle {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
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
    /// Linear coverage, as selections have it.
    Coverage,
}

impl PixelKind {
    /// Numbers of a pixel.
    pub const fn channels(self) -> usize {
        match self {
            Self::Rgba => 4,
            Self::GrayAlpha => 2,
            Self::Coverage => 1,
        }
    }

    fn format(self) -> Raw {
        let name = match self {
            Self::Rgba => "R'G'B'A float",
            Self::GrayAlpha => "Y'A float",
            Self::Coverage => "Y float",
        };
        // SAFETY: babl knows these names.
        unsafe { (gimp().babl_format)(c_text(name).as_ptr()) }
    }
}

impl Rectangle {
    /// Numbers that pixels of `kind` take.
    pub fn numbers(self, kind: PixelKind) -> usize {
        let side = |length: i32| usize::try_from(length).unwrap_or(0);
        side(self.width) * side(self.height) * kind.channels()
    }
}

/// Pixels of a layer. What is written is with GIMP once this is dropped.
#[derive(Debug)]
pub struct Buffer(Object);

impl Buffer {
    pub(super) fn new(object: Object) -> Self {
        Self(object)
    }

    pub(super) fn raw(&self) -> Raw {
        self.0.raw()
    }

    /// Reads `part` of the buffer scaled by `scale`; what lies outside is zero. `None` where there
    /// is no memory for it.
    pub fn read(&self, part: Rectangle, scale: f64, kind: PixelKind) -> Option<Vec<f32>> {
        const TIGHT: i32 = 0;
        const ZERO_OUTSIDE: i32 = 0;
        let mut pixels = Vec::new();
        pixels.try_reserve_exact(part.numbers(kind)).ok()?;
        pixels.resize(part.numbers(kind), 0.0_f32);
        // SAFETY: there is room for the part's pixels in this format, row by row.
        unsafe {
            (gimp().gegl_buffer_get)(
                self.0.raw(),
                (&raw const part).cast(),
                scale,
                kind.format(),
                pixels.as_mut_ptr().cast(),
                TIGHT,
                ZERO_OUTSIDE,
            );
        }
        Some(pixels)
    }

    /// Writes the rows of `part`, which lie `stride` numbers apart in `pixels`. Does nothing where
    /// those do not hold them all.
    pub fn write(&self, part: Rectangle, pixels: &[f32], stride: usize, kind: PixelKind) {
        let (row, rows) = match (usize::try_from(part.width), usize::try_from(part.height)) {
            (Ok(width), Ok(rows)) if width > 0 && rows > 0 => (width * kind.channels(), rows),
            _ => return,
        };
        let Ok(bytes) = i32::try_from(stride * size_of::<f32>()) else { return };
        if stride < row || pixels.len() < (rows - 1) * stride + row {
            return;
        }
        // SAFETY: all rows of the part lie in the slice, as was checked.
        unsafe {
            (gimp().gegl_buffer_set)(
                self.0.raw(),
                (&raw const part).cast(),
                0,
                kind.format(),
                pixels.as_ptr().cast(),
                bytes,
            );
        }
    }
}
