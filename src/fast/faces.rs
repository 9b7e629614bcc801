//! Faces, whose drawing is kept: viewers look at eyes and mouths first, and strong strokes take
//! them away.
//!
//! They are found by YuNet (Wu, Peng and Yu 2023), a network of 76,000 weights.

use rayon::prelude::*;

use super::per_style::PictureFormat;
use super::sheet::Sheet;
use super::statistics::{StatisticsInput, mirrored};
use crate::canvas::{Region, mirror, smooth_step};
use crate::color::{Thumbnail, bilinear};
use crate::error::Result;
use crate::job::Cancel;
use crate::memory;
use crate::runtime::{Input, Outputs, Session};

/// The pixels of the picture to one of its three grids.
const STRIDES: [usize; 3] = [8, 16, 32];

/// The picture is looked at whole and at half its size: the network knows faces of 10 to 300
/// pixels.
const SIZES: [u32; 2] = [1, 2];

/// How sure the network is of what is no face, and of what is one: a face that comes and goes in a
/// shot does so softly.
const DOUBTFUL: f32 = 0.5;
const SURE: f32 = 0.75;

/// Where a face ends and where its surroundings begin, in halves of the box around it.
const INSIDE: f32 = 0.75;
const OUTSIDE: f32 = 1.35;

/// The faces of a picture, as how much of its drawing is kept at each place.
#[derive(Clone)]
pub(super) struct Faces {
    width: usize,
    height: usize,
    kept: Vec<f32>,
}

/// A box around a face, in parts of the picture's sides.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Face {
    middle: [f32; 2],
    size: [f32; 2],
    /// 0 to 1.
    certainty: f32,
}

impl Faces {
    /// Of a picture whose small version this is, found by a session of the network `faces`, which
    /// takes pictures of a `format`; `None` where it shows none. `share` of the drawing is kept in a
    /// face.
    ///
    /// # Errors
    /// `Cancelled`; `Memory` where there is no room; `Model` for another network.
    pub fn find(
        thumbnail: &Thumbnail,
        share: f32,
        session: &mut Session,
        format: &PictureFormat,
        cancel: &Cancel,
    ) -> Result<Option<Self>> {
        let size = [thumbnail.width as u32, thumbnail.height as u32];
        let mut found = Vec::new();
        for smaller in SIZES {
            let seen = Sheet::of(thumbnail, size.map(|side| side.div_ceil(smaller)))?;
            let multiple = format.size_multiple as usize;
            let StatisticsInput { planes, width, height } = mirrored(&seen, 0, multiple)?;
            let planes = format.encoded(&planes)?;
            let shape = [1, 3, height as i64, width as i64];
            let image = Input { name: "input", shape: &shape, values: &planes };
            session.run(&[image], cancel, |outputs| {
                for stride in STRIDES {
                    found.extend(faces(outputs, stride, width / stride, seen.size)?);
                }
                Ok(())
            })?;
        }
        if found.is_empty() {
            return Ok(None);
        }
        Self::of(&found, [thumbnail.width, thumbnail.height], share).map(Some)
    }

    fn of(faces: &[Face], [width, height]: [usize; 2], share: f32) -> Result<Self> {
        let mut kept = memory::filled(0.0_f32, width * height, "a map of faces")?;
        let middle = |at: usize, length: usize| (at as f32 + 0.5) / length as f32;
        for face in faces {
            let around = |axis: usize, length: usize| {
                let reach = face.size[axis] / 2.0 * OUTSIDE;
                let at = |end: f32| (end * length as f32).clamp(0.0, length as f32) as usize;
                at(face.middle[axis] - reach)..(at(face.middle[axis] + reach) + 1).min(length)
            };
            for y in around(1, height) {
                for x in around(0, width) {
                    let kept = &mut kept[y * width + x];
                    *kept = kept.max(share * face.at([middle(x, width), middle(y, height)]));
                }
            }
        }
        Ok(Self { width, height, kept })
    }

    /// How much of the drawing is kept at each pixel of a region of a canvas, whose mirror image
    /// goes on around it; `None` where there is no face.
    ///
    /// # Errors
    /// `Memory` where there is no room for them.
    pub fn kept(
        faces: Option<&Self>,
        canvas: [u32; 2],
        region: &Region,
    ) -> Result<Option<Vec<f32>>> {
        let Some(faces) = faces else { return Ok(None) };
        let place = |at: i64, length: u32| (mirror(at, length) as f32 + 0.5) / length as f32;
        let columns: Vec<f32> = region.x.clone().map(|x| place(x, canvas[0])).collect();
        let count = region.width() * region.height();
        let mut kept = memory::filled(0.0_f32, count, "faces of a tile")?;
        kept.par_chunks_exact_mut(region.width()).enumerate().for_each(|(line, row)| {
            let down = place(region.y.start + line as i64, canvas[1]);
            for (kept, &across) in row.iter_mut().zip(&columns) {
                *kept = faces.at([across, down]);
            }
        });
        Ok(kept.iter().any(|&kept| kept > 0.0).then_some(kept))
    }

    fn at(&self, place: [f32; 2]) -> f32 {
        let [kept] = bilinear([self.width, self.height], place, |at| [self.kept[at]]);
        kept
    }
}

impl Face {
    /// 1 in the face, 0 around it, and the less the less certain it is.
    fn at(&self, place: [f32; 2]) -> f32 {
        let [across, down]: [f32; 2] =
            std::array::from_fn(|k| (place[k] - self.middle[k]) / (self.size[k] / 2.0));
        self.certainty * smooth_step(OUTSIDE, INSIDE, across.hypot(down))
    }
}

/// What the network says of the cells of one grid, for a picture of `size`. Many cells find the
/// same face.
fn faces(
    outputs: &Outputs<'_>,
    stride: usize,
    columns: usize,
    size: [u32; 2],
) -> Result<Vec<Face>> {
    let floats = |what: &str| Ok(outputs.floats(&format!("{what}_{stride}"))?.1);
    let (classes, objects, boxes) = (floats("cls")?, floats("obj")?, floats("bbox")?);
    let (boxes, _) = boxes.as_chunks::<4>();
    let size = size.map(|side| side as f32);
    let cells = classes.iter().zip(objects).zip(boxes).enumerate();
    let face = |(cell, ((class, object), found)): (usize, ((&f32, &f32), &[f32; 4]))| {
        let score = (class.clamp(0.0, 1.0) * object.clamp(0.0, 1.0)).sqrt();
        let certainty = ((score - DOUBTFUL) / (SURE - DOUBTFUL)).clamp(0.0, 1.0);
        let [x, y, width, height] = *found;
        let stride = stride as f32;
        let at = [(cell % columns) as f32 + x, (cell / columns) as f32 + y];
        let face = Face {
            middle: [0, 1].map(|k| at[k] * stride / size[k]),
            size: [width.exp() * stride / size[0], height.exp() * stride / size[1]],
            certainty,
        };
        let is_sane = face.middle.iter().chain(&face.size).all(|value| value.is_finite());
        (certainty > 0.0 && is_sane).then_some(face)
    };
    Ok(cells.filter_map(face).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(certainty: f32) -> Faces {
        let face = Face { middle: [0.25, 0.5], size: [0.2, 0.4], certainty };
        Faces::of(&[face, face], [80, 40], 0.5).unwrap()
    }

    #[test]
    fn a_face_is_kept_and_its_surroundings_are_not() {
        let faces = one(1.0);
        assert!((faces.at([0.25, 0.5]) - 0.5).abs() < 1e-6);
        assert!((one(0.5).at([0.25, 0.5]) - 0.25).abs() < 1e-6);
        for away in [[0.25, 0.1], [0.5, 0.5], [0.9, 0.9]] {
            assert!(faces.at(away).abs() < 1e-6, "{away:?}");
        }
    }

    #[test]
    fn regions_fit_together_and_those_without_faces_say_so() {
        let faces = one(1.0);
        let region = |x, y| Region { x, y };
        let kept = |part: &Region| Faces::kept(Some(&faces), [160, 80], part).unwrap();
        let whole = kept(&region(-8..168, -8..88)).unwrap();
        let part = kept(&region(30..50, 20..60)).unwrap();
        for (y, row) in (20..).zip(part.chunks_exact(20)) {
            let first = (y + 8) * 176 + 38;
            assert_eq!(row, &whole[first..first + 20]);
        }
        assert!(kept(&region(100..160, 0..80)).is_none());
    }
}
