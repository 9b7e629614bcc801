//! Areas without contrast of their own, which stay plain.

use std::ops::Range;

use rayon::prelude::*;

use super::patches;
use crate::color::{Thumbnail, bilinear};
use crate::error::Result;
use crate::memory;

/// What becomes of areas that are one flat colour (a white background, a black frame, a card behind a
/// title), and of pictures whose tones reach less far than most, such as the frames of a fade. Left
/// alone, every method fills them with the style's marks and lifts them to its contrast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PlainAreas {
    /// They stay plain, and dark or pale.
    #[default]
    Keep,
    /// They are painted with the style's marks and contrast, as all else.
    Paint,
}

/// How far around a pixel there is to be no contrast, as a part of the shorter side: the dark of a
/// window is no plain area.
const AROUND: f32 = 0.06;

/// The deviation of colours around a pixel, in encoded sRGB, up to which an area is plain, and from
/// which it is not: a quarter of a step of 8 bits, and a little less than one. A clear sky has more.
const PLAIN: f32 = 0.001;
const LIVELY: f32 = 0.003;

const WHAT: &str = "the contrast of a picture";

/// How much of a painting covers each place of its picture, 0 where it is plain.
pub(crate) struct Contrast {
    width: usize,
    height: usize,
    cover: Vec<f32>,
}

impl Contrast {
    /// Of a picture whose small version this is.
    ///
    /// # Errors
    /// `Memory` where there is no room for its sums.
    pub fn of(small: &Thumbnail) -> Result<Self> {
        let size = [small.width, small.height];
        let reach = ((size[0].min(size[1]) as f32 * AROUND).round() as usize).max(1);
        // A plain area begins where contrast ends, not where no square meets it; the painting runs
        // out towards it.
        let soft = (reach / 4).max(1);
        let grown = reach - soft.min(reach);
        // Squares around places beyond the border find what is plain between it and a thing.
        let wide = size.map(|side| side + 2 * grown);
        let mut liveliness = memory::filled(0.0_f32, wide[0] * wide[1], WHAT)?;
        for channel in 0..3 {
            let sums = Sums::of(small, |k| small.colors[k][channel])?;
            each(&mut liveliness, wide[0], |known, at| {
                let square = Square::around(at, grown, reach, size);
                known.max(sums.of_square(&square).deviation() / square.share)
            });
        }
        let covers = liveliness.iter().map(|&deviation| smooth_step(PLAIN, LIVELY, deviation));
        let covers = memory::collected(covers, WHAT)?;
        let mut cover = smallest_around(&covers, size, grown)?;
        patches::cover_small(&mut cover, small)?;
        for _ in 0..2 {
            let sums = Sums::of(small, |k| cover[k])?;
            each(&mut cover, size[0], |_, at| {
                let square = Square::around(at, 0, soft, size);
                (sums.of_square(&square).mean + sums.mean) as f32
            });
        }
        Ok(Self { width: size[0], height: size[1], cover })
    }

    /// The cover at a place given in 0..1 of the width and height, bilinear.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let [cover] = bilinear([self.width, self.height], [x, y], |at| [self.cover[at]]);
        cover
    }
}

/// Sums of values and of their squares over all that lies above and left (Crow 1984), less the mean
/// of all, so that squares do not cancel.
struct Sums {
    width: usize,
    mean: f64,
    sums: Vec<[f64; 2]>,
}

impl Sums {
    /// Of the value at each pixel of a picture.
    fn of(picture: &Thumbnail, value: impl Fn(usize) -> f32) -> Result<Self> {
        let (width, height) = (picture.width, picture.height);
        let row = width + 1;
        let mut sums = memory::filled([0.0; 2], row * (height + 1), WHAT)?;
        let mean =
            (0..width * height).map(|k| f64::from(value(k))).sum::<f64>() / (width * height) as f64;
        for y in 0..height {
            let mut along = [0.0; 2];
            for x in 0..width {
                let value = f64::from(value(y * width + x)) - mean;
                along = [along[0] + value, along[1] + value * value];
                let above = sums[y * row + x + 1];
                sums[(y + 1) * row + x + 1] = [above[0] + along[0], above[1] + along[1]];
            }
        }
        Ok(Self { width, mean, sums })
    }

    fn of_square(&self, Square { x, y, .. }: &Square) -> Moments {
        let corner = |x: usize, y: usize| self.sums[y * (self.width + 1) + x];
        let (a, b) = (corner(x.start, y.start), corner(x.end, y.start));
        let (c, d) = (corner(x.start, y.end), corner(x.end, y.end));
        let count = (x.len() * y.len()) as f64;
        let mean = |k: usize| (d[k] - b[k] - c[k] + a[k]) / count;
        Moments { mean: mean(0), square: mean(1) }
    }
}

/// Changes each pixel by what it was and where it is.
fn each<T: Copy + Send>(pixels: &mut [T], width: usize, of: impl Fn(T, [usize; 2]) -> T + Sync) {
    pixels.par_chunks_exact_mut(width).enumerate().for_each(|(y, row)| {
        for (x, pixel) in row.iter_mut().enumerate() {
            *pixel = of(*pixel, [x, y]);
        }
    });
}

/// What a picture has of a square.
struct Square {
    x: Range<usize>,
    y: Range<usize>,
    /// Of its side, the lesser of both: so much of a slope's contrast is seen in it.
    share: f32,
}

impl Square {
    /// As far as `reach` around a place, which is told from `beyond` pixels outside the picture's
    /// corner on, fewer than `reach`.
    fn around(place: [usize; 2], beyond: usize, reach: usize, size: [usize; 2]) -> Self {
        let part = |axis: usize| {
            let end = place[axis] + reach + 1 - beyond;
            place[axis].saturating_sub(beyond + reach)..end.min(size[axis])
        };
        let (x, y) = (part(0), part(1));
        let share = x.len().min(y.len()) as f32 / (2 * reach + 1) as f32;
        Self { x, y, share }
    }
}

/// Mean and mean square of a square, less the mean of all.
#[derive(Clone, Copy)]
struct Moments {
    mean: f64,
    square: f64,
}

impl Moments {
    fn deviation(self) -> f32 {
        (self.square - self.mean * self.mean).max(0.0).sqrt() as f32
    }
}

/// 0 at `from` and before, 1 at `to` and beyond, smoothly between.
pub(crate) fn smooth_step(from: f32, to: f32, value: f32) -> f32 {
    let t = ((value - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The least value in a square around each pixel of a picture, of values that go on for `reach`
/// pixels beyond its borders.
fn smallest_around(values: &[f32], [width, height]: [usize; 2], reach: usize) -> Result<Vec<f32>> {
    let (wide, side) = (width + 2 * reach, 2 * reach + 1);
    let least = |values: &[f32]| values.iter().copied().fold(1.0, f32::min);
    let mut along = memory::filled(1.0_f32, width * (height + 2 * reach), WHAT)?;
    along.par_chunks_exact_mut(width).zip(values.par_chunks_exact(wide)).for_each(|(to, row)| {
        for (to, square) in to.iter_mut().zip(row.windows(side)) {
            *to = least(square);
        }
    });
    let mut smallest = memory::filled(1.0_f32, width * height, WHAT)?;
    smallest.par_chunks_exact_mut(width).enumerate().for_each(|(y, to)| {
        for row in along.chunks_exact(width).skip(y).take(side) {
            to.iter_mut().zip(row).for_each(|(to, &value)| *to = to.min(value));
        }
    });
    Ok(smallest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast(tone: impl Fn(usize, usize) -> f32) -> Contrast {
        let places = (0..100).flat_map(|y| (0..150).map(move |x| (x, y)));
        let colors = places.map(|(x, y)| [tone(x, y), 0.5, 0.5]).collect();
        Contrast::of(&Thumbnail { width: 150, height: 100, colors, alphas: vec![1.0; 15_000] })
            .unwrap()
    }

    #[test]
    fn a_flat_picture_is_plain_all_over() {
        for tone in [0.0, 0.3, 1.0] {
            let flat = contrast(|_, _| tone);
            assert!(flat.cover.iter().all(|&cover| cover.abs() < 1e-6), "{tone}");
        }
    }

    #[test]
    fn around_a_thing_on_white_it_is_plain() {
        let thing = contrast(|x, _| if (60..90).contains(&x) { (x % 7) as f32 / 7.0 } else { 1.0 });
        for plain in [0.0, 0.1, 0.3, 0.7, 0.95] {
            assert!(thing.at(plain, 0.5).abs() < 1e-6, "{plain}");
        }
        for lively in [0.42, 0.5, 0.58] {
            assert!(thing.at(lively, 0.5) > 0.9, "{lively}: {}", thing.at(lively, 0.5));
        }
    }

    #[test]
    fn between_a_thing_and_a_border_near_it_is_plain() {
        for gap in [4, 9] {
            let thing = contrast(|x, y| match (x, y) {
                (60..90, y) if (gap..100 - gap).contains(&y) => (x * 3 + y) as f32 % 7.0 / 7.0,
                _ => 1.0,
            });
            for down in [0.005, 0.995] {
                assert!(thing.at(0.5, down) < 0.1, "{gap}, {down}: {}", thing.at(0.5, down));
            }
            assert!(thing.at(0.5, 0.3) > 0.9);
        }
    }

    #[test]
    fn a_dark_window_is_not_plain() {
        let wall = contrast(|x, y| match (x, y) {
            (70..80, 40..50) => 0.0,
            _ => 0.5 + 0.05 * (x as f32 * 0.7).sin() * (y as f32 * 0.9).cos(),
        });
        assert!(wall.cover.iter().all(|&cover| cover > 0.99));
    }

    #[test]
    fn a_clear_sky_is_not_plain() {
        let sky = contrast(|_, y| 0.6 + 0.1 * y as f32 / 99.0);
        assert!(sky.cover.iter().all(|&cover| cover > 0.3), "{:?}", sky.at(0.5, 0.0));
        // Its steps of 8 bits are bands, of which one ends at the border.
        let sky = contrast(|_, y| (0.6 * 255.0 + 20.0 * y as f32 / 99.0).round() / 255.0);
        assert!(sky.cover.iter().all(|&cover| cover > 0.3), "{:?}", sky.at(0.5, 0.0));
    }

    #[test]
    fn a_single_pixel_is_plain() {
        let colors = vec![[0.5; 3]];
        let one = Thumbnail { width: 1, height: 1, colors, alphas: vec![1.0] };
        assert!(Contrast::of(&one).unwrap().at(0.5, 0.5).abs() < 1e-6);
    }
}
