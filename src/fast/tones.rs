//! The tones of what is painted over: all that is broader than strokes.

use rayon::prelude::*;

use super::means::{blurred, row_of};
use crate::canvas::{Color, Region};
use crate::error::Result;
use crate::memory;

/// The most pixels around a pixel that bear on it, a multiple of what sides are for the network.
pub(super) const REACH: u32 = 12;

/// The pixels of `inner` out of a painting of `wide`, with the means of what it was painted over,
/// which fills `seen`, instead of its own. Means have a `deviation` in pixels: what is finer stays.
/// Exact where `wide` has [`REACH`] pixels around `inner`, or ends where the picture does.
///
/// # Errors
/// `Memory` where there is no room for it.
pub(super) fn kept_in(
    (painted, wide): (&[Color], &Region),
    (under, seen): (&[Color], &Region),
    inner: &Region,
    deviation: f32,
) -> Result<Vec<Color>> {
    const WHAT: &str = "the tones of a tile";
    let mut result = memory::reserved(inner.width() * inner.height(), WHAT)?;
    for y in inner.y.clone() {
        result.extend_from_slice(row_of(painted, wide, y, inner));
    }
    let mut missing = memory::filled(0.0_f32, painted.len(), WHAT)?;
    for channel in 0..3 {
        missing.par_chunks_exact_mut(wide.width()).enumerate().for_each(|(line, row)| {
            let y = wide.y.start + line as i64;
            let (under, painted) = (row_of(under, seen, y, wide), row_of(painted, wide, y, wide));
            for ((missing, under), painted) in row.iter_mut().zip(under).zip(painted) {
                *missing = under.0[channel] - painted.0[channel];
            }
        });
        let means = blurred(&missing, wide, inner, (REACH, deviation))?;
        for (color, mean) in result.iter_mut().zip(&means) {
            color.0[channel] += mean;
        }
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gray(region: &Region, tone: impl Fn(i64, i64) -> f32) -> Vec<Color> {
        let places = region.y.clone().flat_map(|y| region.x.clone().map(move |x| (x, y)));
        places.map(|(x, y)| Color::new([tone(x, y); 3])).collect()
    }

    #[test]
    fn strokes_are_the_paintings_and_tones_those_below() {
        let seen = Region { x: -40..140, y: -40..130 };
        let inner = Region { x: 0..100, y: 0..90 };
        let line = |x: i64| if x.rem_euclid(4) < 2 { 0.2 } else { -0.2 };
        let under = gray(&seen, |_, _| 0.6);
        let painted = gray(&seen, |x, _| 0.3 + line(x));
        let found = kept_in((&painted, &seen), (&under, &seen), &inner, 3.0).unwrap();
        let expected = gray(&inner, |x, _| 0.6 + line(x));
        let worst = found.iter().zip(&expected).map(|(a, b)| (a.0[0] - b.0[0]).abs());
        assert!(worst.fold(0.0, f32::max) < 0.02);
    }

    #[test]
    fn parts_fit_together() {
        let seen = Region { x: 0..120, y: 0..110 };
        let inner = Region { x: 30..60, y: 30..60 };
        let noise = |seed: i64| {
            move |x: i64, y: i64| {
                (crate::hash::split_mix((x + 997 * y + seed) as u64) >> 40) as f32 / 16_777_216.0
            }
        };
        let (under, painted) = (gray(&seen, noise(0)), gray(&seen, noise(7)));
        let whole = kept_in((&painted, &seen), (&under, &seen), &seen, 3.0).unwrap();
        let part = kept_in((&painted, &seen), (&under, &seen), &inner, 3.0).unwrap();
        for (y, row) in (30..).zip(part.chunks_exact(30)) {
            for (a, b) in row.iter().zip(row_of(&whole, &seen, y, &inner)) {
                assert!((a.0[0] - b.0[0]).abs() < 1e-5);
            }
        }
    }
}
