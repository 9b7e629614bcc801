//! Small plain patches, which are painted with what is around them: the black of a jacket and the
//! paper between the lines of a drawing are no background.

use std::ops::Range;

use super::plain::smooth_step;
use crate::color::Thumbnail;
use crate::error::Result;
use crate::memory;

/// The share of the picture that plain areas of a kind take, up to which they are painted, and from
/// which they stay plain.
const SMALL: f32 = 0.03;
const LARGE: f32 = 0.08;

/// How far apart the mean colours of plain areas are that are one background, such as the white to
/// both sides of a thing, in encoded sRGB.
const ALIKE: f32 = 0.02;

const WHAT: &str = "the plain areas of a picture";

/// The plain areas of a picture.
struct Patches {
    /// Pixels, one area after the other.
    pixels: Vec<usize>,
    patches: Vec<Patch>,
}

/// Neighbouring pixels that a painting does not cover wholly.
struct Patch {
    /// Its part of the list of pixels.
    part: Range<usize>,
    /// What is left uncovered of its pixels, in pixels.
    size: f32,
    color: [f32; 3],
    is_at_border: bool,
}

/// Covers small plain areas of a picture with paint, where `cover` is how much of the painting
/// covers each pixel.
///
/// # Errors
/// `Memory` where there is no room for the list of areas.
pub(super) fn cover_small(cover: &mut [f32], picture: &Thumbnail) -> Result<()> {
    let Patches { pixels, patches } = Patches::of(cover, picture)?;
    let all = cover.len() as f32;
    for patch in &patches {
        let kept = smooth_step(SMALL, LARGE, patch.size_of_kind(&patches) / all);
        for &at in &pixels[patch.part.clone()] {
            cover[at] = 1.0 - kept * (1.0 - cover[at]);
        }
    }
    Ok(())
}

impl Patches {
    fn of(cover: &[f32], picture: &Thumbnail) -> Result<Self> {
        let mut pixels: Vec<usize> = memory::reserved(cover.len(), WHAT)?;
        let mut is_known: Vec<bool> =
            memory::collected(cover.iter().map(|&cover| cover >= 1.0), WHAT)?;
        let mut patches = Vec::new();
        for start in 0..cover.len() {
            if is_known[start] {
                continue;
            }
            let first = pixels.len();
            is_known[start] = true;
            pixels.push(start);
            // Grown by the neighbours of each of its pixels, those that come to it among them.
            let mut next = first;
            while let Some(&at) = pixels.get(next) {
                for neighbour in neighbours(picture, at).into_iter().flatten() {
                    if !std::mem::replace(&mut is_known[neighbour], true) {
                        pixels.push(neighbour);
                    }
                }
                next += 1;
            }
            patches.push(Patch::of(&pixels, first..next, cover, picture));
        }
        Ok(Self { pixels, patches })
    }
}

impl Patch {
    fn of(pixels: &[usize], part: Range<usize>, cover: &[f32], picture: &Thumbnail) -> Self {
        let (mut size, mut color, mut is_at_border) = (0.0, [0.0; 3], false);
        for &at in &pixels[part.clone()] {
            let left = 1.0 - cover[at];
            size += left;
            color = std::array::from_fn(|k| color[k] + left * picture.colors[at][k]);
            is_at_border |= neighbours(picture, at).contains(&None);
        }
        Self { part, size, color: color.map(|sum| sum / size), is_at_border }
    }

    /// The size of this area with those that are one background with it: behind a thing, areas meet
    /// outside the picture; inside one, each is by itself.
    fn size_of_kind(&self, patches: &[Self]) -> f32 {
        if !self.is_at_border {
            return self.size;
        }
        let is_one = |other: &&Self| {
            let mut channels = self.color.iter().zip(other.color);
            other.is_at_border && channels.all(|(own, other)| (own - other).abs() < ALIKE)
        };
        patches.iter().filter(is_one).map(|other| other.size).sum()
    }
}

/// Those to the left, to the right, above and below; `None` beyond the border.
fn neighbours(picture: &Thumbnail, at: usize) -> [Option<usize>; 4] {
    let (x, y) = (at % picture.width, at / picture.width);
    [
        (x > 0).then(|| at - 1),
        (x + 1 < picture.width).then(|| at + 1),
        (y > 0).then(|| at - picture.width),
        (y + 1 < picture.height).then(|| at + picture.width),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 100;

    /// The cover in the middle of each rectangle, plain ones of one colour.
    fn covers(plain: &[(Range<usize>, Range<usize>)], tone: impl Fn(usize) -> f32) -> Vec<f32> {
        let mut cover = vec![1.0; SIDE * SIDE];
        let mut colors = vec![[0.5; 3]; SIDE * SIDE];
        for (k, (x, y)) in plain.iter().enumerate() {
            for at in y.clone().flat_map(|y| x.clone().map(move |x| y * SIDE + x)) {
                (cover[at], colors[at]) = (0.0, [tone(k); 3]);
            }
        }
        let alphas = vec![1.0; SIDE * SIDE];
        let picture = Thumbnail { width: SIDE, height: SIDE, colors, alphas };
        cover_small(&mut cover, &picture).unwrap();
        let middle = |range: &Range<usize>| usize::midpoint(range.start, range.end);
        plain.iter().map(|(x, y)| cover[middle(y) * SIDE + middle(x)]).collect()
    }

    #[test]
    fn small_areas_are_painted_and_large_ones_stay_plain() {
        let square = |side: usize| [(20..20 + side, 30..30 + side)];
        assert_eq!(covers(&square(16), |_| 0.0), [1.0]);
        assert_eq!(covers(&square(30), |_| 0.0), [0.0]);
        let between = covers(&square(23), |_| 0.0)[0];
        assert!(between > 0.1 && between < 0.9, "{between}");
    }

    #[test]
    fn corners_of_one_background_count_together() {
        let corners = [(0..20, 0..20), (80..100, 0..20), (0..20, 80..100)];
        assert_eq!(covers(&corners, |_| 1.0), [0.0; 3]);
        let apart = covers(&corners, |k| k as f32 / 2.0);
        assert!(apart.iter().all(|&cover| cover > 0.8), "{apart:?}");
        // Those inside a thing do not.
        let holes = [(5..25, 5..25), (75..95, 5..25), (5..25, 75..95)];
        assert!(covers(&holes, |_| 1.0).iter().all(|&cover| cover > 0.8));
    }

    #[test]
    fn a_plain_picture_stays_plain() {
        assert_eq!(covers(&[(0..SIDE, 0..SIDE)], |_| 0.0), [0.0]);
    }
}
