//! The lattice that doublings leave in a painting, taken away.
//!
//! The network doubles its features twice, so each pixel of a 4x4 cell comes about in its own way,
//! and paintings carry a faint pattern of that period ("checkerboard artifacts", Odena et al. 2016).
//! Where the pixels of one phase differ from their neighbourhood in the mean of many cells, that is
//! the pattern and not the picture. A mean over cells less the same mean over all phases passes just
//! the frequencies of the lattice; it is a convolution, so tiles do not show.

use rayon::prelude::*;

use crate::canvas::Region;
use crate::error::Result;
use crate::memory;

/// Pixels from one of a phase to the next.
const PERIOD: i64 = 4;

/// Pixels of one phase to each side that are averaged.
const CELLS: i64 = 6;

/// The standard deviation of their weights in cells. More leaves more of the picture and reaches
/// farther.
const DEVIATION: f32 = 2.5;

/// All phases, as an odd number of taps: a mean over four pixels and one over two.
const PHASES: [f32; 5] = [0.125, 0.25, 0.25, 0.25, 0.125];

/// Pixels around a pixel that bear on it, rounded up to a size multiple.
pub(super) const REACH: u32 = 28;

/// One dimension of a mean.
struct Mean<'w> {
    weights: &'w [f32],
    step: i64,
}

/// The values of `inner` out of a painted plane, which fills `seen`, without the lattice. Near an
/// end of `seen` the nearest values of the same phase stand for what lies beyond.
///
/// # Errors
/// `Memory` where there is no room for the means.
pub(super) fn without_lattice(plane: &[f32], seen: &Region, inner: &Region) -> Result<Vec<f32>> {
    let weights = gaussian();
    let cells = Mean { weights: &weights, step: PERIOD };
    let phases = Mean { weights: &PHASES, step: 1 };
    let wide = widened(inner, PHASES.len() as i64 / 2, seen);
    let part = |x: &Region, y: &Region| Region { x: x.x.clone(), y: y.y.clone() };
    let around = widened(inner, i64::from(REACH), seen);
    let across = part(&wide, &around);
    let of_rows = cells.along_rows(plane, seen, &across)?;
    let of_cells = cells.along_columns(&of_rows, &across, &wide)?;
    let across = part(inner, &wide);
    let of_rows = phases.along_rows(&of_cells, &wide, &across)?;
    let mut clean = phases.along_columns(&of_rows, &across, inner)?;
    clean.par_chunks_exact_mut(inner.width()).enumerate().for_each(|(line, row)| {
        let y = inner.y.start + line as i64;
        let of_cells = row_of(&of_cells, &wide, y, inner);
        let painted = row_of(plane, seen, y, inner);
        for ((clean, mean), value) in row.iter_mut().zip(of_cells).zip(painted) {
            *clean += value - mean;
        }
    });
    Ok(clean)
}

/// `region` with so many pixels around it, as far as `seen` goes.
fn widened(region: &Region, by: i64, seen: &Region) -> Region {
    let Region { x, y } = region;
    Region {
        x: (x.start - by).max(seen.x.start)..(x.end + by).min(seen.x.end),
        y: (y.start - by).max(seen.y.start)..(y.end + by).min(seen.y.end),
    }
}

/// The columns of `inner` in a row of `values`, which fill `region`.
fn row_of<'v>(values: &'v [f32], region: &Region, y: i64, inner: &Region) -> &'v [f32] {
    let first = (y - region.y.start) as usize * region.width();
    &values[first + (inner.x.start - region.x.start) as usize..][..inner.width()]
}

fn gaussian() -> Vec<f32> {
    let weight = |at: i64| (-0.5 * (at as f32 / DEVIATION).powi(2)).exp();
    let weights: Vec<f32> = (-CELLS..=CELLS).map(weight).collect();
    let sum: f32 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

impl Mean<'_> {
    /// How far the taps reach.
    fn reach(&self) -> i64 {
        self.weights.len() as i64 / 2 * self.step
    }

    /// Where the taps of a mean at `at` lie in a line of `length`.
    fn taps(&self, at: i64, length: i64) -> impl Iterator<Item = (usize, f32)> {
        let before = self.weights.len() as i64 / 2;
        (-before..).zip(self.weights).map(move |(k, &weight)| {
            let tap = at + k * self.step;
            // The nearest of the same phase.
            let tap = if tap < 0 {
                tap.rem_euclid(self.step)
            } else if tap >= length {
                length - 1 - (length - 1 - tap).rem_euclid(self.step)
            } else {
                tap
            };
            (tap.clamp(0, length - 1) as usize, weight)
        })
    }

    /// Means along rows, for the rows and columns of `inner`.
    fn along_rows(&self, values: &[f32], region: &Region, inner: &Region) -> Result<Vec<f32>> {
        let (width, reach) = (region.width() as i64, self.reach());
        let left = inner.x.start - region.x.start;
        let right = left + inner.width() as i64;
        // Where all taps are in the row, one tap serves all columns at once.
        let first = reach.clamp(left, right);
        let end = (width - reach).clamp(first, right);
        let mut means = empty(inner)?;
        means.par_chunks_exact_mut(inner.width()).enumerate().for_each(|(line, means)| {
            let y = (inner.y.start - region.y.start) as usize + line;
            let row = &values[y * width as usize..][..width as usize];
            for x in (left..first).chain(end..right) {
                let taps = self.taps(x, width);
                means[(x - left) as usize] = taps.map(|(tap, weight)| row[tap] * weight).sum();
            }
            let middle = &mut means[(first - left) as usize..(end - left) as usize];
            if middle.is_empty() {
                return;
            }
            for (k, weight) in self.weights.iter().enumerate() {
                let start = first - reach + k as i64 * self.step;
                add(middle, &row[start as usize..], *weight);
            }
        });
        Ok(means)
    }

    /// Means along columns, for `inner`, which has the columns of `region`.
    fn along_columns(&self, values: &[f32], region: &Region, inner: &Region) -> Result<Vec<f32>> {
        let (width, height) = (region.width(), region.height() as i64);
        let top = inner.y.start - region.y.start;
        let mut means = empty(inner)?;
        means.par_chunks_exact_mut(width).enumerate().for_each(|(line, means)| {
            for (tap, weight) in self.taps(top + line as i64, height) {
                add(means, &values[tap * width..][..width], weight);
            }
        });
        Ok(means)
    }
}

fn empty(region: &Region) -> Result<Vec<f32>> {
    memory::filled(0.0, region.width() * region.height(), "means of a painted tile")
}

fn add(sums: &mut [f32], values: &[f32], weight: f32) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value * weight;
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;

    fn region(left: i64, top: i64, width: i64, height: i64) -> Region {
        Region { x: left..left + width, y: top..top + height }
    }

    fn plane(region: &Region, value: impl Fn(i64, i64) -> f32) -> Vec<f32> {
        let places = region.y.clone().flat_map(|y| region.x.clone().map(move |x| (x, y)));
        places.map(|(x, y)| value(x, y)).collect()
    }

    /// The mean square of what is left of a wave, beside the wave's own 1/2.
    fn left_of(across: f32, down: f32) -> f32 {
        let (seen, inner) = (region(-32, -28, 128, 120), region(0, 0, 64, 64));
        let wave = |x: i64, y: i64| (TAU * (across * x as f32 + down * y as f32) + 0.4).cos();
        let clean = without_lattice(&plane(&seen, wave), &seen, &inner).unwrap();
        clean.iter().map(|value| value.powi(2)).sum::<f32>() / clean.len() as f32
    }

    #[test]
    fn frequencies_of_the_lattice_go_and_others_stay() {
        for (across, down) in [(0.25, 0.0), (0.0, 0.25), (0.25, 0.25), (0.5, 0.25), (0.25, 0.5)] {
            let left = left_of(across, down);
            assert!(left < 1e-4, "{across} {down}: {left}");
        }
        for (across, down) in [(0.01, 0.0), (0.06, 0.03), (0.125, 0.125), (0.375, 0.31), (0.4, 0.1)]
        {
            let left = left_of(across, down);
            assert!((0.45..0.55).contains(&left), "{across} {down}: {left}");
        }
    }

    #[test]
    fn a_plain_picture_stays() {
        let seen = region(-8, -8, 24, 20);
        let clean = without_lattice(&plane(&seen, |_, _| 0.3), &seen, &region(0, 0, 9, 5)).unwrap();
        assert_eq!(clean.len(), 45);
        assert!(clean.iter().all(|value| (value - 0.3).abs() < 1e-6), "{clean:?}");
    }

    #[test]
    fn a_part_equals_the_same_part_of_the_whole() {
        let noise = |x: i64, y: i64| (crate::hash::split_mix((x + 1000 * y) as u64) >> 40) as f32;
        let (all, inner) = (region(-28, -28, 200, 180), region(0, 0, 144, 124));
        let whole = without_lattice(&plane(&all, noise), &all, &inner).unwrap();
        let own = region(40, 32, 48, 40);
        let seen = widened(&own, i64::from(REACH), &all);
        let part = without_lattice(&plane(&seen, noise), &seen, &own).unwrap();
        for (y, row) in (32..).zip(part.chunks_exact(48)) {
            assert_eq!(row, row_of(&whole, &inner, y, &own));
        }
    }
}
