//! The lattice that doublings leave in a painting, taken away.
//!
//! The network doubles its features twice, so each pixel of a 4x4 cell comes about in its own way,
//! and paintings carry a faint pattern of that period ("checkerboard artifacts", Odena et al. 2016).
//! Where the pixels of one phase differ from their neighbourhood in the mean of many cells, that is
//! the pattern and not the picture. A mean over cells less the same mean over all phases passes just
//! the frequencies of the lattice; it is a convolution, so tiles do not show.

use rayon::prelude::*;

use super::means::{Mean, gaussian, row_of, widened};
use crate::canvas::Region;
use crate::error::Result;

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

/// The values of `inner` out of a painted plane, which fills `seen`, without the lattice. Near an
/// end of `seen` the nearest values of the same phase stand for what lies beyond.
///
/// # Errors
/// `Memory` where there is no room for the means.
pub(super) fn without_lattice(plane: &[f32], seen: &Region, inner: &Region) -> Result<Vec<f32>> {
    let weights = gaussian(CELLS, DEVIATION);
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
