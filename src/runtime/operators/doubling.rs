//! A convolution of a picture doubled in size.
//!
//! Each of the four phases of the doubled picture sees 2x2 of its pixels, by kernels that are sums
//! of the 3x3 weights. With `a`, `b` and `c` the weights in one dimension, the phases between and
//! upon pixels are `(a + b) x[i-1] + c x[i]` and `a x[i-1] + (b + c) x[i]`. So three products with
//! each pixel serve both, and nine instead of sixteen in two dimensions; the rest are sums of
//! neighbours.

use pulp::{Arch, Simd, WithSimd};

use super::features::{Features, bands, even};
use super::instruction_sets::arch;
use super::operator::{Node, Operator, Run};
use super::product::{VECTORS, multiply, rows, rows_of, to_panels};
use super::room::{reserved, zeros};

/// Doubling by nearest neighbours, and a convolution of 3x3 with zeros around. Inputs: features
/// `[1, C, h, w]`; constant, kernels `[K, C, 3, 3]`, and biases `[K]` or none. Output: the four
/// phases of each channel, `[1, 4K, h + 1, w + 1]`, from a line above the doubled picture and a
/// column before it on; or, with the attribute `placed`, in place: `[1, K, 2h + 2, 2w + 2]`. With
/// the attribute `relu`, no results are below zero.
pub const DOUBLING: &str = "DoubledConvolution3x3";

const SIDE: usize = 3;
const TAPS: usize = SIDE * SIDE;
const PHASES: usize = 4;
/// Lines of cells that a thread takes at once, at most; of the one before it computes the middle
/// products.
const BAND: usize = 16;

pub(super) struct Doubling {
    weights: Weights,
    is_relu: bool,
    is_placed: bool,
}

struct Weights {
    arch: Arch,
    inputs: usize,
    outputs: usize,
    /// By block of [`rows`] outputs, tap, input and output in the block.
    kernels: Vec<f32>,
    biases: Vec<f32>,
}

impl Weights {
    /// `kernels` by output, input, row and column.
    fn new(arch: Arch, kernels: &[f32], inputs: usize, biases: Vec<f32>) -> ort::Result<Self> {
        let (rows, outputs) = (rows_of(arch), biases.len());
        let mut packed = zeros(outputs.next_multiple_of(rows) * TAPS * inputs)?;
        for (k, &kernel) in kernels.iter().enumerate() {
            let (output, input, tap) = (k / TAPS / inputs, k / TAPS % inputs, k % TAPS);
            let group = output / rows * TAPS + tap;
            packed[(group * inputs + input) * rows + output % rows] = kernel;
        }
        Ok(Self { arch, inputs, outputs, kernels: packed, biases })
    }
}

impl Operator for Doubling {
    const NAME: &'static str = DOUBLING;
    const INPUTS: [usize; 2] = [2, 1];
    type Shared = ();

    fn new(node: &Node<'_, '_>, (): &()) -> ort::Result<Self> {
        let kernels = node.constant(1)?;
        let &[outputs, inputs, 3, 3] = &kernels.shape()[..] else {
            return Err(node.refuse(format_args!("kernels of 3x3, not {}", kernels.shape())));
        };
        let biases = node.biases(2, outputs as usize)?;
        let weights = Weights::new(arch(), kernels.values(), inputs as usize, biases)?;
        Ok(Self { weights, is_relu: node.flag("relu")?, is_placed: node.flag("placed")? })
    }

    fn compute(&self, run: &Run<'_>) -> ort::Result<()> {
        let features = run.features(0)?;
        let Weights { inputs, outputs, .. } = self.weights;
        if features.channels != inputs {
            let found = features.channels;
            return Err(run.refuse(format_args!("{inputs} channels, not {found}")));
        }
        let (height, width) = (features.height + 1, features.width + 1);
        let shape = match self.is_placed {
            true => [1, outputs, 2 * height, 2 * width],
            false => [1, PHASES * outputs, height, width],
        };
        // A line of cells in one output plane.
        let (plane, line) = match self.is_placed {
            true => (PHASES * height * width, PHASES * width),
            false => (height * width, width),
        };
        let mut results = run.output(0, shape)?;
        let band = even(height, BAND);
        run.each(bands(results.values()?, plane, band * line)?, |k, mut results| {
            let (first, results) = (k * band, &mut results[..]);
            self.weights.arch.dispatch(Band { operator: self, features, first, results })
        })
    }
}

/// Some lines of cells.
struct Band<'a, 'r> {
    operator: &'a Doubling,
    features: Features<'a>,
    /// The first line.
    first: usize,
    /// Of each plane the lines of this band.
    results: &'a mut [&'r mut [f32]],
}

/// The products of a block of outputs with lines of pixels: by column of the kernel, output in the
/// block and pixel, with a zero before and behind each line.
struct Products {
    values: Vec<f32>,
    rows: usize,
    stride: usize,
}

impl Products {
    fn new(rows: usize, padded_width: usize) -> ort::Result<Self> {
        let stride = padded_width + 2;
        Ok(Self { values: zeros(SIDE * rows * stride)?, rows, stride })
    }

    /// The line of `column` and `output`, from the pixel before or upon each of the `cells`.
    #[inline(always)]
    fn line(&self, column: usize, output: usize, upon: bool, cells: usize) -> &[f32] {
        &self.values[(column * self.rows + output) * self.stride + usize::from(upon)..][..cells]
    }

    #[inline(always)]
    fn set<S: Simd, const TERMS: usize>(
        &mut self,
        simd: S,
        column: usize,
        pixel: usize,
        terms: [(&[f32], &[S::f32s]); TERMS],
    ) {
        let first = column * self.rows * self.stride + 1 + pixel;
        multiply(simd, terms, |row, sums| {
            let pixels = &mut self.values[first + row * self.stride..];
            let pixels = &mut pixels[..VECTORS * S::F32_LANES];
            S::as_mut_simd_f32s(pixels).0.copy_from_slice(&sums);
        });
    }
}

/// What a line of cells sums, by the kernels' rows.
struct Sums<'a> {
    /// Of the first row with the line of pixels above, and the last with the one below.
    around: &'a Products,
    /// Of the middle row with the line of pixels above, and with the one below.
    middle: [&'a Products; 2],
}

impl WithSimd for Band<'_, '_> {
    type Output = ort::Result<()>;

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) -> ort::Result<()> {
        let Weights { inputs, outputs, .. } = self.operator.weights;
        let Features { width, height, .. } = self.features;
        let cells = width + 1;
        let line = if self.operator.is_placed { PHASES * cells } else { cells };
        let lines = self.results.first().map_or(0, |lines| lines.len() / line);
        let wide = VECTORS * S::F32_LANES;
        let padded = width.next_multiple_of(wide);
        let (mut above, mut below) = (zeros(inputs * padded)?, zeros(inputs * padded)?);
        let rows = rows::<S>();
        let mut around = Products::new(rows, padded)?;
        let blocks = outputs.div_ceil(rows);
        let mut middle = reserved(blocks)?;
        for _ in 0..blocks {
            middle.push([Products::new(rows, padded)?, Products::new(rows, padded)?]);
        }
        if let Some(y) = self.first.checked_sub(1) {
            self.gather(y, wide, &mut below);
            for (block, [_, middle]) in middle.iter_mut().enumerate() {
                self.multiply(simd, block, &below, middle);
            }
        }
        for y in self.first..self.first + lines {
            std::mem::swap(&mut above, &mut below);
            match y < height {
                true => self.gather(y, wide, &mut below),
                false => below.fill(0.0),
            }
            for (block, middle) in middle.iter_mut().enumerate() {
                middle.swap(0, 1);
                self.multiply(simd, block, &below, &mut middle[1]);
                self.multiply_around(simd, block, [&above, &below], &mut around);
                let [above, below] = &*middle;
                let sums = Sums { around: &around, middle: [above, below] };
                self.put(block, y - self.first, &sums);
            }
        }
        Ok(())
    }
}

impl Band<'_, '_> {
    /// A line of pixels by panel of `wide` pixels, input and pixel in the panel.
    #[inline(always)]
    fn gather(&self, y: usize, wide: usize, patches: &mut [f32]) {
        let Features { values, width, .. } = self.features;
        let inputs = self.operator.weights.inputs;
        for (input, plane) in values.chunks_exact(self.features.plane()).enumerate() {
            to_panels(&plane[y * width..][..width], input, inputs, wide, patches);
        }
    }

    /// A tap's kernels of a block of outputs.
    #[inline(always)]
    fn kernels<S: Simd>(&self, block: usize, row: usize, column: usize) -> &[f32] {
        let Weights { inputs, kernels, .. } = &self.operator.weights;
        let group = inputs * rows::<S>();
        &kernels[((block * SIDE + row) * SIDE + column) * group..][..group]
    }

    /// The products of the kernels' middle row with a line of pixels.
    #[inline(always)]
    fn multiply<S: Simd>(&self, simd: S, block: usize, line: &[f32], products: &mut Products) {
        let wide = VECTORS * S::F32_LANES;
        let panels = line.chunks_exact(self.operator.weights.inputs * wide);
        for (k, panel) in panels.enumerate() {
            let (panel, _) = S::as_simd_f32s(panel);
            for column in 0..SIDE {
                let term = (self.kernels::<S>(block, 1, column), panel);
                products.set(simd, column, k * wide, [term]);
            }
        }
    }

    /// The products of the kernels' first row with the line above and their last with that below.
    #[inline(always)]
    fn multiply_around<S: Simd>(
        &self,
        simd: S,
        block: usize,
        lines: [&[f32]; 2],
        products: &mut Products,
    ) {
        let wide = VECTORS * S::F32_LANES;
        let [above, below] =
            lines.map(|line| line.chunks_exact(self.operator.weights.inputs * wide));
        for (k, (above, below)) in above.zip(below).enumerate() {
            let [above, below] = [above, below].map(|panel| S::as_simd_f32s(panel).0);
            for column in 0..SIDE {
                let terms = [(0, above), (2, below)];
                let terms =
                    terms.map(|(row, panel)| (self.kernels::<S>(block, row, column), panel));
                products.set(simd, column, k * wide, terms);
            }
        }
    }

    /// The results of a line of cells.
    #[inline(always)]
    fn put(&mut self, block: usize, y: usize, sums: &Sums<'_>) {
        let Doubling { weights, is_relu, is_placed } = self.operator;
        let rows = sums.around.rows;
        let cells = self.features.width + 1;
        let least = if *is_relu { 0.0 } else { f32::NEG_INFINITY };
        let biases = weights.biases.iter().enumerate().skip(block * rows).take(rows);
        for (k, (output, &bias)) in biases.enumerate() {
            for (phase, middle) in sums.middle.into_iter().enumerate() {
                let terms = [sums.around, middle].map(|products| {
                    let line = |column, upon| products.line(column, k, upon, cells);
                    [line(0, false), line(1, false), line(1, true), line(2, true)]
                });
                if *is_placed {
                    let to = &mut self.results[output][(2 * y + phase) * 2 * cells..];
                    let (pairs, _) = to[..2 * cells].as_chunks_mut::<2>();
                    let pairs = pairs.iter_mut().map(|[left, right]| (left, right));
                    put_pairs(terms, bias, least, pairs);
                } else {
                    let planes = &mut self.results[PHASES * output + 2 * phase..][..2];
                    let [left, right] = planes else { continue };
                    let [left, right] = [left, right].map(|to| to[y * cells..][..cells].iter_mut());
                    put_pairs(terms, bias, least, left.zip(right));
                }
            }
        }
    }
}

/// The left and right half of a line of cells, from two sums of products by the kernels' first
/// column before the cell, their middle before and upon it, and their last upon it.
#[inline(always)]
fn put_pairs<'a>(
    terms: [[&[f32]; 4]; 2],
    bias: f32,
    least: f32,
    pairs: impl Iterator<Item = (&'a mut f32, &'a mut f32)>,
) {
    let [[a0, b0, c0, d0], [a1, b1, c1, d1]] = terms;
    for (x, (left, right)) in pairs.enumerate() {
        let both = a0[x] + a1[x] + d0[x] + d1[x] + bias;
        *left = (both + b0[x] + b1[x]).max(least);
        *right = (both + c0[x] + c1[x]).max(least);
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::noise;
    use super::*;
    use crate::runtime::operators::instruction_sets::instruction_sets;

    /// The doubled picture's convolution from a line above and a column before it on.
    fn directly(features: Features<'_>, kernels: &[f32], biases: &[f32]) -> Vec<f32> {
        let Features { values, channels, height, width } = features;
        let at = |input: usize, y: usize, x: usize| {
            // Coordinates are two more than the doubled picture's.
            let [y, x] = [y, x].map(|k| k.checked_sub(2).map(|k| k / 2));
            match (y.filter(|&y| y < height), x.filter(|&x| x < width)) {
                (Some(y), Some(x)) => f64::from(values[(input * height + y) * width + x]),
                _ => 0.0,
            }
        };
        let mut results = Vec::new();
        for (output, &bias) in biases.iter().enumerate() {
            for y in 0..2 * height + 2 {
                for x in 0..2 * width + 2 {
                    let mut sum = f64::from(bias);
                    for input in 0..channels {
                        let kernel = &kernels[(output * channels + input) * TAPS..][..TAPS];
                        for (tap, &weight) in kernel.iter().enumerate() {
                            sum += f64::from(weight) * at(input, y + tap / SIDE, x + tap % SIDE);
                        }
                    }
                    results.push(sum.max(0.0) as f32);
                }
            }
        }
        results
    }

    fn in_bands(operator: &Doubling, features: Features<'_>) -> Vec<f32> {
        let (height, cells) = (features.height + 1, features.width + 1);
        let (planes, line) = match operator.is_placed {
            true => (operator.weights.outputs, PHASES * cells),
            false => (PHASES * operator.weights.outputs, cells),
        };
        let mut found = vec![f32::NAN; planes * height * line];
        for first in (0..height).step_by(BAND) {
            let lines = first * line..height.min(first + BAND) * line;
            let results = found.chunks_exact_mut(height * line);
            let mut results: Vec<_> = results.map(|plane| &mut plane[lines.clone()]).collect();
            let results = &mut results[..];
            operator.weights.arch.dispatch(Band { operator, features, first, results }).unwrap();
        }
        found
    }

    /// A picture from its phases.
    fn placed(phases: &[f32], height: usize, width: usize) -> Vec<f32> {
        let plane = height * width;
        let planes = phases.len() / plane / PHASES;
        let pixels = (0..planes * 4 * plane).map(|k| {
            let (channel, y, x) =
                (k / (4 * plane), k / (2 * width) % (2 * height), k % (2 * width));
            phases[(channel * PHASES + y % 2 * 2 + x % 2) * plane + y / 2 * width + x / 2]
        });
        pixels.collect()
    }

    #[test]
    fn agrees_with_doubling_first() {
        for (inputs, outputs, width, height) in
            [(1, 1, 1, 1), (3, 8, 5, 4), (7, 20, 33, 17), (4, 9, 64, 35)]
        {
            let values = noise(inputs * width * height, 1);
            let features = Features { values: &values, channels: inputs, height, width };
            let kernels = noise(inputs * outputs * TAPS, 2);
            let biases = noise(outputs, 3);
            let expected = directly(features, &kernels, &biases);
            let cases =
                instruction_sets().into_iter().flat_map(|arch| [(arch, false), (arch, true)]);
            for (arch, is_placed) in cases {
                let weights = Weights::new(arch, &kernels, inputs, biases.clone()).unwrap();
                let operator = Doubling { weights, is_relu: true, is_placed };
                let mut found = in_bands(&operator, features);
                if !is_placed {
                    found = placed(&found, height + 1, width + 1);
                }
                assert_eq!(found.len(), expected.len());
                let worst = expected.iter().zip(&found).map(|(a, b)| (a - b).abs());
                let worst = worst.fold(0.0, f32::max);
                let is_close = found.iter().all(|value| value.is_finite()) && worst < 2e-5;
                let case =
                    format!("{arch:?}, {inputs}->{outputs} of {width}x{height}, {is_placed}");
                assert!(is_close, "{case}: {worst}");
            }
        }
    }
}
