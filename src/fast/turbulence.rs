//! Smooth noise under the picture, which the network turns into swirling strokes where the
//! picture is flat.

use rayon::prelude::*;

use crate::error::Result;
use crate::hash::split_mix;
use crate::memory;

/// Lattice spacings in pixels of the network's picture; their noises are summed.
const SPACINGS: [i64; 3] = [8, 16, 32];

/// The amplitude (standard deviation of each lattice, in 0..1 of the range) at a setting of 1.
const FULL_AMPLITUDE: f32 = 0.1;

/// Noise that depends only on the seed and on the place, so tiles and frames agree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turbulence {
    amplitude: f32,
    seed: u64,
}

impl Turbulence {
    /// `setting` in 0..1.
    pub fn new(setting: f32, seed: u64) -> Self {
        Self { amplitude: setting * FULL_AMPLITUDE, seed }
    }

    /// Adds the noise to three planes of `width` columns whose first pixel lies at (`left`, `top`),
    /// less of it where the picture's drawing is `kept`.
    pub fn add(
        &self,
        planes: &mut [f32],
        width: usize,
        left: i64,
        top: i64,
        kept: Option<&[f32]>,
    ) -> Result<()> {
        if self.amplitude == 0.0 {
            return Ok(());
        }
        let plane = planes.len() / 3;
        let height = plane / width;
        for (channel, plane) in planes.chunks_exact_mut(plane).enumerate() {
            for spacing in SPACINGS {
                let rows = Lattice { spacing, channel: channel as u64, noise: self };
                let enlarged = rows.enlarged(width, left, top, height)?;
                plane.par_chunks_exact_mut(width).enumerate().for_each(|(y, row)| {
                    let (first, weights) = taps(top + y as i64, spacing);
                    let at = (first - taps(top, spacing).0) as usize;
                    let lines: [&[f32]; 4] =
                        std::array::from_fn(|k| &enlarged[(at + k) * width..][..width]);
                    let noise = |x: usize| {
                        weights[0] * lines[0][x]
                            + weights[1] * lines[1][x]
                            + weights[2] * lines[2][x]
                            + weights[3] * lines[3][x]
                    };
                    let row = row.iter_mut().enumerate();
                    match kept.map(|kept| &kept[y * width..]) {
                        None => row.for_each(|(x, value)| *value += noise(x)),
                        Some(kept) => {
                            row.zip(kept)
                                .for_each(|((x, value), kept)| *value += noise(x) * (1.0 - kept));
                        }
                    }
                });
            }
        }
        Ok(())
    }
}

/// The noise of one channel at one spacing.
struct Lattice<'a> {
    spacing: i64,
    channel: u64,
    noise: &'a Turbulence,
}

impl Lattice<'_> {
    /// Every lattice row that the pixel rows need, enlarged along x.
    fn enlarged(&self, width: usize, left: i64, top: i64, height: usize) -> Result<Vec<f32>> {
        let (first, _) = taps(top, self.spacing);
        let (last, _) = taps(top + height as i64 - 1, self.spacing);
        let columns: Vec<_> = (0..width).map(|x| taps(left + x as i64, self.spacing)).collect();
        let (from, to) = (columns[0].0, columns[width - 1].0 + 4);
        let count = (last + 4 - first) as usize * width;
        let mut rows = memory::filled(0.0, count, "swirls of a tile")?;
        rows.par_chunks_exact_mut(width).enumerate().for_each(|(y, row)| {
            let y = first + y as i64;
            let knots: Vec<f32> = (from..to).map(|x| self.knot(x, y)).collect();
            for (value, (knot, weights)) in row.iter_mut().zip(&columns) {
                let near = &knots[(knot - from) as usize..][..4];
                *value = near.iter().zip(weights).map(|(n, w)| n * w).sum();
            }
        });
        Ok(rows)
    }

    /// A normal deviate for a lattice point (Box and Muller 1958, from a hash of the place).
    fn knot(&self, x: i64, y: i64) -> f32 {
        let key = [self.noise.seed, self.channel, self.spacing as u64, x as u64, y as u64]
            .into_iter()
            .fold(0, |key, part| split_mix(key ^ part));
        let unit = |bits: u64| (bits as f32 + 0.5) / (1_u64 << 24) as f32;
        let (a, b) = (unit(key >> 40), unit(key & 0xff_ffff));
        (-2.0 * a.ln()).sqrt() * (std::f32::consts::TAU * b).cos() * self.noise.amplitude
    }
}

/// The first of four lattice points around a pixel's centre and their weights (Keys 1981, cubic
/// convolution, a = -0.5).
fn taps(pixel: i64, spacing: i64) -> (i64, [f32; 4]) {
    let first = (2 * pixel + 1 - spacing).div_euclid(2 * spacing) - 1;
    let t = ((2 * pixel + 1 - spacing).rem_euclid(2 * spacing)) as f32 / (2 * spacing) as f32;
    let (t2, t3) = (t * t, t * t * t);
    let weights = [
        0.5 * (-t3 + 2.0 * t2 - t),
        0.5 * (3.0 * t3 - 5.0 * t2 + 2.0),
        0.5 * (-3.0 * t3 + 4.0 * t2 + t),
        0.5 * (t3 - t2),
    ];
    (first, weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: u64, width: usize, height: usize, left: i64, top: i64) -> Vec<f32> {
        let mut planes = vec![0.0; 3 * width * height];
        Turbulence::new(1.0, seed).add(&mut planes, width, left, top, None).unwrap();
        planes
    }

    #[test]
    fn a_part_equals_the_same_part_of_the_whole() {
        let whole = noise(7, 90, 70, -20, -12);
        let part = noise(7, 33, 21, 5, 4);
        for channel in 0..3 {
            for y in 0..21 {
                for x in 0..33 {
                    let there = whole[channel * 90 * 70 + (y + 16) * 90 + x + 25];
                    assert_eq!(part[channel * 33 * 21 + y * 33 + x], there);
                }
            }
        }
    }

    #[test]
    fn it_has_its_amplitude_no_bias_and_follows_the_seed() {
        let planes = noise(1, 512, 512, 0, 0);
        let n = planes.len() as f32;
        let mean = planes.iter().sum::<f32>() / n;
        let deviation = (planes.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / n).sqrt();
        assert!(mean.abs() < 0.02, "{mean}");
        // Three lattices, each smoothed by its interpolation.
        assert!((0.08..0.18).contains(&deviation), "{deviation}");
        assert_ne!(noise(2, 64, 64, 0, 0), noise(3, 64, 64, 0, 0));
    }

    #[test]
    fn weights_sum_to_one() {
        for pixel in -40..40 {
            let sum: f32 = taps(pixel, 16).1.iter().sum();
            assert!((sum - 1.0).abs() < 1e-6);
        }
    }
}
