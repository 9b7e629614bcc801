//! Keeping the photograph's colours in the painted picture (Gatys et al. 2016, "Preserving Color
//! in Neural Artistic Style Transfer").

/// The luma of `painted` with the chroma of `original`, both encoded sRGB.
///
/// Chroma is the offset of each colour from its luma (as in Y'CbCr, Rec. 709), so the sum has
/// exactly the painted luma; it is clamped to 0..1 by moving towards the luma, which keeps the hue.
pub(crate) fn with_luminance_of(painted: [f32; 3], original: [f32; 3]) -> [f32; 3] {
    let (to, from) = (luma(painted).clamp(0.0, 1.0), luma(original));
    let chroma = original.map(|v| v - from);
    let room = chroma.iter().fold(1.0_f32, |room, &c| {
        let limit = if c > 0.0 {
            (1.0 - to) / c
        } else if c < 0.0 {
            to / -c
        } else {
            1.0
        };
        room.min(limit)
    });
    chroma.map(|c| to + room * c)
}

fn luma(rgb: [f32; 3]) -> f32 {
    crate::image::luminance(rgb[0], rgb[1], rgb[2])
}

/// Mean and covariance of colours.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moments {
    weight: f64,
    sum: [f64; 3],
    products: [[f64; 3]; 3],
}

/// A linear map of colours that gives one set of colours the mean and covariance of another.
#[derive(Debug, Clone)]
pub(crate) struct ColorMatch {
    matrix: [[f32; 3]; 3],
    offset: [f32; 3],
}

/// Lower triangle.
type Triangle = [[f64; 3]; 3];

impl Moments {
    /// Of colours with their weights.
    pub fn of(colors: impl Iterator<Item = [f32; 3]>, weights: &[f32]) -> Self {
        let mut moments = Self::default();
        colors.zip(weights).for_each(|(color, &weight)| moments.add(color, weight));
        moments
    }

    /// Counts one colour with a weight of 0 or more, such as its alpha.
    pub fn add(&mut self, rgb: [f32; 3], weight: f32) {
        let (v, w) = (rgb.map(f64::from), f64::from(weight));
        self.weight += w;
        for i in 0..3 {
            self.sum[i] += w * v[i];
            for j in 0..3 {
                self.products[i][j] += w * v[i] * v[j];
            }
        }
    }

    fn mean(&self) -> [f64; 3] {
        self.sum.map(|sum| sum / self.weight.max(1e-9))
    }

    /// The Cholesky factor of the covariance. A little is added to the diagonal: a picture of one
    /// hue has no spread to divide by.
    fn spread(&self) -> Triangle {
        const LEAST_VARIANCE: f64 = 1e-4;
        let mean = self.mean();
        let covariance = |i: usize, j: usize| {
            let diagonal = if i == j { LEAST_VARIANCE } else { 0.0 };
            self.products[i][j] / self.weight.max(1e-9) - mean[i] * mean[j] + diagonal
        };
        let mut l = [[0.0; 3]; 3];
        for i in 0..3 {
            for j in 0..=i {
                let rest = covariance(i, j) - (0..j).map(|k| l[i][k] * l[j][k]).sum::<f64>();
                l[i][j] = if i == j { rest.max(LEAST_VARIANCE).sqrt() } else { rest / l[j][j] };
            }
        }
        l
    }
}

impl ColorMatch {
    /// The map that gives colours like `from` the moments of `to`.
    pub fn new(from: &Moments, to: &Moments) -> Self {
        let inverse = inverted(&from.spread());
        let spread = to.spread();
        let matrix: [[f64; 3]; 3] = std::array::from_fn(|i| {
            std::array::from_fn(|j| (0..3).map(|k| spread[i][k] * inverse[k][j]).sum())
        });
        let (from, to) = (from.mean(), to.mean());
        let offset = std::array::from_fn(|i| {
            (to[i] - (0..3).map(|k| matrix[i][k] * from[k]).sum::<f64>()) as f32
        });
        Self { matrix: matrix.map(|row| row.map(|v| v as f32)), offset }
    }

    /// The map that gives what was painted, under `alphas`, the moments of `to`.
    pub fn of_painting(
        painted: impl Iterator<Item = [f32; 3]> + Clone,
        alphas: &[f32],
        to: &Moments,
    ) -> Self {
        let mut matching = Self::new(&Moments::of(painted.clone(), alphas), to);
        // Clamping to 0..1 moves the mean of strong colours; a few steps bring it back.
        for _ in 0..4 {
            let matched = painted.clone().map(|color| matching.apply(color));
            let matched = Moments::of(matched, alphas);
            matching.shift(&matched, to);
        }
        matching
    }

    /// The matrix by rows, and the offset.
    pub fn numbers(&self) -> [f32; 12] {
        let all = self.matrix.iter().flatten().chain(&self.offset);
        let mut numbers = [0.0; 12];
        numbers.iter_mut().zip(all).for_each(|(to, from)| *to = *from);
        numbers
    }

    /// The map of such numbers.
    pub fn from_numbers(numbers: [f32; 12]) -> Self {
        Self {
            matrix: std::array::from_fn(|i| std::array::from_fn(|j| numbers[3 * i + j])),
            offset: std::array::from_fn(|i| numbers[9 + i]),
        }
    }

    /// The sum of maps, each times its share.
    pub fn sum(parts: &[(&Self, f32)]) -> Self {
        let sum = |value: &dyn Fn(&Self) -> f32| {
            parts.iter().map(|(map, share)| value(map) * share).sum()
        };
        Self {
            matrix: std::array::from_fn(|i| std::array::from_fn(|j| sum(&|map| map.matrix[i][j]))),
            offset: std::array::from_fn(|i| sum(&|map| map.offset[i])),
        }
    }

    /// Moves all results by the difference of the means of `to` and `from`.
    fn shift(&mut self, from: &Moments, to: &Moments) {
        let (from, to) = (from.mean(), to.mean());
        for channel in 0..3 {
            self.offset[channel] += (to[channel] - from[channel]) as f32;
        }
    }

    /// Maps one colour.
    pub fn apply(&self, rgb: [f32; 3]) -> [f32; 3] {
        std::array::from_fn(|i| {
            let row = &self.matrix[i];
            let sum = row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2] + self.offset[i];
            sum.clamp(0.0, 1.0)
        })
    }
}

fn inverted(l: &Triangle) -> Triangle {
    let mut inverse = [[0.0; 3]; 3];
    inverse[0][0] = 1.0 / l[0][0];
    inverse[1][1] = 1.0 / l[1][1];
    inverse[2][2] = 1.0 / l[2][2];
    inverse[1][0] = -l[1][0] * inverse[0][0] / l[1][1];
    inverse[2][1] = -l[2][1] * inverse[1][1] / l[2][2];
    inverse[2][0] = -(l[2][0] * inverse[0][0] + l[2][1] * inverse[1][0]) / l[2][2];
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luminance_is_the_painted_one_and_the_hue_the_original() {
        let kept = with_luminance_of([0.9, 0.9, 0.9], [0.8, 0.2, 0.1]);
        assert!((luma(kept) - 0.9).abs() < 1e-6);
        assert!(kept.iter().all(|v| (0.0..=1.0).contains(v)), "{kept:?}");
        assert!(kept[0] > kept[1] && kept[1] > kept[2]);
    }

    #[test]
    fn matched_colours_have_the_moments_asked_for() {
        let cloud = |seed: f32, scale: f32| -> Vec<[f32; 3]> {
            let at = |k: f32| 0.5 + scale * (k * seed).sin();
            (0..500).map(|k| k as f32).map(|k| [at(k), at(k * 1.7), at(k * 0.3) * 0.9]).collect()
        };
        let moments = |colours: &[[f32; 3]]| {
            let mut moments = Moments::default();
            colours.iter().for_each(|&c| moments.add(c, 1.0));
            moments
        };
        let (from, to) = (cloud(1.3, 0.3), cloud(0.7, 0.2));
        let matching = ColorMatch::new(&moments(&from), &moments(&to));
        let matched: Vec<_> = from.iter().map(|&c| matching.apply(c)).collect();
        let (got, wanted) = (moments(&matched), moments(&to));
        for i in 0..3 {
            assert!((got.mean()[i] - wanted.mean()[i]).abs() < 0.01);
            for j in 0..=i {
                assert!((got.spread()[i][j] - wanted.spread()[i][j]).abs() < 0.02);
            }
        }
    }
}
