//! Two convolutions over channels and the sum with what they change.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::features::{bands, even};
use super::instruction_sets::arch;
use super::operator::{Node, Operator, Run};
use super::product::{VECTORS, multiply, rows, rows_of, to_panels};
use super::room::{collected, zeros};

/// The second half of a residual block. Inputs: `x` and `z`, `[1, C, H, W]`; constant, the kernels
/// `[E, C, 1, 1]` and biases `[E]` of a convolution from `z`, and `[C, E, 1, 1]` and `[C]` of one
/// from its results above zero. Output: `x` plus the second's results. The values between the two
/// never leave the processor's caches.
pub const RESIDUAL: &str = "PointwiseResidual";

/// Positions that a thread takes at once, at most.
const BAND: usize = 2048;
/// Positions that are gathered at once, some panels: short runs from many planes are slow to read.
const RUN: usize = 128;

pub(super) struct Residual {
    arch: Arch,
    up: Weights,
    down: Weights,
}

/// A convolution over channels.
struct Weights {
    inputs: usize,
    /// By group of [`rows`] outputs, input and output in the group.
    kernels: Vec<f32>,
    biases: Vec<f32>,
}

impl Operator for Residual {
    const NAME: &'static str = RESIDUAL;
    const INPUTS: [usize; 2] = [6, 0];
    type Shared = ();

    fn new(node: &Node<'_, '_>, (): &()) -> ort::Result<Self> {
        let arch = arch();
        let (up, down) = (Weights::of(node, 2, arch)?, Weights::of(node, 4, arch)?);
        if up.biases.len() != down.inputs || down.biases.len() != up.inputs {
            return Err(node.refuse("kernels that fit each other"));
        }
        Ok(Self { arch, up, down })
    }

    fn compute(&self, run: &Run<'_>) -> ort::Result<()> {
        let (x, z) = (run.features(0)?, run.features(1)?);
        let channels = self.up.inputs;
        if x.channels != channels || z.channels != channels || x.values.len() != z.values.len() {
            return Err(run.refuse(format_args!("{channels} channels of one size")));
        }
        let mut result = run.output(0, [1, channels, x.height, x.width])?;
        let result = result.values()?;
        if result.is_empty() {
            return Ok(());
        }
        let plane = x.plane();
        let band = even(plane, BAND).next_multiple_of(RUN);
        run.each(bands(result, plane, band)?, |k, mut results| {
            let (first, results) = (k * band, &mut results[..]);
            let [x, z] = [x.values, z.values];
            self.arch.dispatch(Band { weights: self, x, z, plane, first, results })
        })
    }
}

impl Weights {
    /// From the kernels at `place` and the biases behind them.
    fn of(node: &Node<'_, '_>, place: usize, arch: Arch) -> ort::Result<Self> {
        let (kernels, biases) = (node.constant(place)?, node.constant(place + 1)?);
        match &kernels.shape()[..] {
            &[outputs, inputs, 1, 1] if outputs as usize == biases.values().len() => {
                Self::new(arch, kernels.values(), inputs as usize, biases.values())
            }
            _ => Err(node.refuse("kernels of 1x1 with biases")),
        }
    }

    fn new(arch: Arch, kernels: &[f32], inputs: usize, biases: &[f32]) -> ort::Result<Self> {
        let rows = rows_of(arch);
        let mut packed = zeros(biases.len().next_multiple_of(rows) * inputs)?;
        for (k, kernel) in kernels.iter().enumerate() {
            let (output, input) = (k / inputs, k % inputs);
            packed[(output / rows * inputs + input) * rows + output % rows] = *kernel;
        }
        Ok(Self { inputs, kernels: packed, biases: collected(biases.iter().copied())? })
    }

    /// The kernels and biases of each group of outputs.
    #[inline(always)]
    fn groups<S: Simd>(&self) -> impl Iterator<Item = (&[f32], &[f32])> {
        let rows = rows::<S>();
        self.kernels.chunks_exact(self.inputs * rows).zip(self.biases.chunks(rows))
    }
}

/// Neighbouring positions in all planes.
struct Band<'a, 'r> {
    weights: &'a Residual,
    x: &'a [f32],
    z: &'a [f32],
    plane: usize,
    first: usize,
    results: &'a mut [&'r mut [f32]],
}

impl WithSimd for Band<'_, '_> {
    type Output = ort::Result<()>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> ort::Result<()> {
        let panel = VECTORS * S::F32_LANES;
        let Residual { up, down, .. } = self.weights;
        let mut patches = zeros(up.inputs * RUN)?;
        let mut hidden = zeros(down.inputs.next_multiple_of(rows::<S>()) * panel)?;
        let mut sums = zeros(up.inputs.next_multiple_of(rows::<S>()) * RUN)?;
        let count = self.results.first().map_or(0, |positions| positions.len());
        for start in (0..count).step_by(RUN) {
            let positions = start..count.min(start + RUN);
            self.gather(positions.clone(), panel, &mut patches);
            for (sums, x) in sums.chunks_exact_mut(RUN).zip(self.x.chunks_exact(self.plane)) {
                sums[..positions.len()].copy_from_slice(&x[self.first..][positions.clone()]);
            }
            for (k, values) in patches.chunks_exact(up.inputs * panel).enumerate() {
                if k * panel < positions.len() {
                    raise(simd, up, values, &mut hidden);
                    lower(simd, down, &hidden[..down.inputs * panel], &mut sums, k * VECTORS);
                }
            }
            for (results, sums) in self.results.iter_mut().zip(sums.chunks_exact(RUN)) {
                results[positions.clone()].copy_from_slice(&sums[..positions.len()]);
            }
        }
        Ok(())
    }
}

impl Band<'_, '_> {
    /// Positions of `z` by panel of `wide` positions, input and position in the panel.
    #[inline(always)]
    fn gather(&self, positions: Range<usize>, wide: usize, patches: &mut [f32]) {
        let inputs = self.weights.up.inputs;
        for (input, z) in self.z.chunks_exact(self.plane).enumerate() {
            to_panels(&z[self.first..][positions.clone()], input, inputs, wide, patches);
        }
    }
}

/// Adds the second convolution of a panel to the vectors from `at` on of each output's run.
#[inline(always)]
fn lower<S: Simd>(simd: S, down: &Weights, hidden: &[f32], sums: &mut [f32], at: usize) {
    let (hidden, _) = S::as_simd_f32s(hidden);
    let (sums, _) = S::as_mut_simd_f32s(sums);
    let run = RUN / S::F32_LANES;
    for ((kernels, biases), sums) in
        down.groups::<S>().zip(sums.chunks_exact_mut(rows::<S>() * run))
    {
        multiply(simd, [(kernels, hidden)], |row, products| {
            let bias = simd.splat_f32s(biases.get(row).copied().unwrap_or_default());
            for (sum, product) in sums[row * run + at..][..VECTORS].iter_mut().zip(products) {
                *sum = simd.add_f32s(*sum, simd.add_f32s(product, bias));
            }
        });
    }
}

/// The first convolution of a panel, without what is below zero.
#[inline(always)]
fn raise<S: Simd>(simd: S, up: &Weights, panel: &[f32], hidden: &mut [f32]) {
    let (panel, _) = S::as_simd_f32s(panel);
    let (hidden, _) = S::as_mut_simd_f32s(hidden);
    let zero = simd.splat_f32s(0.0);
    let groups = up.groups::<S>().zip(hidden.chunks_exact_mut(rows::<S>() * VECTORS));
    for ((kernels, biases), hidden) in groups {
        multiply(simd, [(kernels, panel)], |row, sums| {
            let bias = simd.splat_f32s(biases.get(row).copied().unwrap_or_default());
            for (hidden, sum) in hidden[row * VECTORS..][..VECTORS].iter_mut().zip(sums) {
                *hidden = simd.max_f32s(simd.add_f32s(sum, bias), zero);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::noise;
    use super::*;
    use crate::runtime::operators::instruction_sets::instruction_sets;

    fn convolved(kernels: &[f32], biases: &[f32], values: &[f32], plane: usize) -> Vec<f32> {
        let inputs = values.len() / plane;
        let at = |output: usize, position: usize| {
            let terms = (0..inputs).map(|input| {
                f64::from(kernels[output * inputs + input] * values[input * plane + position])
            });
            (terms.sum::<f64>() + f64::from(biases[output])) as f32
        };
        let positions = (0..biases.len() * plane).map(|k| at(k / plane, k % plane));
        positions.collect()
    }

    #[test]
    fn agrees_with_two_convolutions() {
        for (channels, wide, plane) in [(1, 2, 1), (8, 16, 33), (12, 20, 257), (16, 32, BAND + 5)] {
            let (up, down) = (noise(channels * wide, 1), noise(channels * wide, 2));
            let (up_biases, down_biases) = (noise(wide, 3), noise(channels, 4));
            let (x, z) = (noise(channels * plane, 5), noise(channels * plane, 6));
            let mut hidden = convolved(&up, &up_biases, &z, plane);
            hidden.iter_mut().for_each(|value| *value = value.max(0.0));
            let mut expected = convolved(&down, &down_biases, &hidden, plane);
            expected.iter_mut().zip(&x).for_each(|(value, x)| *value += x);

            for arch in instruction_sets() {
                let weights = Residual {
                    arch,
                    up: Weights::new(arch, &up, channels, &up_biases).unwrap(),
                    down: Weights::new(arch, &down, wide, &down_biases).unwrap(),
                };
                let mut found = vec![f32::NAN; channels * plane];
                for first in (0..plane).step_by(BAND) {
                    let positions = first..plane.min(first + BAND);
                    let results = found.chunks_exact_mut(plane);
                    let mut results: Vec<_> =
                        results.map(|plane| &mut plane[positions.clone()]).collect();
                    let results = &mut results[..];
                    let band = Band { weights: &weights, x: &x, z: &z, plane, first, results };
                    arch.dispatch(band).unwrap();
                }
                let worst = expected.iter().zip(&found).map(|(a, b)| (a - b).abs());
                let worst = worst.fold(0.0, f32::max);
                let is_close = found.iter().all(|value| value.is_finite()) && worst < 1e-4;
                assert!(is_close, "{arch:?}, {channels} channels, {plane} positions: {worst}");
            }
        }
    }
}
