//! Areas without contrast of their own, which stay plain.

use rayon::prelude::*;

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
        let (width, height) = (small.width, small.height);
        let reach = ((width.min(height) as f32 * AROUND).round() as usize).max(1);
        let mut deviations = memory::filled([0.0_f32; 2], width * height, WHAT)?;
        for channel in 0..3 {
            let sums = Sums::of(small, |k| small.colors[k][channel])?;
            sums.each(&mut deviations, |known, at| {
                let whole = sums.around(at, reach, End::Moved);
                // Those that no border is near are the same.
                let cut = if sums.is_near_border(at, reach) {
                    sums.around(at, reach, End::Cut)
                } else {
                    whole
                };
                [known[0].max(whole.deviation()), known[1].max(cut.deviation())]
            });
        }
        let covers = deviations.iter().map(|&[whole, cut]| {
            // Half a square at a border has half a sky's contrast, so it must have next to none to
            // be plain: between a thing and a border near it.
            smooth_step(PLAIN, LIVELY, whole).min(smooth_step(PLAIN / 2.0, PLAIN, cut))
        });
        let covers = memory::collected(covers, WHAT)?;
        // A plain area begins where contrast ends, not where no window meets it; the painting runs
        // out towards it.
        let soft = (reach / 4).max(1);
        let grown = reach - soft.min(reach);
        let mut cover = smallest_around(&covers, [width, height], grown)?;
        for _ in 0..2 {
            let sums = Sums::of(small, |k| cover[k])?;
            sums.each(&mut cover, |_, at| {
                (sums.around(at, soft, End::Moved).mean + sums.mean) as f32
            });
        }
        Ok(Self { width, height, cover })
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
    size: [usize; 2],
    mean: f64,
    sums: Vec<[f64; 2]>,
}

impl Sums {
    /// Of the value at each pixel of a picture.
    fn of(picture: &Thumbnail, value: impl Fn(usize) -> f32) -> Result<Self> {
        let size @ [width, height] = [picture.width, picture.height];
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
        Ok(Self { size, mean, sums })
    }

    /// Changes each pixel by what it was and where it is.
    fn each<T: Copy + Send>(&self, pixels: &mut [T], of: impl Fn(T, [usize; 2]) -> T + Sync) {
        pixels.par_chunks_exact_mut(self.size[0]).enumerate().for_each(|(y, row)| {
            for (x, pixel) in row.iter_mut().enumerate() {
                *pixel = of(*pixel, [x, y]);
            }
        });
    }

    fn is_near_border(&self, at: [usize; 2], reach: usize) -> bool {
        [0, 1].iter().any(|&axis| at[axis] < reach || at[axis] + reach >= self.size[axis])
    }

    /// Of a square around a pixel.
    fn around(&self, at: [usize; 2], reach: usize, end: End) -> Moments {
        let [(left, right), (top, bottom)] = [0, 1].map(|axis| {
            let (at, length) = (at[axis], self.size[axis]);
            match end {
                End::Moved => {
                    let side = (2 * reach + 1).min(length);
                    let first = at.saturating_sub(reach).min(length - side);
                    (first, first + side)
                }
                End::Cut => (at.saturating_sub(reach), (at + reach + 1).min(length)),
            }
        });
        let corner = |x: usize, y: usize| self.sums[y * (self.size[0] + 1) + x];
        let (a, b, c, d) =
            (corner(left, top), corner(right, top), corner(left, bottom), corner(right, bottom));
        let count = ((right - left) * (bottom - top)) as f64;
        let mean = |k: usize| (d[k] - b[k] - c[k] + a[k]) / count;
        Moments { mean: mean(0), square: mean(1) }
    }
}

/// What becomes of a square that reaches beyond a border.
#[derive(Clone, Copy)]
enum End {
    /// It is moved in, and stays as large.
    Moved,
    /// It ends there.
    Cut,
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

/// The least value in a square around each pixel.
fn smallest_around(values: &[f32], [width, height]: [usize; 2], reach: usize) -> Result<Vec<f32>> {
    let window = |at: usize, length: usize| at.saturating_sub(reach)..(at + reach + 1).min(length);
    let mut along = memory::filled(1.0_f32, values.len(), WHAT)?;
    along.par_chunks_exact_mut(width).zip(values.par_chunks_exact(width)).for_each(|(to, row)| {
        for (x, to) in to.iter_mut().enumerate() {
            *to = row[window(x, width)].iter().copied().fold(1.0, f32::min);
        }
    });
    let mut smallest = memory::filled(1.0_f32, values.len(), WHAT)?;
    smallest.par_chunks_exact_mut(width).enumerate().for_each(|(y, to)| {
        for row in
            along.chunks_exact(width).skip(window(y, height).start).take(window(y, height).len())
        {
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
        let thing = |x: usize, y: usize| match (x, y) {
            (60..90, 9..91) => (x * 3 + y) as f32 % 7.0 / 7.0,
            _ => 1.0,
        };
        let thing = contrast(thing);
        for down in [0.005, 0.02, 0.98, 0.995] {
            assert!(thing.at(0.5, down) < 0.1, "{down}: {}", thing.at(0.5, down));
        }
        assert!(thing.at(0.5, 0.3) > 0.9);
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
    }

    #[test]
    fn a_single_pixel_is_plain() {
        let colors = vec![[0.5; 3]];
        let one = Thumbnail { width: 1, height: 1, colors, alphas: vec![1.0] };
        assert!(Contrast::of(&one).unwrap().at(0.5, 0.5).abs() < 1e-6);
    }
}
