//! The photograph's drawing in a painting: what is finer than strokes.

use rayon::prelude::*;

use super::means::{blurred, row_of};
use crate::canvas::{Color, Region};
use crate::error::Result;
use crate::image::luminance;
use crate::memory;

/// Pixels around a pixel that bear on it.
pub(super) const REACH: u32 = 28;

/// The deviation of the mean that is left to the painting, in pixels: strokes of the network are as
/// wide.
const DEVIATION: f32 = 11.0;

/// The pixels of `inner` out of a painting of `wide`, with the photograph's fine luminance instead
/// of its own as far as `kept` says. The photograph and `kept` fill `seen`. Exact where `wide` has
/// [`REACH`] pixels around `inner`, or ends where the picture does.
///
/// # Errors
/// `Memory` where there is no room for it.
pub(super) fn kept_in(
    (painted, wide): (&[Color], &Region),
    (photo, kept, seen): (&[Color], &[f32], &Region),
    inner: &Region,
) -> Result<Vec<Color>> {
    let mut missing = memory::filled(0.0_f32, painted.len(), "the drawing of a tile")?;
    missing.par_chunks_exact_mut(wide.width()).enumerate().for_each(|(line, row)| {
        let y = wide.y.start + line as i64;
        let (photo, painted) = (row_of(photo, seen, y, wide), row_of(painted, wide, y, wide));
        for ((missing, photo), painted) in row.iter_mut().zip(photo).zip(painted) {
            let [r, g, b]: [f32; 3] = std::array::from_fn(|k| photo.0[k] - painted.0[k]);
            *missing = luminance(r, g, b);
        }
    });
    let means = blurred(&missing, wide, inner, (REACH, DEVIATION))?;
    let mut result =
        memory::filled(Color::default(), inner.width() * inner.height(), "the drawing of a tile")?;
    result.par_chunks_exact_mut(inner.width()).enumerate().for_each(|(line, row)| {
        let y = inner.y.start + line as i64;
        let painted = row_of(painted, wide, y, inner);
        let missing = row_of(&missing, wide, y, inner).iter().zip(row_of(&means, inner, y, inner));
        let kept = row_of(kept, seen, y, inner);
        for (((result, painted), (missing, mean)), kept) in
            row.iter_mut().zip(painted).zip(missing).zip(kept)
        {
            *result = Color::new(painted.0.map(|v| v + kept * (missing - mean)));
        }
    });
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
    fn fine_lines_are_the_photographs_and_tones_the_paintings() {
        let seen = Region { x: -40..140, y: -40..130 };
        let inner = Region { x: 0..100, y: 0..90 };
        let line = |x: i64| if x.rem_euclid(4) < 2 { 0.2 } else { -0.2 };
        let photo = gray(&seen, |x, _| 0.7 + line(x));
        let painted = gray(&seen, |_, y| 0.4 + line(y));
        let kept = vec![1.0; photo.len()];
        let found = kept_in((&painted, &seen), (&photo, &kept, &seen), &inner).unwrap();
        let expected = gray(&inner, |x, _| 0.4 + line(x));
        let worst = found.iter().zip(&expected).map(|(a, b)| (a.0[0] - b.0[0]).abs());
        assert!(worst.fold(0.0, f32::max) < 0.02);
    }

    #[test]
    fn nothing_changes_where_nothing_is_kept_and_parts_fit() {
        let seen = Region { x: 0..120, y: 0..110 };
        let inner = Region { x: 30..60, y: 30..60 };
        let noise = |seed: i64| {
            move |x: i64, y: i64| (crate::hash::split_mix((x + 997 * y + seed) as u64) >> 40) as f32
        };
        let (photo, painted) = (gray(&seen, noise(0)), gray(&seen, noise(7)));
        let none = vec![0.0; photo.len()];
        let found = kept_in((&painted, &seen), (&photo, &none, &seen), &inner).unwrap();
        for (y, row) in (30..).zip(found.chunks_exact(30)) {
            assert_eq!(row, row_of(&painted, &seen, y, &inner));
        }
        let all = vec![0.8; photo.len()];
        let whole = kept_in((&painted, &seen), (&photo, &all, &seen), &seen).unwrap();
        let part = kept_in((&painted, &seen), (&photo, &all, &seen), &inner).unwrap();
        for (y, row) in (30..).zip(part.chunks_exact(30)) {
            assert_eq!(row, row_of(&whole, &seen, y, &inner));
        }
    }
}
