//! A convolution of each channel by itself.

use pulp::{Simd, WithSimd};

use super::features::Features;
use super::instruction_sets::arch;
use super::operator::{Node, Operator, Run};
use super::room::{collected, zeros};

/// A depthwise convolution of 5x5 with a border of two zeros. Inputs: features `[1, C, H, W]`;
/// constant, kernels `[C, 1, 5, 5]`, and biases `[C]` or none. Output: `[1, C, H, W]`. As fast as
/// ONNX Runtime's, which would have the features in another order and back.
pub const DEPTHWISE: &str = "Depthwise5x5";

const SIDE: usize = 5;
const BORDER: usize = SIDE / 2;
const TAPS: usize = SIDE * SIDE;
/// Vectors of results that are computed at once.
const VECTORS: usize = 4;

pub(super) struct Depthwise {
    kernels: Vec<[f32; TAPS]>,
    biases: Vec<f32>,
}

impl Operator for Depthwise {
    const NAME: &'static str = DEPTHWISE;
    const INPUTS: [usize; 2] = [2, 1];
    type Shared = ();

    fn new(node: &Node<'_, '_>, (): &()) -> ort::Result<Self> {
        let kernels = node.constant(1)?;
        let &[channels, 1, 5, 5] = &kernels.shape()[..] else {
            return Err(node.refuse(format_args!("kernels of 5x5, not {}", kernels.shape())));
        };
        let biases = node.biases(2, channels as usize)?;
        let kernels = collected(kernels.values().as_chunks::<TAPS>().0.iter().copied())?;
        Ok(Self { kernels, biases })
    }

    fn compute(&self, run: &Run<'_>) -> ort::Result<()> {
        let features = run.features(0)?;
        let Features { channels, height, width, .. } = features;
        if channels != self.kernels.len() {
            let wanted = self.kernels.len();
            return Err(run.refuse(format_args!("{wanted} channels, not {channels}")));
        }
        let mut results = run.output(0, [1, channels, height, width])?;
        let results = results.values()?;
        if results.is_empty() {
            return Ok(());
        }
        let plane = features.plane();
        let arch = arch();
        run.each(collected(results.chunks_exact_mut(plane))?, |k, results| {
            arch.dispatch(Plane {
                values: &features.values[k * plane..][..plane],
                width,
                kernel: &self.kernels[k],
                bias: self.biases[k],
                results,
            })
        })
    }
}

/// One channel.
struct Plane<'a, 'r> {
    values: &'a [f32],
    width: usize,
    kernel: &'a [f32; TAPS],
    bias: f32,
    results: &'r mut [f32],
}

impl WithSimd for Plane<'_, '_> {
    type Output = ort::Result<()>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> ort::Result<()> {
        let Self { values, width, kernel, bias, results } = self;
        let height = values.len() / width;
        let at_once = VECTORS * S::F32_LANES;
        // The lines that a result needs, with zeros around the picture, in turns.
        let padded = width.next_multiple_of(at_once) + 2 * BORDER;
        let mut lines = zeros(SIDE * padded)?;
        let mut ends = zeros(at_once)?;
        let place = |y: usize| y % SIDE * padded;
        for (y, results) in (0..).zip(results.chunks_exact_mut(width)) {
            // Line `y` here is the picture's `y - BORDER`.
            let new = if y == 0 { 0..SIDE } else { y + SIDE - 1..y + SIDE };
            for y in new {
                let to = &mut lines[place(y) + BORDER..][..width];
                match y.checked_sub(BORDER).filter(|&y| y < height) {
                    Some(y) => to.copy_from_slice(&values[y * width..][..width]),
                    None => to.fill(0.0),
                }
            }
            let rows: [_; SIDE] = std::array::from_fn(|k| &lines[place(y + k)..][..padded]);
            for (x, results) in (0..).step_by(at_once).zip(results.chunks_mut(at_once)) {
                let sums = convolve(simd, &rows, x, kernel, bias);
                let count = results.len();
                let to = if count == at_once { &mut *results } else { &mut ends[..] };
                S::as_mut_simd_f32s(to).0.copy_from_slice(&sums);
                if count < at_once {
                    results.copy_from_slice(&ends[..count]);
                }
            }
        }
        Ok(())
    }
}

/// Results side by side, from the column `x` on.
#[inline(always)]
fn convolve<S: Simd>(
    simd: S,
    rows: &[&[f32]; SIDE],
    x: usize,
    kernel: &[f32; TAPS],
    bias: f32,
) -> [S::f32s; VECTORS] {
    let mut sums = [simd.splat_f32s(bias); VECTORS];
    for (row, kernel) in rows.iter().zip(kernel.as_chunks::<SIDE>().0) {
        for (column, &weight) in kernel.iter().enumerate() {
            let weight = simd.splat_f32s(weight);
            let (values, _) = S::as_simd_f32s(&row[x + column..][..VECTORS * S::F32_LANES]);
            for (sum, &value) in sums.iter_mut().zip(values) {
                *sum = simd.mul_add_e_f32s(value, weight, *sum);
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::operators::instruction_sets::instruction_sets;

    #[test]
    fn agrees_with_the_sum_over_taps() {
        for (width, height) in [(1, 1), (3, 2), (7, 9), (32, 5), (75, 6)] {
            let values: Vec<_> =
                (0..width * height).map(|k| ((k * 37) % 23) as f32 - 11.0).collect();
            let kernel = std::array::from_fn(|k| ((k * 7) % 11) as f32 - 5.0);
            let expected = |k: usize| {
                let mut sum = 3.0;
                for (tap, weight) in kernel.iter().enumerate() {
                    let x = (k % width + tap % SIDE).checked_sub(BORDER).filter(|&x| x < width);
                    let y = (k / width + tap / SIDE).checked_sub(BORDER).filter(|&y| y < height);
                    if let (Some(x), Some(y)) = (x, y) {
                        sum += weight * values[y * width + x];
                    }
                }
                sum
            };
            for arch in instruction_sets() {
                let mut results = vec![f32::NAN; values.len()];
                let results = &mut results[..];
                let plane = Plane { values: &values, width, kernel: &kernel, bias: 3.0, results };
                arch.dispatch(plane).unwrap();
                for (k, &found) in results.iter().enumerate() {
                    assert_eq!(found, expected(k), "{arch:?}, {width}x{height}, {k}");
                }
            }
        }
    }
}
