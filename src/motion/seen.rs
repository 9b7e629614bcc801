//! A frame as motion is looked for in it: small enough to be quick.

use rayon::prelude::*;

use super::plane::Plane;
use crate::color::Conversion;
use crate::error::Result;
use crate::image::{ColorSpace, PixelView};

/// The longest side that motion is looked for at: finer detail moves along with its surroundings.
const LONGEST_SIDE: u32 = 960;

/// Encoded sRGB within 0..1, multiplied by alpha, and alpha.
pub(super) struct Seen {
    pub width: usize,
    pub height: usize,
    /// Pixels of the frame for each one here, along each side; fewer at the far borders.
    pub step: usize,
    pub pixels: Vec<[f32; 4]>,
}

impl Seen {
    pub fn of(picture: PixelView<'_>, space: &ColorSpace) -> Result<Self> {
        let conversion = Conversion::new(space)?;
        let step = picture.width().max(picture.height()).div_ceil(LONGEST_SIDE);
        let (width, height) = (picture.width().div_ceil(step), picture.height().div_ceil(step));
        let mut pixels = vec![[0.0; 4]; width as usize * height as usize];
        let columns = picture.width() as usize;
        pixels.par_chunks_exact_mut(width as usize).enumerate().for_each_init(
            || (vec![[0.0; 4]; columns], vec![[0.0; 3]; columns]),
            |(native, srgb), (y, out)| {
                let top = y as u32 * step;
                let rows = top..(top + step).min(picture.height());
                for y in rows.clone() {
                    picture.read_row(y, 0, native);
                    conversion.to_srgb(native, srgb);
                    for (x, (native, srgb)) in native.iter().zip(&*srgb).enumerate() {
                        let to = &mut out[x / step as usize];
                        let alpha = native[3].clamp(0.0, 1.0);
                        (0..3).for_each(|c| to[c] += srgb[c] * alpha);
                        to[3] += alpha;
                    }
                }
                for (x, to) in out.iter_mut().enumerate() {
                    let across = (columns - x * step as usize).min(step as usize);
                    let share = 1.0 / (across * rows.len()) as f32;
                    *to = to.map(|v| v * share);
                }
            },
        );
        let (width, height, step) = (width as usize, height as usize, step as usize);
        Ok(Self { width, height, step, pixels })
    }

    /// What motion is looked for in: the mean of the colours, which has the least noise.
    pub fn brightness(&self) -> Plane {
        let values = self.pixels.par_iter().map(|[r, g, b, _]| (r + g + b) / 3.0).collect();
        Plane { width: self.width, height: self.height, values }
    }

    /// The mean of the noise of the colours.
    pub fn noise(&self) -> f32 {
        let of = |c: usize| {
            let values = self.pixels.iter().map(|pixel| pixel[c]).collect();
            Plane { width: self.width, height: self.height, values }.noise()
        };
        (of(0) + of(1) + of(2)) / 3.0
    }
}
