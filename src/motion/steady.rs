//! A painting steadied by those of the frames around: moved along the motion of the shot, and
//! averaged where the motion explains the picture.

use std::ops::Range;

use rayon::prelude::*;

use super::cubic::Cubic;
use super::flow::Flow;
use super::plane::Plane;
use super::seen::Seen;
use crate::error::{Error, Result};
use crate::image::{ColorSpace, PixelView, PixelViewMut, luminance};
use crate::job::Cancel;
use crate::memory;

/// A frame and its painting, which have one size and one colour space.
#[derive(Clone, Copy)]
pub struct PaintedFrame<'a> {
    /// The frame.
    pub picture: PixelView<'a>,
    /// Its painting.
    pub painting: PixelView<'a>,
    /// Of both.
    pub color_space: &'a ColorSpace,
}

/// A neighbour of which motion explains less than this belongs to another shot.
const LEAST_EXPLAINED: f32 = 0.4;

/// Writes the painting of `frame` as it is in the mean of its neighbours' paintings. Neighbours of
/// another size count nothing. `output` keeps the painting's alpha, and its pixels bit by bit
/// where no neighbour counts; where `mask` is black it is the picture.
///
/// On an error the output may hold a part of the result.
pub(crate) fn steady(
    frame: PaintedFrame<'_>,
    neighbors: &[PaintedFrame<'_>],
    mask: Option<PixelView<'_>>,
    output: &mut PixelViewMut<'_>,
    cancel: &Cancel,
) -> Result<()> {
    let mut mean = Mean::new(frame.picture.width(), frame.picture.height())?;
    let own = Seen::of(frame.picture, frame.color_space)?;
    let (brightness, noise) = (own.brightness(), own.noise());
    for neighbor in neighbors {
        cancel.check()?;
        let size = |view: &PixelView<'_>| (view.width(), view.height());
        if size(&neighbor.picture) != size(&frame.picture) {
            continue;
        }
        let other = Seen::of(neighbor.picture, neighbor.color_space)?;
        let (flow, weights) = followed(&own, (&brightness, noise), &other, cancel)?;
        if is_explained(&weights) {
            mean.add(neighbor.painting, &flow, &weights, own.step, cancel)?;
        }
    }
    mean.write(frame, mask, output, cancel)
}

/// Whether two frames belong to one shot: motion explains much of one by the other. Frames of
/// different sizes do not.
pub(crate) fn is_one_shot(
    frames: [(PixelView<'_>, &ColorSpace); 2],
    cancel: &Cancel,
) -> Result<bool> {
    let [a, b] = frames;
    if (a.0.width(), a.0.height()) != (b.0.width(), b.0.height()) {
        return Ok(false);
    }
    let (own, other) = (Seen::of(a.0, a.1)?, Seen::of(b.0, b.1)?);
    let (_, weights) = followed(&own, (&own.brightness(), own.noise()), &other, cancel)?;
    Ok(is_explained(&weights))
}

/// The motion from a frame, with its brightness and noise, to another, and how far each pixel is
/// explained by it.
pub(super) fn followed(
    own: &Seen,
    (brightness, noise): (&Plane, f32),
    other: &Seen,
    cancel: &Cancel,
) -> Result<(Flow, Plane)> {
    let flow = Flow::between(brightness, &other.brightness(), brightness.noise(), cancel)?;
    cancel.check()?;
    let weights = explained(own, other, &flow, noise);
    Ok((flow, weights))
}

pub(super) fn is_explained(weights: &Plane) -> bool {
    let share = weights.values.iter().sum::<f32>() / weights.values.len() as f32;
    log::debug!("a neighbour is explained to {share}");
    share >= LEAST_EXPLAINED
}

/// How far each pixel of a frame is what motion says that it is in another: 0 to 1.
fn explained(own: &Seen, other: &Seen, flow: &Flow, noise: f32) -> Plane {
    let (width, height) = (own.width, own.height);
    let pixels = Cubic { width, height, pixels: &other.pixels };
    let mut off = vec![0.0; width * height];
    off.par_chunks_exact_mut(width).enumerate().for_each(|(y, out)| {
        for (x, off) in out.iter_mut().enumerate() {
            let at = y * width + x;
            let (u, v) = (flow.x.values[at], flow.y.values[at]);
            let (x, y) = (x as f32 + u, y as f32 + v);
            let is_inside = |at: f32, length: usize| (-0.5..=length as f32 - 0.5).contains(&at);
            *off = if is_inside(x, width) && is_inside(y, height) {
                let [r, g, b, a] = pixels.at(x, y);
                let own = own.pixels[at];
                ((r - own[0]).abs() + (g - own[1]).abs() + (b - own[2]).abs()) / 3.0
                    + (a - own[3]).abs()
            } else {
                1.0
            };
        }
    });
    // Rounding, noise and what lies between pixels are no difference; of single pixels noise alone
    // is seen.
    let tolerated = 0.015 + 2.0 * noise.min(0.1);
    let mut weights = Plane { width, height, values: off }.smoothed();
    weights.values.par_iter_mut().for_each(|v| *v = (-(*v / tolerated).powi(2)).exp());
    weights
}

/// A row as it is written, and the columns that are not changed: they are copied, since not every
/// number survives being read and written again.
struct Row {
    pixels: Vec<[f32; 4]>,
    kept: Vec<(Range<u32>, Kept)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Painting,
    Picture,
}

/// What the neighbours' paintings add up to.
struct Mean {
    width: usize,
    height: usize,
    /// Colours multiplied by alpha and weight, and alpha by weight.
    sums: Vec<[f32; 4]>,
}

impl Mean {
    fn new(width: u32, height: u32) -> Result<Self> {
        let (width, height) = (width as usize, height as usize);
        Ok(Self { width, height, sums: memory::filled([0.0; 4], width * height, "steadying")? })
    }

    fn add(
        &mut self,
        painting: PixelView<'_>,
        flow: &Flow,
        weights: &Plane,
        step: usize,
        cancel: &Cancel,
    ) -> Result<()> {
        let width = self.width;
        let mut pixels = memory::filled([0.0; 4], self.sums.len(), "steadying")?;
        pixels.par_chunks_exact_mut(width).enumerate().try_for_each(|(y, row)| {
            cancel.check()?;
            painting.read_row(y as u32, 0, row);
            row.iter_mut().for_each(multiply);
            Ok::<_, Error>(())
        })?;
        let cubic = Cubic { width, height: self.height, pixels: &pixels };
        // A pixel's place among those that motion was looked for in.
        let seen = |at: usize| (at as f32 - (step - 1) as f32 / 2.0) / step as f32;
        self.sums.par_chunks_exact_mut(width).enumerate().try_for_each(|(y, sums)| {
            cancel.check()?;
            for (x, sum) in sums.iter_mut().enumerate() {
                let (at, down) = (seen(x), seen(y));
                let weight = weights.at(at, down);
                // Nobody sees less.
                if weight < 0.004 {
                    continue;
                }
                let [u, v] = flow.at(at, down).map(|v| v * step as f32);
                let pixel = cubic.at(x as f32 + u, y as f32 + v);
                for c in 0..4 {
                    sum[c] += weight * pixel[c];
                }
            }
            Ok(())
        })
    }

    fn write(
        &self,
        frame: PaintedFrame<'_>,
        mask: Option<PixelView<'_>>,
        output: &mut PixelViewMut<'_>,
        cancel: &Cancel,
    ) -> Result<()> {
        // Enough rows to share between cores, few enough to hold.
        const ROWS_AT_ONCE: usize = 64;
        for first in (0..self.height).step_by(ROWS_AT_ONCE) {
            cancel.check()?;
            let rows: Vec<_> = (first..self.height.min(first + ROWS_AT_ONCE))
                .into_par_iter()
                .map(|y| self.row(y, frame, mask))
                .collect();
            for (y, mut row) in (first as u32..).zip(rows) {
                output.write_row_from(y, 0, &mut row.pixels, frame.painting.format());
                for (columns, of) in row.kept {
                    let from = match of {
                        Kept::Painting => &frame.painting,
                        Kept::Picture => &frame.picture,
                    };
                    if from.format() == output.format() {
                        output.copy_pixels(y, columns, from);
                    }
                }
            }
        }
        Ok(())
    }

    fn row(&self, y: usize, frame: PaintedFrame<'_>, mask: Option<PixelView<'_>>) -> Row {
        let width = self.width;
        let [mut pixels, mut picture] = [vec![[0.0; 4]; width], vec![[0.0; 4]; width]];
        let mut covers = vec![1.0; width];
        frame.painting.read_row(y as u32, 0, &mut pixels);
        if let Some(mask) = mask {
            frame.picture.read_row(y as u32, 0, &mut picture);
            let mut row = vec![[0.0; 4]; width];
            mask.read_row(y as u32, 0, &mut row);
            for (cover, [r, g, b, a]) in covers.iter_mut().zip(row) {
                *cover = (luminance(r, g, b) * a).clamp(0.0, 1.0);
            }
        }
        let mut kept = Vec::<(Range<u32>, Kept)>::new();
        let sums = &self.sums[y * width..][..width];
        for (x, pixel) in pixels.iter_mut().enumerate() {
            let (sum, cover, at) = (sums[x], covers[x], x as u32);
            let is_alone = sum[3] <= 0.0 || pixel[3] <= 0.0;
            if !is_alone && cover > 0.0 {
                let mut own = *pixel;
                multiply(&mut own);
                (0..3).for_each(|c| pixel[c] = (own[c] + sum[c]) / (own[3] + sum[3]));
            }
            if cover < 1.0 {
                (0..3).for_each(|c| {
                    pixel[c] = picture[x][c] + (pixel[c] - picture[x][c]) * cover;
                });
            }
            let of = match cover {
                0.0 => Kept::Picture,
                1.0 if is_alone => Kept::Painting,
                _ => continue,
            };
            match kept.last_mut() {
                Some((run, last)) if run.end == at && *last == of => run.end += 1,
                _ => kept.push((at..at + 1, of)),
            }
        }
        Row { pixels, kept }
    }
}

fn multiply(pixel: &mut [f32; 4]) {
    let [r, g, b, a] = *pixel;
    *pixel = [r * a, g * a, b * a, a];
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::file;
    use crate::image::{AlphaMode, Channels, Picture, PixelFormat, SampleType};

    const SIZE: (u32, u32) = (200, 150);

    /// A part of a photograph with noise, and what stands for its painting: other noise.
    struct Shot {
        pictures: Vec<Picture>,
        paintings: Vec<Picture>,
    }

    fn part(left: u32, top: u32, noise: f32, seed: u32) -> Picture {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/photo.png");
        let photo = file::read(&path).unwrap();
        let mut seed = seed;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        let format = PixelFormat::new(Channels::Rgba, SampleType::F32);
        let mut part = Picture::new(SIZE.0, SIZE.1, format, ColorSpace::Srgb).unwrap();
        let mut row = vec![[0.0; 4]; SIZE.0 as usize];
        for y in 0..SIZE.1 {
            photo.view().read_row(top + y, left, &mut row);
            for pixel in &mut row {
                (0..3).for_each(|c| pixel[c] += noise * 3.4 * random());
                pixel[3] = 1.0;
            }
            part.view_mut().write_row(y, 0, &row);
        }
        part
    }

    fn shot(places: &[(u32, u32)]) -> Shot {
        let of = |noise: f32, first: u32| {
            let seeded = places.iter().zip(first..);
            seeded.map(|(&(left, top), seed)| part(left, top, noise, seed)).collect()
        };
        Shot { pictures: of(0.01, 1), paintings: of(0.1, 100) }
    }

    impl Shot {
        fn frame(&self, k: usize) -> PaintedFrame<'_> {
            let (picture, painting) = (self.pictures[k].view(), self.paintings[k].view());
            PaintedFrame { picture, painting, color_space: &ColorSpace::Srgb }
        }

        fn steadied(&self, k: usize, by: &[usize], mask: Option<PixelView<'_>>) -> Picture {
            let neighbors: Vec<_> = by.iter().map(|&k| self.frame(k)).collect();
            let mut out = self.paintings[k].clone();
            out.data_mut().fill(0x55);
            let to = &mut out.view_mut();
            steady(self.frame(k), &neighbors, mask, to, &Cancel::new()).unwrap();
            out
        }

        fn put(&mut self, k: usize, x: u32, y: u32, pixel: [f32; 4]) {
            for picture in [&mut self.pictures[k], &mut self.paintings[k]] {
                picture.view_mut().write_row(y, x, &[pixel]);
            }
        }
    }

    fn pixel(picture: &Picture, x: u32, y: u32) -> [f32; 4] {
        let mut pixel = [[0.0; 4]];
        picture.view().read_row(y, x, &mut pixel);
        pixel[0]
    }

    /// The mean square of what differs in the middle.
    fn off(a: &Picture, b: &Picture) -> f32 {
        let (mut sum, mut count) = (0.0, 0);
        for y in 30..SIZE.1 - 30 {
            for x in 30..SIZE.0 - 30 {
                let (a, b) = (pixel(a, x, y), pixel(b, x, y));
                sum += (0..3).map(|c| (a[c] - b[c]).powi(2)).sum::<f32>();
                count += 3;
            }
        }
        sum / count as f32
    }

    #[test]
    fn neighbors_average_noise_away_and_keep_what_is_there() {
        let shot = shot(&[(107, 103), (100, 100), (93, 98)]);
        let truth = part(100, 100, 0.0, 0);
        let noise = off(&shot.paintings[1], &truth);
        let left = off(&shot.steadied(1, &[0, 2], None), &truth);
        assert!(left < 0.45 * noise, "{left} of {noise}");
        let order = [shot.steadied(1, &[0, 2], None), shot.steadied(1, &[0, 2], None)];
        assert!(order[0] == order[1]);
    }

    #[test]
    fn a_cut_and_another_size_leave_every_bit() {
        let mut shot = shot(&[(100, 100), (390, 240)]);
        let odd =
            |data: &mut Picture| data.view_mut().write_row(3, 5, &[[f32::NAN, 1e9, -3.0, 0.5]]);
        odd(&mut shot.paintings[0]);
        let bits = shot.paintings[0].data().to_vec();
        assert!(shot.steadied(0, &[1], None).data() == bits);
        assert!(shot.steadied(0, &[], None).data() == bits);
        let format = shot.pictures[0].format();
        for k in [&mut shot.pictures, &mut shot.paintings] {
            k[1] = Picture::new(7, 150, format, ColorSpace::Srgb).unwrap();
        }
        assert!(shot.steadied(0, &[1], None).data() == bits);
    }

    #[test]
    fn what_appears_and_what_is_no_color_keeps_its_own_painting() {
        let mut shot = shot(&[(103, 101), (100, 100)]);
        for y in 60..90 {
            for x in 80..110 {
                shot.put(1, x, y, [1.0, 0.0, 1.0, 1.0]);
            }
        }
        for (x, value) in [(50, f32::NAN), (51, f32::INFINITY), (52, 5000.0)] {
            shot.put(1, x, 50, [value, 0.0, value, 1.0]);
        }
        shot.put(1, 20, 20, [0.3, 0.7, 0.1, 0.0]);
        let steadied = shot.steadied(1, &[0], None);
        for (x, y) in [(95, 75), (84, 64), (105, 85), (51, 50), (52, 50), (20, 20)] {
            let (is, own) = (pixel(&steadied, x, y), pixel(&shot.paintings[1], x, y));
            assert_eq!(is, own, "at {x} {y}");
        }
        assert!(
            steadied.view().row_bytes(50, 50, 51) == shot.paintings[1].view().row_bytes(50, 50, 51)
        );
        for y in 0..SIZE.1 {
            for x in 0..SIZE.0 {
                let (is, own) = (pixel(&steadied, x, y), pixel(&shot.paintings[1], x, y));
                assert!(
                    is[3] == own[3] && ((x, y) == (51, 50) || is[0] <= 5000.0),
                    "{x} {y} {is:?}"
                );
                assert!(is.iter().all(|v| *v > -0.5), "{x} {y} {is:?}");
            }
        }
    }

    /// A flame is light without alpha.
    #[test]
    fn light_without_alpha_stays_under_any_mask_and_in_any_format() {
        let straight = PixelFormat::new(Channels::Rgba, SampleType::F32);
        let format = PixelFormat { alpha: AlphaMode::Premultiplied, ..straight };
        let flame = |light: f32| {
            let pixel = [light, 0.5 * light, 0.25, 0.0];
            let mut flame = Picture::new(8, 4, format, ColorSpace::LinearSrgb).unwrap();
            let samples = flame.data_mut().as_chunks_mut::<4>().0.iter_mut();
            samples.zip(pixel.iter().cycle()).for_each(|(to, v)| *to = v.to_ne_bytes());
            flame
        };
        let (picture, painting) = (flame(4.0), flame(6.0));
        let gray = PixelFormat::new(Channels::Gray, SampleType::F32);
        let mut mask = Picture::new(8, 4, gray, ColorSpace::Srgb).unwrap();
        for (cover, light) in [(1.0, 6.0), (0.5, 5.0), (0.0, 4.0)] {
            for y in 0..4 {
                mask.view_mut().write_row(y, 0, &[[cover; 4]; 8]);
            }
            for sample in [SampleType::F32, SampleType::F16] {
                let to = PixelFormat { sample, ..format };
                let mut out = Picture::new(8, 4, to, ColorSpace::LinearSrgb).unwrap();
                let frame = PaintedFrame {
                    picture: picture.view(),
                    painting: painting.view(),
                    color_space: &ColorSpace::LinearSrgb,
                };
                let mask = Some(mask.view());
                steady(frame, &[frame], mask, &mut out.view_mut(), &Cancel::new()).unwrap();
                let is = pixel(&out, 3, 2);
                assert!((is[0] - light).abs() < 0.01, "{cover} {sample:?}: {is:?}");
            }
        }
    }

    #[test]
    fn where_the_mask_is_black_lies_the_picture() {
        let shot = shot(&[(103, 101), (100, 100)]);
        let gray = PixelFormat::new(Channels::Gray, SampleType::F32);
        let mut mask = Picture::new(SIZE.0, SIZE.1, gray, ColorSpace::Srgb).unwrap();
        for y in 0..SIZE.1 {
            let row: Vec<_> =
                (0..SIZE.0).map(|x| [(x as f32 / 50.0 - 1.0).clamp(0.0, 1.0); 4]).collect();
            mask.view_mut().write_row(y, 0, &row);
        }
        let (whole, masked) =
            (shot.steadied(1, &[0], None), shot.steadied(1, &[0], Some(mask.view())));
        for y in 0..SIZE.1 {
            let row =
                |picture: &Picture, left, right| picture.view().row_bytes(y, left, right).to_vec();
            assert!(row(&masked, 0, 51) == row(&shot.pictures[1], 0, 51));
            assert!(row(&masked, 100, SIZE.0) == row(&whole, 100, SIZE.0));
            let [half, all, none] = [&masked, &whole, &shot.pictures[1]].map(|p| pixel(p, 75, y));
            assert!((0..3).all(|c| (half[c] - (all[c] + none[c]) / 2.0).abs() < 1e-5));
        }
    }
}
