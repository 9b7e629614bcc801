//! A convolution to three channels.

use pulp::{Simd, WithSimd};

use super::features::{Features, even};
use super::instruction_sets::arch;
use super::operator::{Node, Operator, Run};
use super::room::{collected, zeros};

/// A convolution of 5x5 to three channels with a border of two zeros. Inputs: features
/// `[1, C, H, W]`; constant, kernels `[3, C, 5, 5]` and biases `[3]`. Output: `[1, 3, H, W]`. ONNX
/// Runtime computes sixteen channels where three are asked for.
pub const NARROW: &str = "ConvolutionToColors5x5";

const OUTPUTS: usize = 3;
const SIDE: usize = 5;
const BORDER: usize = SIDE / 2;
const TAPS: usize = SIDE * SIDE;
/// Lines that a thread takes at once, at most; it copies four more.
const BAND: usize = 32;

pub(super) struct Narrow {
    inputs: usize,
    /// By input, tap and output.
    kernels: Vec<[f32; OUTPUTS]>,
    biases: [f32; OUTPUTS],
}

impl Narrow {
    /// `kernels` by output, input and tap.
    fn packed(kernels: &[f32], inputs: usize, biases: [f32; OUTPUTS]) -> ort::Result<Self> {
        let place = |k| std::array::from_fn(|output| kernels[output * inputs * TAPS + k]);
        Ok(Self { inputs, kernels: collected((0..inputs * TAPS).map(place))?, biases })
    }
}

impl Operator for Narrow {
    const NAME: &'static str = NARROW;
    const INPUTS: [usize; 2] = [3, 0];
    type Shared = ();

    fn new(node: &Node<'_, '_>, (): &()) -> ort::Result<Self> {
        let (kernels, biases) = (node.constant(1)?, node.constant(2)?);
        match (&kernels.shape()[..], biases.values()) {
            (&[3, inputs, 5, 5], &[a, b, c]) => {
                Self::packed(kernels.values(), inputs as usize, [a, b, c])
            }
            (shape, _) => Err(node.refuse(format_args!("kernels of 3x5x5, not {shape:?}"))),
        }
    }

    fn compute(&self, run: &Run<'_>) -> ort::Result<()> {
        let features = run.features(0)?;
        let Features { channels, height, width, .. } = features;
        if channels != self.inputs {
            let wanted = self.inputs;
            return Err(run.refuse(format_args!("{wanted} channels, not {channels}")));
        }
        let mut results = run.output(0, [1, OUTPUTS, height, width])?;
        let results = results.values()?;
        if results.is_empty() {
            return Ok(());
        }
        let band = even(height, BAND);
        let (first, rest) = results.split_at_mut(features.plane());
        let (second, third) = rest.split_at_mut(features.plane());
        let [first, second, third] =
            [first, second, third].map(|plane| plane.chunks_mut(band * width));
        let bands = first.zip(second).zip(third).map(|((a, b), c)| [a, b, c]);
        let arch = arch();
        run.each(collected(bands)?, |k, mut results| {
            let (first, results) = (k * band, &mut results);
            arch.dispatch(Band { operator: self, features, first, results })
        })
    }
}

/// Some lines.
struct Band<'a, 'r> {
    operator: &'a Narrow,
    features: Features<'a>,
    /// The first line.
    first: usize,
    results: &'a mut [&'r mut [f32]; OUTPUTS],
}

impl WithSimd for Band<'_, '_> {
    type Output = ort::Result<()>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> ort::Result<()> {
        // The sums, the values that a tap reads and its weights in registers, with none over.
        if S::REGISTER_COUNT >= 32 {
            self.convolve::<S, 6>(simd)
        } else {
            self.convolve::<S, 3>(simd)
        }
    }
}

impl Band<'_, '_> {
    #[inline(always)]
    fn convolve<S: Simd, const VECTORS: usize>(self, simd: S) -> ort::Result<()> {
        let Features { channels, width, .. } = self.features;
        let at_once = VECTORS * S::F32_LANES;
        // The lines that a result needs, with zeros around the picture, in turns.
        let padded = width.next_multiple_of(at_once) + 2 * BORDER;
        let mut lines = zeros(SIDE * channels * padded)?;
        let mut ends = zeros(at_once)?;
        let count = self.results[0].len() / width;
        for y in 0..count {
            let new = if y == 0 { 0..SIDE } else { y + SIDE - 1..y + SIDE };
            for y in new {
                let to = &mut lines[y % SIDE * channels * padded..][..channels * padded];
                self.read(self.first + y, padded, to);
            }
            for x in (0..width).step_by(at_once) {
                let sums = self.sums::<S, VECTORS>(simd, &lines, y, x, padded);
                for (sums, plane) in sums.iter().zip(&mut *self.results) {
                    let results = &mut plane[y * width..(y + 1) * width][x..];
                    S::as_mut_simd_f32s(&mut ends).0.copy_from_slice(sums);
                    let count = results.len().min(at_once);
                    results[..count].copy_from_slice(&ends[..count]);
                }
            }
        }
        Ok(())
    }

    /// The line before the picture's `y` by [`BORDER`], of all channels.
    #[inline(always)]
    fn read(&self, y: usize, padded: usize, to: &mut [f32]) {
        let Features { values, height, width, .. } = self.features;
        let line = y.checked_sub(BORDER).filter(|&y| y < height);
        for (channel, to) in to.chunks_exact_mut(padded).enumerate() {
            let to = &mut to[BORDER..][..width];
            match line {
                Some(y) => to.copy_from_slice(&values[(channel * height + y) * width..][..width]),
                None => to.fill(0.0),
            }
        }
    }

    #[inline(always)]
    fn sums<S: Simd, const VECTORS: usize>(
        &self,
        simd: S,
        lines: &[f32],
        y: usize,
        x: usize,
        padded: usize,
    ) -> [[S::f32s; VECTORS]; OUTPUTS] {
        let Narrow { inputs, kernels, biases } = self.operator;
        let mut sums = biases.map(|bias| [simd.splat_f32s(bias); VECTORS]);
        for (channel, kernels) in kernels.as_chunks::<TAPS>().0.iter().enumerate() {
            for (row, kernels) in kernels.as_chunks::<SIDE>().0.iter().enumerate() {
                let line = ((y + row) % SIDE * inputs + channel) * padded + x;
                for (column, weights) in kernels.iter().enumerate() {
                    let values = &lines[line + column..][..VECTORS * S::F32_LANES];
                    let (values, _) = S::as_simd_f32s(values);
                    for (sums, &weight) in sums.iter_mut().zip(weights) {
                        let weight = simd.splat_f32s(weight);
                        for (sum, &value) in sums.iter_mut().zip(values) {
                            *sum = simd.mul_add_e_f32s(value, weight, *sum);
                        }
                    }
                }
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::operators::instruction_sets::instruction_sets;

    #[test]
    fn agrees_with_the_sum_over_taps() {
        for (inputs, width, height) in [(1, 1, 1), (2, 3, 2), (5, 33, 9), (3, 130, BAND + 3)] {
            let whole = |count: usize, step: usize| -> Vec<f32> {
                (0..count).map(|k| ((k * step) % 23) as f32 - 11.0).collect()
            };
            let values = whole(inputs * width * height, 37);
            let kernels = whole(OUTPUTS * inputs * TAPS, 5);
            let operator = Narrow::packed(&kernels, inputs, [1.0, 2.0, 3.0]).unwrap();
            let features = Features { values: &values, channels: inputs, height, width };
            let in_bands = |arch: pulp::Arch| {
                let mut planes = vec![vec![f32::NAN; width * height]; OUTPUTS];
                for first in (0..height).step_by(BAND) {
                    let lines = first * width..height.min(first + BAND) * width;
                    let mut results = planes.iter_mut().map(|plane| &mut plane[lines.clone()]);
                    let mut results = std::array::from_fn(|_| results.next().unwrap());
                    let band = Band { operator: &operator, features, first, results: &mut results };
                    arch.dispatch(band).unwrap();
                }
                planes
            };
            let expected = |output: usize, k: usize| {
                let mut sum = (output + 1) as f32;
                let kernel = &kernels[output * inputs * TAPS..][..inputs * TAPS];
                for (at, weight) in kernel.iter().enumerate() {
                    let (channel, tap) = (at / TAPS, at % TAPS);
                    let x = (k % width + tap % SIDE).checked_sub(BORDER).filter(|&x| x < width);
                    let y = (k / width + tap / SIDE).checked_sub(BORDER).filter(|&y| y < height);
                    if let (Some(x), Some(y)) = (x, y) {
                        sum += weight * values[(channel * height + y) * width + x];
                    }
                }
                sum
            };
            for arch in instruction_sets() {
                for (output, plane) in in_bands(arch).iter().enumerate() {
                    for (k, &found) in plane.iter().enumerate() {
                        let expected = expected(output, k);
                        assert_eq!(found, expected, "{arch:?}, {width}x{height}, {output}, {k}");
                    }
                }
            }
        }
    }
}
