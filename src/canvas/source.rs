//! The picture as a network sees it: encoded sRGB, nothing hidden under alpha, mirrored beyond
//! its borders, at the canvas's scale.

use std::ops::Range;

use fast_image_resize as fir;
use fir::images::{TypedImage, TypedImageRef};
use fir::pixels::F32x3;
use rayon::prelude::*;

use super::{Canvas, Overview};
use crate::color::{Conversion, Thumbnail};
use crate::error::{Error, ErrorKind, Result};
use crate::image::PixelView;
use crate::memory;

/// Colours that `fast_image_resize` takes.
pub(crate) type Color = F32x3;

/// The picture and what its colours mean.
pub(crate) struct Source<'a> {
    pub picture: PixelView<'a>,
    pub conversion: &'a Conversion,
    /// What is known of all of it.
    pub overview: &'a Overview,
    /// Colours for what is transparent; `None` for an opaque picture.
    fill: Option<&'a Thumbnail>,
}

/// A row of the picture: as it is, and as the network sees it.
#[derive(Default)]
pub(crate) struct Row {
    pub native: Vec<[f32; 4]>,
    pub srgb: Vec<[f32; 3]>,
}

/// A rectangle in canvas or picture pixels, which may reach beyond the borders.
#[derive(Debug, Clone)]
pub(crate) struct Region {
    pub x: Range<i64>,
    pub y: Range<i64>,
}

impl Region {
    pub fn width(&self) -> usize {
        (self.x.end - self.x.start) as usize
    }

    pub fn height(&self) -> usize {
        (self.y.end - self.y.start) as usize
    }
}

impl<'a> Source<'a> {
    /// The picture of a canvas, with the colours of its thumbnail under what is transparent.
    pub fn new(
        canvas: &Canvas<'a, '_>,
        conversion: &'a Conversion,
        overview: &'a Overview,
    ) -> Self {
        let fill = (!overview.thumbnail.is_opaque()).then_some(&overview.thumbnail);
        Self { picture: canvas.input, conversion, overview, fill }
    }

    /// Reads a part of row `y` without its levels, and without filling what is transparent.
    pub fn read(&self, y: u32, columns: Range<u32>, row: &mut Row) {
        row.native.resize(columns.len(), [0.0; 4]);
        row.srgb.resize(columns.len(), [0.0; 3]);
        self.picture.read_row(y, columns.start, &mut row.native);
        self.conversion.to_srgb(&row.native, &mut row.srgb);
    }

    /// The pixels of a region of the picture after its levels.
    pub fn pixels(&self, region: &Region) -> Result<Vec<Color>> {
        let (width, height) = (self.picture.width(), self.picture.height());
        let columns: Vec<u32> = region.x.clone().map(|x| mirror(x, width)).collect();
        let left = columns.iter().copied().min().unwrap_or(0);
        let right = columns.iter().copied().max().unwrap_or(0) + 1;
        let count = region.width() * region.height();
        let mut pixels = memory::filled(Color::default(), count, "a part of the picture")?;
        pixels.par_chunks_exact_mut(region.width()).enumerate().for_each_init(
            Row::default,
            |row, (y, out)| {
                let y = mirror(region.y.start + y as i64, height);
                self.read(y, left..right, row);
                let levels = &self.overview.levels;
                row.srgb.iter_mut().for_each(|color| *color = levels.apply(*color));
                self.fill_transparent(y, left, row);
                for (pixel, x) in out.iter_mut().zip(&columns) {
                    *pixel = Color::new(row.srgb[(x - left) as usize]);
                }
            },
        );
        Ok(pixels)
    }

    /// Blends the fill under what is not opaque.
    fn fill_transparent(&self, y: u32, left: u32, row: &mut Row) {
        let Some(fill) = self.fill else { return };
        let down = (y as f32 + 0.5) / self.picture.height() as f32;
        for (x, (native, srgb)) in row.native.iter().zip(&mut row.srgb).enumerate() {
            let alpha = native[3].clamp(0.0, 1.0);
            if alpha < 1.0 {
                let across = (left as f32 + x as f32 + 0.5) / self.picture.width() as f32;
                let under = fill.sample(across, down);
                for channel in 0..3 {
                    srgb[channel] = srgb[channel] * alpha + under[channel] * (1.0 - alpha);
                }
            }
        }
    }
}

/// The pixels of a region of a picture, mirrored beyond its borders.
pub(crate) fn mirrored<T: Copy + Default + Send + Sync>(
    values: &[T],
    [width, height]: [u32; 2],
    region: &Region,
) -> Result<Vec<T>> {
    let count = region.width() * region.height();
    let mut pixels = memory::filled(T::default(), count, "a part of a picture")?;
    let columns: Vec<_> = region.x.clone().map(|x| mirror(x, width) as usize).collect();
    pixels.par_chunks_exact_mut(region.width()).enumerate().for_each(|(line, out)| {
        let y = mirror(region.y.start + line as i64, height) as usize;
        let row = &values[y * width as usize..];
        out.iter_mut().zip(&columns).for_each(|(pixel, &x)| *pixel = row[x]);
    });
    Ok(pixels)
}

/// The pixels of a region of a canvas whose pixels are `scale` pixels of a picture wide and high,
/// and which begins at `first` in it. `pixels` gives the picture's for regions that may reach
/// beyond its borders.
pub(crate) fn scaled(
    region: &Region,
    scale: [f64; 2],
    first: [f64; 2],
    pixels: impl FnOnce(&Region) -> Result<Vec<Color>>,
) -> Result<Vec<Color>> {
    // Lanczos' three lobes around a canvas pixel, and what they are rounded to.
    let around = |range: &Range<i64>, axis: usize| {
        let reach = 3.0 * scale[axis].max(1.0) + 1.0;
        let start = (first[axis] + range.start as f64 * scale[axis] - reach).floor() as i64;
        let end = (first[axis] + range.end as f64 * scale[axis] + reach).ceil() as i64;
        start..end
    };
    let from = Region { x: around(&region.x, 0), y: around(&region.y, 1) };
    let crop = Crop {
        left: first[0] + region.x.start as f64 * scale[0] - from.x.start as f64,
        top: first[1] + region.y.start as f64 * scale[1] - from.y.start as f64,
        width: region.width() as f64 * scale[0],
        height: region.height() as f64 * scale[1],
    };
    let mut scaled = resize(&pixels(&from)?, &from, crop, [region.width(), region.height()])?;
    for pixel in &mut scaled {
        pixel.0.iter_mut().for_each(|v| *v = v.clamp(0.0, 1.0));
    }
    Ok(scaled)
}

/// A part of a picture given in fractions of pixels.
pub(crate) struct Crop {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// Resizes a part of `pixels`, which fill `region`, to `size`. Pixels around the part are used,
/// so neighbouring parts fit together.
pub(crate) fn resize(
    pixels: &[Color],
    region: &Region,
    crop: Crop,
    size: [usize; 2],
) -> Result<Vec<Color>> {
    let failed = |e: String| Error::caused(ErrorKind::Picture, "cannot resize the picture", e);
    let (width, height) = (region.width() as u32, region.height() as u32);
    let from = TypedImageRef::new(width, height, pixels).map_err(|e| failed(e.to_string()))?;
    // The resizer takes room of its own for one of its two passes: that much and the result.
    let passes = size[0] as u64 * (region.height() + size[1]) as u64;
    memory::ensure(passes * size_of::<Color>() as u64, "a resized part of the picture")?;
    let mut resized =
        memory::filled(Color::default(), size[0] * size[1], "a resized part of the picture")?;
    let mut to = TypedImage::from_pixels_slice(size[0] as u32, size[1] as u32, &mut resized)
        .map_err(|e| failed(e.to_string()))?;
    let options = fir::ResizeOptions::new()
        .resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::Lanczos3))
        .crop(crop.left, crop.top, crop.width, crop.height);
    fir::Resizer::new()
        .resize_typed(&from, &mut to, &options)
        .map_err(|e| failed(e.to_string()))?;
    drop(to);
    Ok(resized)
}

/// Interleaved colours to three planes.
pub(crate) fn planes(pixels: &[Color]) -> Result<Vec<f32>> {
    let mut planes = memory::reserved(3 * pixels.len(), "planes of the picture")?;
    for channel in 0..3 {
        planes.extend(pixels.iter().map(|pixel| pixel.0[channel]));
    }
    Ok(planes)
}

/// Three planes to interleaved colours.
pub(crate) fn interleaved(planes: &[f32]) -> Result<Vec<Color>> {
    let (red, rest) = planes.split_at(planes.len() / 3);
    let (green, blue) = rest.split_at(red.len());
    let colors = red.iter().zip(green).zip(blue).map(|((&r, &g), &b)| Color::new([r, g, b]));
    memory::collected(colors, "colours of the picture")
}

/// The pixel that a coordinate shows when the picture is mirrored at its outermost pixels.
pub(crate) fn mirror(at: i64, length: u32) -> u32 {
    let last = i64::from(length) - 1;
    if last == 0 {
        return 0;
    }
    let at = at.rem_euclid(2 * last);
    (if at > last { 2 * last - at } else { at }) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirrors_do_not_repeat_the_edge() {
        let shown: Vec<_> = (-4..8).map(|at| mirror(at, 4)).collect();
        assert_eq!(shown, [2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1]);
        assert!((-9..9).all(|at| mirror(at, 1) == 0));
    }
}
