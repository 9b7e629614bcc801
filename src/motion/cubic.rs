//! Pixels between pixels: cubic convolution (Keys 1981).

/// Pixels on a grid, row after row; those beyond the borders are the outermost.
#[derive(Clone, Copy)]
pub(super) struct Cubic<'a> {
    pub width: usize,
    pub height: usize,
    pub pixels: &'a [[f32; 4]],
}

impl Cubic<'_> {
    /// The pixel at a place. Never beyond the range of the four pixels around: next to light of
    /// thousands an overshoot would be a black hole.
    pub fn at(&self, x: f32, y: f32) -> [f32; 4] {
        let place = |at: f32, length: usize| {
            // Further out all is the same.
            let at = at.clamp(-3.0, length as f32 + 2.0);
            let whole = at.floor();
            (whole as isize, at - whole)
        };
        let ((left, u), (top, v)) = (place(x, self.width), place(y, self.height));
        let inside = |at: isize, length: usize| at.clamp(0, length as isize - 1) as usize;
        let columns: [usize; 4] =
            std::array::from_fn(|k| inside(left - 1 + k as isize, self.width));
        let (across, down) = (weights(u), weights(v));
        let (mut sum, mut least, mut most) = ([0.0; 4], [f32::MAX; 4], [f32::MIN; 4]);
        for (k, weight) in down.into_iter().enumerate() {
            let row = inside(top - 1 + k as isize, self.height) * self.width;
            let pixels = columns.map(|column| self.pixels[row + column]);
            for c in 0..4 {
                let value: f32 = pixels[0][c] * across[0]
                    + pixels[1][c] * across[1]
                    + pixels[2][c] * across[2]
                    + pixels[3][c] * across[3];
                sum[c] += weight * value;
                if k == 1 || k == 2 {
                    least[c] = least[c].min(pixels[1][c]).min(pixels[2][c]);
                    most[c] = most[c].max(pixels[1][c]).max(pixels[2][c]);
                }
            }
        }
        std::array::from_fn(|c| sum[c].clamp(least[c], most[c]))
    }
}

/// Of the pixels -1, 0, 1 and 2 for a place in 0..1.
fn weights(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [
        0.5 * (-t + 2.0 * t2 - t3),
        0.5 * (2.0 - 5.0 * t2 + 3.0 * t3),
        0.5 * (t + 4.0 * t2 - 3.0 * t3),
        0.5 * (t3 - t2),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_pixels_and_of_slopes_are_exact() {
        let pixels: Vec<_> = (0..48).map(|k| [(k % 8) as f32, (k / 8) as f32, 1.0, 0.0]).collect();
        let cubic = Cubic { width: 8, height: 6, pixels: &pixels };
        assert_eq!(cubic.at(3.0, 2.0), [3.0, 2.0, 1.0, 0.0]);
        let between = cubic.at(3.25, 2.5);
        assert!((between[0] - 3.25).abs() < 1e-6 && (between[1] - 2.5).abs() < 1e-6);
        assert_eq!(cubic.at(-1e9, 1e9), [0.0, 5.0, 1.0, 0.0]);
    }

    #[test]
    fn nothing_overshoots() {
        let pixels: Vec<_> = [0.0, 0.0, 0.0, 1000.0, 0.0, 0.0].map(|v| [v; 4]).to_vec();
        let cubic = Cubic { width: 6, height: 1, pixels: &pixels };
        for k in 0..60 {
            assert!((0.0..=1000.0).contains(&cubic.at(k as f32 / 10.0, 0.0)[0]));
        }
    }
}
