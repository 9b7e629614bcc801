//! Dense motion between two pictures: the inverse search of Kroeger et al., "Fast Optical Flow
//! using Dense Inverse Search" (2016), without its variational refinement. Patches are moved to
//! where they fit best, from small pictures to large ones, and every pixel takes the mean of the
//! patches over it by how well they fit.
//!
//! Three things differ. A patch is held where it is thought to be, as firmly as noise makes its own
//! finding uncertain; strays give way to the median of the patches around; and both are done more
//! than once for each size, so that the hold is no bias. Patches are larger: film has noise.

use rayon::prelude::*;

use super::plane::Plane;
use crate::error::Result;
use crate::job::Cancel;

/// Pixels along the side of a patch.
const PATCH: usize = 16;

/// Pixels from a patch to the next: four patches lie over each pixel.
const STRIDE: usize = PATCH / 2;

/// Pixels around a picture. Patches begin this far out at the most.
const BORDER: usize = 26;

/// Smaller pictures than this have too few patches to trust.
const LEAST_SIDE: usize = 16;

const MOST_STEPS: usize = 6;

/// How often patches are searched and settled for each size.
const ROUNDS: usize = 2;

/// Where each pixel of a picture is in another, as a distance.
pub(super) struct Flow {
    pub x: Plane,
    pub y: Plane,
}

impl Flow {
    /// From one picture to another of its size; `noise` is the standard deviation of theirs.
    pub fn between(from: &Plane, to: &Plane, noise: f32, cancel: &Cancel) -> Result<Self> {
        let mut levels = vec![(from.clone(), to.clone())];
        while let Some((from, to)) = levels.last()
            && from.width.min(from.height) >= 2 * LEAST_SIDE
        {
            levels.push((from.halved(), to.halved()));
        }
        let nothing = || Plane { width: 1, height: 1, values: vec![0.0] };
        let mut flow = Self { x: nothing(), y: nothing() };
        for (depth, (from, to)) in levels.iter().enumerate().rev() {
            cancel.check()?;
            let noise = noise / (1 << depth) as f32;
            let level = Level::new(from, to, noise);
            let mut patches = level.starts(&flow);
            for _ in 0..ROUNDS {
                cancel.check()?;
                patches = settled(&level.patches(&patches), level.across());
            }
            flow = level.dense(&patches);
        }
        Ok(flow)
    }

    /// The vector at a place.
    pub fn at(&self, x: f32, y: f32) -> [f32; 2] {
        [self.x.at(x, y), self.y.at(x, y)]
    }
}

/// Two pictures of one size, with borders.
struct Level {
    width: usize,
    height: usize,
    from: Plane,
    to: Plane,
    noise: f32,
}

/// The part of a patch's picture that does not move.
struct Template {
    values: [f32; PATCH * PATCH],
    slopes: [[f32; PATCH * PATCH]; 2],
    /// The second derivatives of the error: xx, xy, yy.
    curvature: [f32; 3],
}

impl Level {
    fn new(from: &Plane, to: &Plane, noise: f32) -> Self {
        let (width, height) = (from.width, from.height);
        Self { width, height, from: from.padded(BORDER), to: to.padded(BORDER), noise }
    }

    /// Patches side by side. The first begins half a patch outside.
    fn across(&self) -> usize {
        (self.width - 1) / STRIDE + 2
    }

    fn down(&self) -> usize {
        (self.height - 1) / STRIDE + 2
    }

    /// Where the motion of a picture of half the size, rounded up, moves each patch.
    fn starts(&self, coarse: &Flow) -> Vec<[f32; 2]> {
        let across = self.across();
        // The middle of a patch is half a pixel before the pixel that it is for.
        let middle = |at: usize| ((at * STRIDE) as f32 - 1.0) / 2.0;
        (0..across * self.down())
            .map(|k| coarse.at(middle(k % across), middle(k / across)).map(|v| v * 2.0))
            .collect()
    }

    /// The motion of each patch, searched from where it is thought to be.
    fn patches(&self, starts: &[[f32; 2]]) -> Vec<[f32; 2]> {
        let across = self.across();
        let patch = |(k, start): (usize, &[f32; 2])| {
            self.search(k % across * STRIDE, k / across * STRIDE, *start)
        };
        starts.par_iter().enumerate().map(patch).collect()
    }

    /// Moves the patch around the pixel's upper left corner from `start` to where it fits best.
    fn search(&self, x: usize, y: usize, start: [f32; 2]) -> [f32; 2] {
        let template = self.template(x, y);
        let pixels = (PATCH * PATCH) as f32;
        // The hold: noise in the slopes looks like this much structure.
        let hold = pixels * (1e-6 + 0.5 * self.noise * self.noise);
        let [xx, xy, yy] = template.curvature;
        let (xx, yy) = (xx + hold, yy + hold);
        let scale = 1.0 / (xx * yy - xy * xy).max(f32::MIN_POSITIVE);
        let mut vector = start;
        for _ in 0..MOST_STEPS {
            let mut off = self.moved(x, y, vector);
            off.iter_mut().zip(&template.values).for_each(|(off, value)| *off -= value);
            let slope =
                [0, 1].map(|c| hold * (vector[c] - start[c]) + product(&template.slopes[c], &off));
            let step =
                [(yy * slope[0] - xy * slope[1]) * scale, (xx * slope[1] - xy * slope[0]) * scale];
            vector = [vector[0] - step[0], vector[1] - step[1]];
            if step[0].abs() + step[1].abs() < 0.03 {
                break;
            }
        }
        // So far away lies another patch.
        let reach = PATCH as f32;
        let is_near = (0..2).all(|c| (vector[c] - start[c]).abs() < reach);
        if is_near { vector } else { start }
    }

    fn template(&self, x: usize, y: usize) -> Template {
        let stride = self.from.width;
        let first = (y + BORDER - STRIDE) * stride + x + BORDER - STRIDE;
        let mut values = [0.0; PATCH * PATCH];
        let mut slopes = [[0.0; PATCH * PATCH]; 2];
        for row in 0..PATCH {
            for column in 0..PATCH {
                let (at, k) = (first + row * stride + column, row * PATCH + column);
                let value = |at: usize| self.from.values[at];
                values[k] = value(at);
                slopes[0][k] = (value(at + 1) - value(at - 1)) / 2.0;
                slopes[1][k] = (value(at + stride) - value(at - stride)) / 2.0;
            }
        }
        // Slopes whose mean is 0 do not see that all of a patch becomes lighter.
        for slopes in &mut slopes {
            let mean = slopes.iter().sum::<f32>() / (PATCH * PATCH) as f32;
            slopes.iter_mut().for_each(|v| *v -= mean);
        }
        let curvature = [(0, 0), (0, 1), (1, 1)].map(|(a, b)| product(&slopes[a], &slopes[b]));
        Template { values, slopes, curvature }
    }

    /// The other picture under a patch that was moved; bilinear.
    fn moved(&self, x: usize, y: usize, vector: [f32; 2]) -> [f32; PATCH * PATCH] {
        // From the border's first pixel on.
        let place = |at: usize, by: f32, length: usize| {
            let most = (length - PATCH - 2) as f32;
            let at = ((at + BORDER - STRIDE) as f32 + by).clamp(0.0, most);
            (at as usize, at - at.floor())
        };
        let (stride, rows) = (self.to.width, self.to.height);
        let ((left, u), (top, v)) = (place(x, vector[0], stride), place(y, vector[1], rows));
        let weights = [(1.0 - u) * (1.0 - v), u * (1.0 - v), (1.0 - u) * v, u * v];
        let mut out = [0.0; PATCH * PATCH];
        for (row, out) in out.chunks_exact_mut(PATCH).enumerate() {
            let upper = &self.to.values[(top + row) * stride + left..][..PATCH + 1];
            let lower = &self.to.values[(top + row + 1) * stride + left..][..PATCH + 1];
            for k in 0..PATCH {
                out[k] = upper[k] * weights[0]
                    + upper[k + 1] * weights[1]
                    + lower[k] * weights[2]
                    + lower[k + 1] * weights[3];
            }
        }
        out
    }

    /// The motion of each pixel from the four patches over it.
    fn dense(&self, patches: &[[f32; 2]]) -> Flow {
        let across = self.across();
        let (width, height) = (self.width, self.height);
        let (mut x, mut y) = (vec![0.0; width * height], vec![0.0; width * height]);
        let rows = x.par_chunks_exact_mut(width).zip(y.par_chunks_exact_mut(width));
        rows.enumerate().for_each(|(y, (out_x, out_y))| {
            for x in 0..width {
                let first = y / STRIDE * across + x / STRIDE;
                let value = self.from.values[(y + BORDER) * self.from.width + x + BORDER];
                let (mut sum, mut total) = ([0.0; 2], 0.0);
                for patch in [first, first + 1, first + across, first + across + 1] {
                    let [u, v] = patches[patch];
                    let off = (self.other(x as f32 + u, y as f32 + v) - value).abs();
                    let weight = 1.0 / off.max(0.004 + self.noise);
                    sum = [sum[0] + weight * u, sum[1] + weight * v];
                    total += weight;
                }
                [out_x[x], out_y[x]] = sum.map(|v| v / total);
            }
        });
        let plane = |values| Plane { width, height, values };
        Flow { x: plane(x), y: plane(y) }
    }

    /// The other picture at a place.
    fn other(&self, x: f32, y: f32) -> f32 {
        self.to.at(x + BORDER as f32, y + BORDER as f32)
    }
}

/// The sum of products, in parts that a processor adds up side by side.
fn product(a: &[f32; PATCH * PATCH], b: &[f32; PATCH * PATCH]) -> f32 {
    let mut sums = [0.0; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for k in 0..8 {
            sums[k] += a[k] * b[k];
        }
    }
    sums.iter().sum()
}

/// The mean, by 1 2 1 along both sides, of the medians of each patch and its eight neighbours.
fn settled(patches: &[[f32; 2]], across: usize) -> Vec<[f32; 2]> {
    let medians = around(patches, across, |mut values| {
        let (_, median, _) = values.select_nth_unstable_by(4, f32::total_cmp);
        *median
    });
    around(&medians, across, |[a, b, c, d, e, f, g, h, i]| {
        (a + c + g + i + 2.0 * (b + d + f + h) + 4.0 * e) / 16.0
    })
}

/// What `of` makes of each patch and its eight neighbours, along x and y.
fn around(
    patches: &[[f32; 2]],
    across: usize,
    of: impl Fn([f32; 9]) -> f32 + Sync,
) -> Vec<[f32; 2]> {
    let down = patches.len() / across;
    let near = |at: usize, off: usize, length: usize| (at + off).clamp(1, length) - 1;
    (0..patches.len())
        .into_par_iter()
        .map(|k| {
            let (x, y) = (k % across, k / across);
            let patch = |n: usize| near(y, n / 3, down) * across + near(x, n % 3, across);
            std::array::from_fn(|c| of(std::array::from_fn(|n| patches[patch(n)][c])))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::file;

    const SIZE: (usize, usize) = (240, 180);

    /// A photograph's brightness where `place` says that each pixel is, with noise.
    fn frame(place: impl Fn(f32, f32) -> (f32, f32), noise: f32, seed: u32) -> Plane {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/photo.png");
        let photo = file::read(&path).unwrap();
        let (width, height) = (photo.width() as usize, photo.height() as usize);
        let mut values = vec![];
        let mut row = vec![[0.0; 4]; width];
        for y in 0..height as u32 {
            photo.view().read_row(y, 0, &mut row);
            values.extend(row.iter().map(|[r, g, b, _]| (r + g + b) / 3.0));
        }
        let photo = Plane { width, height, values };
        let mut seed = seed;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        let (width, height) = SIZE;
        let values = (0..width * height)
            .map(|k| {
                let (x, y) = place((k % width) as f32, (k / width) as f32);
                photo.at(x, y) + noise * (0..12).map(|_| random()).sum::<f32>()
            })
            .collect();
        Plane { width, height, values }
    }

    /// The mean distance of the motion that is found from the true one, but for the border.
    fn error(motion: impl Fn(f32, f32) -> (f32, f32), noise: f32) -> f32 {
        let place = |x: f32, y: f32| (x + 200.0, y + 100.0);
        let from = frame(|x, y| place(motion(x, y).0, motion(x, y).1), noise, 1);
        let to = frame(place, noise, 2);
        let flow = Flow::between(&from, &to, from.noise(), &Cancel::new()).unwrap();
        let (mut sum, mut count) = (0.0, 0);
        for y in 20..SIZE.1 - 20 {
            for x in 20..SIZE.0 - 20 {
                let at = y * SIZE.0 + x;
                let (x, y) = (x as f32, y as f32);
                let (true_x, true_y) = motion(x, y);
                sum += (x + flow.x.values[at] - true_x).hypot(y + flow.y.values[at] - true_y);
                count += 1;
            }
        }
        sum / count as f32
    }

    #[test]
    fn shifts_and_zooms_of_a_photograph_are_found() {
        let about =
            |x: f32, y: f32, scale: f32| (120.0 + (x - 120.0) * scale, 90.0 + (y - 90.0) * scale);
        for noise in [0.0, 0.02] {
            for (name, off) in [
                ("none", error(|x, y| (x, y), noise)),
                ("small", error(|x, y| (x + 0.3, y - 0.6), noise)),
                ("shift", error(|x, y| (x + 3.4, y - 1.7), noise)),
                ("pan", error(|x, y| (x + 16.0, y), noise)),
                ("zoom", error(|x, y| about(x, y, 0.98), noise)),
            ] {
                assert!(off < 0.2, "{name} at {noise}: {off}");
            }
        }
    }

    #[test]
    fn the_smallest_pictures_have_no_motion() {
        for (width, height) in [(1, 1), (1, 40), (7, 3)] {
            let plane = Plane { width, height, values: vec![0.5; width * height] };
            let flow = Flow::between(&plane, &plane, 0.0, &Cancel::new()).unwrap();
            assert!(flow.x.values.iter().chain(&flow.y.values).all(|v| v.abs() < 1e-3));
        }
    }
}
