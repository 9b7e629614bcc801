//! Weighted means along the rows and columns of a part of a plane.

use rayon::prelude::*;

use crate::canvas::Region;
use crate::error::Result;
use crate::memory;

/// One dimension of a mean: an odd number of weights, and the pixels from one to the next.
pub(super) struct Mean<'w> {
    pub weights: &'w [f32],
    pub step: i64,
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

    /// Means along rows of `values`, which fill `region`, for the rows and columns of `inner`. Beyond
    /// an end stands the nearest value that is whole steps away.
    ///
    /// # Errors
    /// `Memory` where there is no room for them.
    pub fn along_rows(&self, values: &[f32], region: &Region, inner: &Region) -> Result<Vec<f32>> {
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

    /// The same along columns, for `inner`, which has the columns of `region`.
    ///
    /// # Errors
    /// As [`Mean::along_rows`].
    pub fn along_columns(
        &self,
        values: &[f32],
        region: &Region,
        inner: &Region,
    ) -> Result<Vec<f32>> {
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

/// Means by a bell curve of `deviation` pixels, cut off `reach` pixels from each, of `values` that
/// fill `region`, for `inner`.
///
/// # Errors
/// `Memory` where there is no room for them.
pub(super) fn blurred(
    values: &[f32],
    region: &Region,
    inner: &Region,
    (reach, deviation): (u32, f32),
) -> Result<Vec<f32>> {
    let reach = i64::from(reach);
    let weights = gaussian(reach, deviation);
    let mean = Mean { weights: &weights, step: 1 };
    let across = Region { x: inner.x.clone(), y: widened(inner, reach, region).y };
    mean.along_columns(&mean.along_rows(values, region, &across)?, &across, inner)
}

fn empty(region: &Region) -> Result<Vec<f32>> {
    memory::filled(0.0, region.width() * region.height(), "means of a painted tile")
}

fn add(sums: &mut [f32], values: &[f32], weight: f32) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value * weight;
    }
}

/// `region` with so many pixels around it, as far as `seen` goes.
pub(super) fn widened(region: &Region, by: i64, seen: &Region) -> Region {
    let Region { x, y } = region;
    Region {
        x: (x.start - by).max(seen.x.start)..(x.end + by).min(seen.x.end),
        y: (y.start - by).max(seen.y.start)..(y.end + by).min(seen.y.end),
    }
}

/// The columns of `inner` in a row of `values`, which fill `region`.
pub(super) fn row_of<'v, T>(values: &'v [T], region: &Region, y: i64, inner: &Region) -> &'v [T] {
    let first = (y - region.y.start) as usize * region.width();
    &values[first + (inner.x.start - region.x.start) as usize..][..inner.width()]
}

/// The weights of a bell curve, `reach` to each side.
pub(super) fn gaussian(reach: i64, deviation: f32) -> Vec<f32> {
    let weight = |at: i64| (-0.5 * (at as f32 / deviation).powi(2)).exp();
    let weights: Vec<f32> = (-reach..=reach).map(weight).collect();
    let sum: f32 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}
