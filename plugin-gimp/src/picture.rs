//! A layer's pixels in the engine's terms.

use impasto_client::{Channels, PixelFormat, Pixels, PixelsMut, Result, Sample};

use crate::ffi::{Drawable, PixelKind, Rectangle};
use crate::words::tr_with;

/// A layer's pixels, at full size or smaller, in single precision.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub kind: PixelKind,
    pub pixels: Vec<f32>,
}

impl Picture {
    /// Reads a layer, its sides times `scale`.
    ///
    /// # Errors
    /// Words where it has no pixels or there is no memory for them.
    pub fn of_layer(layer: &Drawable, scale: f64) -> Result<Self, String> {
        let whole = layer.whole();
        let kind = if layer.is_gray() { PixelKind::GrayAlpha } else { PixelKind::Rgba };
        let part = scaled(whole, scale);
        let pixels = layer.buffer().and_then(|buffer| buffer.read(part, scale, kind));
        let pixels = pixels.ok_or_else(|| {
            tr_with(
                "reading the layer '%s' failed: there is no memory for its pixels. Close other \
                 images or programs, and try again",
                &layer.name(),
            )
        })?;
        let side = |length: i32| u32::try_from(length).unwrap_or(0);
        Ok(Self { width: side(part.width), height: side(part.height), kind, pixels })
    }

    /// For reading.
    ///
    /// # Errors
    /// `Argument` for an empty picture.
    pub fn view(&self) -> Result<Pixels<'_>> {
        let bytes = bytemuck::cast_slice(&self.pixels);
        Pixels::new(bytes, self.width, self.height, format(self.kind))
    }

    /// For painting over.
    ///
    /// # Errors
    /// `Argument` for an empty picture.
    pub fn view_mut(&mut self) -> Result<PixelsMut<'_>> {
        let bytes = bytemuck::cast_slice_mut(&mut self.pixels);
        PixelsMut::new(bytes, self.width, self.height, format(self.kind))
    }

    /// Numbers of a row.
    pub fn stride(&self) -> usize {
        self.width as usize * self.kind.channels()
    }

    /// A part of it, which lies within.
    pub fn cut(&self, part: Rectangle) -> Self {
        let side = |length: i32| usize::try_from(length).unwrap_or(0);
        let channels = self.kind.channels();
        let (from, length) = (side(part.x) * channels, side(part.width) * channels);
        let rows = self.pixels.chunks_exact(self.stride().max(1));
        let rows = rows.skip(side(part.y)).take(side(part.height));
        let pixels = rows.flat_map(|row| row.get(from..from + length).unwrap_or_default());
        Self {
            width: u32::try_from(part.width).unwrap_or(0),
            height: u32::try_from(part.height).unwrap_or(0),
            kind: self.kind,
            pixels: pixels.copied().collect(),
        }
    }

    /// Whether nothing of it is seen.
    pub fn is_transparent(&self) -> bool {
        let channels = self.kind.channels();
        self.pixels.chunks_exact(channels).all(|pixel| pixel[channels - 1] <= 0.0)
    }

    /// Multiplies transparency by `coverage`, one number a pixel.
    pub fn cover(&mut self, coverage: &[f32]) {
        let channels = self.kind.channels();
        for (pixel, cover) in self.pixels.chunks_exact_mut(channels).zip(coverage) {
            pixel[channels - 1] *= cover;
        }
    }

    /// 8-bit RGBA, as screens show it.
    pub fn to_rgba8(&self) -> Vec<u8> {
        let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
        let rgba = |pixel: &[f32]| match *pixel {
            [gray, alpha] => [gray, gray, gray, alpha].map(byte),
            [r, g, b, a] => [r, g, b, a].map(byte),
            _ => [0; 4],
        };
        self.pixels.chunks_exact(self.kind.channels()).flat_map(rgba).collect()
    }
}

/// Where a picture is painted: 0 nowhere to 255 wholly, a byte a pixel.
#[derive(Debug, Clone)]
pub struct Mask {
    pub width: u32,
    pub height: u32,
    pub coverage: Vec<u8>,
}

impl Mask {
    /// `part` of a picture of this size.
    pub fn of_part(width: u32, height: u32, part: Rectangle) -> Self {
        let mut mask = Self { width, height, coverage: Vec::new() };
        mask.coverage.resize(width as usize * height as usize, u8::MAX);
        mask.within(part);
        mask
    }

    /// Coverage of 0 to 1.
    pub fn new(width: u32, height: u32, coverage: &[f32]) -> Self {
        let byte = |value: &f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
        Self { width, height, coverage: coverage.iter().map(byte).collect() }
    }

    /// Covers nothing outside `part`.
    pub fn within(&mut self, part: Rectangle) {
        let side = |length: i32| usize::try_from(length).unwrap_or(0);
        let (columns, rows) =
            (side(part.x)..side(part.x + part.width), side(part.y)..side(part.y + part.height));
        let width = (self.width as usize).max(1);
        for (y, row) in self.coverage.chunks_exact_mut(width).enumerate() {
            if !rows.contains(&y) {
                row.fill(0);
                continue;
            }
            let (left, right) = (columns.start.min(row.len()), columns.end.min(row.len()));
            row[..left].fill(0);
            row[right..].fill(0);
        }
    }

    /// For reading.
    ///
    /// # Errors
    /// `Argument` for an empty mask.
    pub fn view(&self) -> Result<Pixels<'_>> {
        let format = PixelFormat::new(Channels::Gray, Sample::U8);
        Pixels::new(&self.coverage, self.width, self.height, format)
    }
}

fn format(kind: PixelKind) -> PixelFormat {
    let channels = match kind {
        PixelKind::Rgba => Channels::Rgba,
        PixelKind::GrayAlpha => Channels::GrayAlpha,
        PixelKind::Coverage => Channels::Gray,
    };
    PixelFormat::new(channels, Sample::F32)
}

/// How much the picture's longer side shrinks to have `longest` pixels; it never grows.
pub fn shrink(whole: Rectangle, longest: u32) -> f64 {
    (f64::from(longest) / f64::from(whole.width.max(whole.height).max(1))).min(1.0)
}

/// A rectangle in a picture that is scaled.
pub fn scaled(part: Rectangle, scale: f64) -> Rectangle {
    let place = |length: i32| (f64::from(length) * scale).round() as i32;
    let side = |length: i32| place(length).max(1);
    Rectangle {
        x: place(part.x),
        y: place(part.y),
        width: side(part.width),
        height: side(part.height),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_shrink_to_the_longest_side_and_never_grow() {
        let whole = Rectangle { x: 0, y: 0, width: 4000, height: 10 };
        let scale = shrink(whole, 400);
        let small = scaled(whole, scale);
        assert_eq!((small.width, small.height), (400, 1));
        assert!((shrink(small, 1000) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_part_is_cut_out() {
        let pixels = (0..12).map(|v| v as f32).collect();
        let picture = Picture { width: 3, height: 2, kind: PixelKind::GrayAlpha, pixels };
        let part = picture.cut(Rectangle { x: 1, y: 1, width: 2, height: 1 });
        assert_eq!((part.width, part.height, part.pixels), (2, 1, vec![8.0, 9.0, 10.0, 11.0]));
    }

    #[test]
    fn a_mask_covers_a_part() {
        let mut mask = Mask::of_part(3, 2, Rectangle { x: 1, y: 0, width: 2, height: 2 });
        assert_eq!(mask.coverage, [0, 255, 255, 0, 255, 255]);
        mask.within(Rectangle { x: 0, y: 1, width: 2, height: 1 });
        assert_eq!(mask.coverage, [0, 0, 0, 0, 255, 0]);
    }

    #[test]
    fn coverage_lessens_alpha_alone() {
        let pixels = vec![0.5, 0.25, 1.0, 0.8];
        let mut gray = Picture { width: 2, height: 1, kind: PixelKind::GrayAlpha, pixels };
        gray.cover(&[1.0, 0.5]);
        assert_eq!(gray.pixels, [0.5, 0.25, 1.0, 0.4]);
        assert_eq!(gray.to_rgba8(), [128, 128, 128, 64, 255, 255, 255, 102]);
    }
}
