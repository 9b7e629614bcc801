//! Luminance on a grid, and smaller ones of it.

use rayon::prelude::*;

/// One number for each pixel, row after row.
#[derive(Clone)]
pub(super) struct Plane {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

impl Plane {
    /// Half the size, rounded up: means of two by two pixels.
    pub fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let mut values = vec![0.0; width * height];
        values.par_chunks_exact_mut(width).enumerate().for_each(|(y, out)| {
            let row = |y: usize| &self.values[y.min(self.height - 1) * self.width..][..self.width];
            let (upper, lower) = (row(2 * y), row(2 * y + 1));
            for (x, value) in out.iter_mut().enumerate() {
                let (left, right) = (2 * x, (2 * x + 1).min(self.width - 1));
                *value = (upper[left] + upper[right] + lower[left] + lower[right]) / 4.0;
            }
        });
        Self { width, height, values }
    }

    /// Means by 1 4 6 4 1 along both sides.
    pub fn smoothed(&self) -> Self {
        let (width, height) = (self.width, self.height);
        let mean = |values: [f32; 5]| {
            (values[0] + values[4] + 4.0 * (values[1] + values[3]) + 6.0 * values[2]) / 16.0
        };
        let near = |at: usize, k: usize, length: usize| (at + k).clamp(2, length + 1) - 2;
        let mut rows = vec![0.0; width * height];
        rows.par_chunks_exact_mut(width).enumerate().for_each(|(y, out)| {
            let row = &self.values[y * width..][..width];
            for (x, value) in out.iter_mut().enumerate() {
                *value = mean(std::array::from_fn(|k| row[near(x, k, width)]));
            }
        });
        let mut values = vec![0.0; width * height];
        values.par_chunks_exact_mut(width).enumerate().for_each(|(y, out)| {
            let rows: [&[f32]; 5] =
                std::array::from_fn(|k| &rows[near(y, k, height) * width..][..width]);
            for (x, value) in out.iter_mut().enumerate() {
                *value = mean(rows.map(|row| row[x]));
            }
        });
        Self { width, height, values }
    }

    /// The plane with its outermost pixels repeated `border` times on each side.
    pub fn padded(&self, border: usize) -> Self {
        let (width, height) = (self.width + 2 * border, self.height + 2 * border);
        let mut values = vec![0.0; width * height];
        values.par_chunks_exact_mut(width).enumerate().for_each(|(y, out)| {
            let y = y.saturating_sub(border).min(self.height - 1);
            let row = &self.values[y * self.width..][..self.width];
            out[..border].fill(row[0]);
            out[border..border + self.width].copy_from_slice(row);
            out[border + self.width..].fill(row[self.width - 1]);
        });
        Self { width, height, values }
    }

    /// Bilinear; beyond the borders the outermost values.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let ((x0, x1, u), (y0, y1, v)) = (around(x, self.width), around(y, self.height));
        let row = |y: usize| {
            let row = &self.values[y * self.width..][..self.width];
            row[x0] * (1.0 - u) + row[x1] * u
        };
        row(y0) * (1.0 - v) + row(y1) * v
    }

    /// The standard deviation of the noise (Immerkær 1996, with the median, which edges do not
    /// move); 0 for planes too small to tell.
    pub fn noise(&self) -> f32 {
        let width = self.width;
        let mut found: Vec<f32> = (1..self.height.saturating_sub(1))
            .into_par_iter()
            .flat_map_iter(|y| {
                let at = move |x: usize, y: usize| self.values[y * width + x];
                (1..width.saturating_sub(1)).map(move |x| {
                    let corners =
                        at(x - 1, y - 1) + at(x + 1, y - 1) + at(x - 1, y + 1) + at(x + 1, y + 1);
                    let sides = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1);
                    (4.0 * at(x, y) + corners - 2.0 * sides).abs()
                })
            })
            .collect();
        if found.is_empty() {
            return 0.0;
        }
        let middle = found.len() / 2;
        let (_, median, _) = found.select_nth_unstable_by(middle, f32::total_cmp);
        // The mask has a norm of 6; the median of absolute normal numbers is 0.6745.
        *median / (6.0 * 0.6745)
    }
}

/// The two places around one, and how far it is from the first to the second.
fn around(at: f32, length: usize) -> (usize, usize, f32) {
    let at = at.clamp(0.0, (length - 1) as f32);
    let whole = at as usize;
    (whole, (whole + 1).min(length - 1), at - whole as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_told_from_edges() {
        let (width, height) = (200, 100);
        let mut seed = 1_u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        let values = (0..width * height)
            .map(|k| {
                let normal: f32 = (0..12).map(|_| random()).sum();
                let stripe = if k % width / 10 % 2 == 0 { 0.8 } else { 0.1 };
                stripe + 0.03 * normal
            })
            .collect();
        let noise = Plane { width, height, values }.noise();
        assert!((0.024..0.04).contains(&noise), "{noise}");
        assert_eq!(Plane { width: 1, height: 1, values: vec![1.0] }.noise(), 0.0);
    }

    #[test]
    fn halves_are_means() {
        let plane = Plane { width: 3, height: 1, values: vec![0.0, 1.0, 3.0] };
        assert_eq!(plane.halved().values, [0.5, 3.0]);
        assert_eq!((plane.at(1.5, 0.0), plane.at(9.0, -1.0)), (2.0, 3.0));
        assert_eq!(plane.padded(1).values, [[0.0, 0.0, 1.0, 3.0, 3.0]; 3].as_flattened());
    }
}
