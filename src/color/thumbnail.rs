//! A small version of a picture, in encoded sRGB.

use rayon::prelude::*;

use super::Conversion;
use crate::error::Result;
use crate::image::{Channels, ColorSpace, Picture, PixelFormat, PixelView, SampleType};
use crate::job::Cancel;
use crate::memory;

/// What memory is asked for.
const WHAT: &str = "a small version of a picture";

/// A picture in encoded sRGB 0..1, small enough to hold as floats.
pub(crate) struct Thumbnail {
    pub width: usize,
    pub height: usize,
    /// Colours under alpha; where alpha is 0, what [`Thumbnail::fill_transparent`] puts there.
    pub colors: Vec<[f32; 3]>,
    /// Coverage.
    pub alphas: Vec<f32>,
}

impl Thumbnail {
    /// The size of a picture reduced to at most so many pixels; it is never enlarged.
    pub fn size_within(pixels: f64, size: [u32; 2]) -> [u32; 2] {
        let shrink = (pixels / (f64::from(size[0]) * f64::from(size[1]))).sqrt().min(1.0);
        size.map(|side| ((f64::from(side) * shrink).round() as u32).max(1))
    }

    /// Averages the picture's pixels over the area of each thumbnail pixel, weighted by alpha.
    /// The thumbnail is no larger than the picture.
    pub fn of(
        picture: PixelView<'_>,
        conversion: &Conversion,
        width: u32,
        height: u32,
        cancel: &Cancel,
    ) -> Result<Self> {
        let width = width.clamp(1, picture.width()) as usize;
        let height = height.clamp(1, picture.height()) as usize;
        let mut pixels = memory::filled([0.0_f32; 4], width * height, WHAT)?;
        pixels.par_chunks_exact_mut(width).enumerate().try_for_each(|(y, row)| {
            cancel.check()?;
            average_row(picture, conversion, y, height, row);
            Ok(())
        })?;
        let mut small = Self::empty(width, height)?;
        for ((color, alpha), p) in small.colors.iter_mut().zip(&mut small.alphas).zip(&pixels) {
            if p[3] > 0.0 {
                *color = [p[0] / p[3], p[1] / p[3], p[2] / p[3]];
            }
            *alpha = p[3];
        }
        Ok(small)
    }

    /// The same at a larger size, bilinear.
    pub fn enlarged(&self, width: usize, height: usize) -> Result<Self> {
        let mut large = Self::empty(width, height)?;
        let nearest = |x: f32, y: f32| {
            let (column, row) = (x * self.width as f32, y * self.height as f32);
            self.alphas[row as usize * self.width + column as usize]
        };
        let pixels = large.colors.par_iter_mut().zip(&mut large.alphas).enumerate();
        pixels.for_each(|(k, (color, alpha))| {
            let middle = |at: usize, length: usize| (at as f32 + 0.5) / length as f32;
            let (x, y) = (middle(k % width, width), middle(k / width, height));
            *color = self.sample(x, y);
            *alpha = nearest(x, y);
        });
        Ok(large)
    }

    /// Black under nothing.
    fn empty(width: usize, height: usize) -> Result<Self> {
        let colors = memory::filled([0.0; 3], width * height, WHAT)?;
        let alphas = memory::filled(0.0, width * height, WHAT)?;
        Ok(Self { width, height, colors, alphas })
    }

    /// Whether every pixel is opaque.
    pub fn is_opaque(&self) -> bool {
        self.alphas.iter().all(|&alpha| alpha >= 1.0 - 1e-4)
    }

    /// Gives pixels that are not opaque the colours of their neighbourhood, so that nothing hidden
    /// bleeds into what is seen: colours are averaged down to one pixel and laid under on the way
    /// back up (push-pull, Gortler et al. 1996).
    pub fn fill_transparent(&mut self) -> Result<()> {
        fill(self.width, self.height, &mut self.colors, &self.alphas)
    }

    /// The colour at a place given in 0..1 of the width and height, bilinear.
    pub fn sample(&self, x: f32, y: f32) -> [f32; 3] {
        bilinear([self.width, self.height], [x, y], |at| self.colors[at])
    }
}

/// The value at a place given in 0..1 of the width and height, of values that stand in the middle of
/// their pixels.
pub(crate) fn bilinear<const N: usize>(
    [width, height]: [usize; 2],
    [x, y]: [f32; 2],
    value: impl Fn(usize) -> [f32; N],
) -> [f32; N] {
    let axis = |at: f32, length: usize| {
        let at = (at * length as f32 - 0.5).clamp(0.0, (length - 1) as f32);
        (at as usize, (at as usize + 1).min(length - 1), at.fract())
    };
    let (x0, x1, fx) = axis(x, width);
    let (y0, y1, fy) = axis(y, height);
    let at = |x: usize, y: usize| value(y * width + x);
    let mix = |a: [f32; N], b: [f32; N], t: f32| -> [f32; N] {
        std::array::from_fn(|k| a[k] + (b[k] - a[k]) * t)
    };
    mix(mix(at(x0, y0), at(x1, y0), fx), mix(at(x0, y1), at(x1, y1), fx), fy)
}

impl Picture {
    /// A smaller version in 8-bit sRGB, laid over white; at most as large as the picture.
    ///
    /// # Errors
    /// As [`Picture::new`]; `Picture` for a colour profile that cannot be used.
    pub fn reduced(&self, width: u32, height: u32) -> Result<Self> {
        let conversion = Conversion::new(self.color_space())?;
        let small = Thumbnail::of(self.view(), &conversion, width, height, &Cancel::new())?;
        let format = PixelFormat::new(Channels::Rgb, SampleType::U8);
        let size = [small.width as u32, small.height as u32];
        let mut reduced = Self::new(size[0], size[1], format, ColorSpace::Srgb)?;
        for (y, (colors, alphas)) in small
            .colors
            .chunks_exact(small.width)
            .zip(small.alphas.chunks_exact(small.width))
            .enumerate()
        {
            let row: Vec<[f32; 4]> = colors
                .iter()
                .zip(alphas)
                .map(|(color, &alpha)| {
                    let [r, g, b] = color.map(|c| c * alpha + 1.0 - alpha);
                    [r, g, b, 1.0]
                })
                .collect();
            reduced.view_mut().write_row(y as u32, 0, &row);
        }
        Ok(reduced)
    }
}

/// One thumbnail row of sums of colour times alpha, and of alpha, over the area's size.
fn average_row(
    picture: PixelView<'_>,
    conversion: &Conversion,
    row: usize,
    rows: usize,
    out: &mut [[f32; 4]],
) {
    let width = picture.width() as usize;
    let mut native = vec![[0.0; 4]; width];
    let mut srgb = vec![[0.0; 3]; width];
    for (y, weight) in overlaps(row, rows, picture.height() as usize) {
        picture.read_row(y as u32, 0, &mut native);
        conversion.to_srgb(&native, &mut srgb);
        let columns = out.len();
        for (x, sum) in out.iter_mut().enumerate() {
            for (from, share) in overlaps(x, columns, width) {
                let alpha = native[from][3].clamp(0.0, 1.0) * weight * share;
                for channel in 0..3 {
                    sum[channel] += srgb[from][channel] * alpha;
                }
                sum[3] += alpha;
            }
        }
    }
}

/// The source pixels that lie under pixel `index` of `count`, with their parts of its area.
fn overlaps(index: usize, count: usize, length: usize) -> impl Iterator<Item = (usize, f32)> {
    let start = index as f64 * length as f64 / count as f64;
    let end = (index + 1) as f64 * length as f64 / count as f64;
    let last = (end.ceil() as usize).min(length);
    (start as usize..last).map(move |k| {
        let covered = end.min((k + 1) as f64) - start.max(k as f64);
        (k, (covered.max(0.0) / (end - start)) as f32)
    })
}

fn fill(width: usize, height: usize, colors: &mut [[f32; 3]], alphas: &[f32]) -> Result<()> {
    if width * height == 1 || alphas.iter().all(|&alpha| alpha >= 1.0) {
        return Ok(());
    }
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let mut half_colors = memory::filled([0.0; 3], half_width * half_height, WHAT)?;
    let mut half_alphas = memory::filled(0.0, half_width * half_height, WHAT)?;
    for y in 0..height {
        for x in 0..width {
            let (from, to) = (y * width + x, y / 2 * half_width + x / 2);
            half_alphas[to] += alphas[from];
            for channel in 0..3 {
                half_colors[to][channel] += colors[from][channel] * alphas[from];
            }
        }
    }
    for (color, alpha) in half_colors.iter_mut().zip(&mut half_alphas) {
        if *alpha > 0.0 {
            color.iter_mut().for_each(|c| *c /= *alpha);
        }
        *alpha = alpha.min(1.0);
    }
    fill(half_width, half_height, &mut half_colors, &half_alphas)?;
    for y in 0..height {
        for x in 0..width {
            let at = y * width + x;
            let under = half_colors[y / 2 * half_width + x / 2];
            for channel in 0..3 {
                let own = colors[at][channel] * alphas[at];
                colors[at][channel] = own + under[channel] * (1.0 - alphas[at].min(1.0));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn picture(width: u32, height: u32, at: impl Fn(u32, u32) -> [f32; 4]) -> Picture {
        let format = PixelFormat::new(Channels::Rgba, SampleType::F32);
        let mut picture = Picture::new(width, height, format, ColorSpace::Srgb).unwrap();
        for y in 0..height {
            let row: Vec<_> = (0..width).map(|x| at(x, y)).collect();
            picture.view_mut().write_row(y, 0, &row);
        }
        picture
    }

    fn thumbnail(picture: &Picture, width: u32, height: u32) -> Thumbnail {
        let cancel = Cancel::new();
        Thumbnail::of(picture.view(), &Conversion::Srgb, width, height, &cancel).unwrap()
    }

    #[test]
    fn means_survive_at_any_ratio() {
        let picture = picture(37, 23, |x, y| [x as f32 / 36.0, y as f32 / 22.0, 0.25, 1.0]);
        let small = thumbnail(&picture, 10, 7);
        let mean: f32 = small.colors.iter().map(|c| c[0]).sum::<f32>() / 70.0;
        assert!((mean - 0.5).abs() < 1e-3);
        assert!(small.is_opaque());
    }

    #[test]
    fn hidden_colours_stay_hidden() {
        // Garish green under full transparency, gray where visible.
        let picture =
            picture(
                64,
                64,
                |x, _| {
                    if x < 20 { [0.5, 0.5, 0.5, 1.0] } else { [0.0, 1.0, 0.0, 0.0] }
                },
            );
        let mut small = thumbnail(&picture, 16, 16);
        assert!(!small.is_opaque());
        small.fill_transparent().unwrap();
        for color in &small.colors {
            assert!(color.iter().all(|v| (v - 0.5).abs() < 1e-3), "{color:?}");
        }
        assert!((small.sample(0.9, 0.5)[1] - 0.5).abs() < 1e-3);
    }

    #[test]
    fn what_no_memory_holds_is_an_error() {
        let small = thumbnail(&picture(2, 2, |_, _| [1.0; 4]), 2, 2);
        let error = small.enlarged(1 << 30, 1 << 29).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Memory, "{error}");
    }

    #[test]
    fn an_empty_picture_is_black() {
        let mut small = thumbnail(&picture(8, 8, |_, _| [1.0, 1.0, 1.0, 0.0]), 4, 4);
        small.fill_transparent().unwrap();
        assert!(small.colors.iter().all(|c| *c == [0.0; 3]));
    }
}
