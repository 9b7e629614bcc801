//! A convolution of a picture doubled in size.
//!
//! Each of the four phases of the doubled picture sees 2x2 of its pixels, by kernels that are sums
//! of the 3x3 weights. With `a`, `b` and `c` the weights in one dimension, the phases between and
//! upon pixels are `(a + b) x[i-1] + c x[i]` and `a x[i-1] + (b + c) x[i]`. So three products with
//! each pixel serve both, and nine instead of sixteen in two dimensions; the rest are sums of
//! neighbours.

use ort::Error;
use ort::operator::{ComputeContext, Kernel, KernelContext, OperatorInput, OperatorOutput};
use ort::value::{TensorElementType, TensorValueType};
use pulp::{Simd, WithSimd};

use super::features::{Features, bands, biases, flag, input, output, take};
use super::product::{ROWS, VECTORS, multiply};

/// Doubling by nearest neighbours, and a convolution of 3x3 with zeros around. Inputs: features
/// `[1, C, h, w]`; constant, kernels `[K, C, 3, 3]`, and biases `[K]` or none. Output: the four
/// phases of each channel, `[1, 4K, h + 1, w + 1]`, from a line above the doubled picture and a
/// column before it on; or, with the attribute `placed`, in place: `[1, K, 2h + 2, 2w + 2]`. With
/// the attribute `relu`, no results are below zero.
pub const DOUBLING: &str = "DoubledConvolution3x3";

const SIDE: usize = 3;
const TAPS: usize = SIDE * SIDE;
const PHASES: usize = 4;
/// Lines of cells that a thread takes at once; it computes one more.
const BAND: usize = 16;

pub(super) struct Operator;

pub(super) struct Doubling {
    weights: Weights,
    is_relu: bool,
    is_placed: bool,
}

struct Weights {
    inputs: usize,
    outputs: usize,
    /// By block of [`ROWS`] outputs, tap, input and output in the block.
    kernels: Vec<f32>,
    biases: Vec<f32>,
}

impl ort::operator::Operator for Operator {
    type Kernel<'attr> = Doubling;

    fn name(&self) -> &str {
        DOUBLING
    }

    fn inputs(&self) -> impl IntoIterator<Item = OperatorInput> {
        let floats = TensorElementType::Float32;
        let (required, optional) = (OperatorInput::required, OperatorInput::optional);
        [required(floats), required(floats), optional(floats)]
    }

    fn outputs(&self) -> impl IntoIterator<Item = OperatorOutput> {
        [OperatorOutput::required(TensorElementType::Float32)]
    }

    fn create_kernel<'attr>(&self, context: &KernelContext<'attr>) -> ort::Result<Doubling> {
        let kernels = context.constant_input::<TensorValueType<f32>>(1)?;
        let (shape, kernels) = kernels.extract_tensor();
        let &[outputs, inputs, 3, 3] = &shape[..] else {
            return Err(Error::new(format!("{DOUBLING} needs kernels of 3x3, not {shape}")));
        };
        let biases = biases(context, 2, outputs as usize)?;
        if biases.len() != outputs as usize {
            return Err(Error::new(format!("{DOUBLING} needs as many biases as kernels")));
        }
        let weights = Weights::new(kernels, inputs as usize, biases);
        let flag = |name| flag(context, DOUBLING, name);
        Ok(Doubling { weights, is_relu: flag("relu")?, is_placed: flag("placed")? })
    }
}

impl Weights {
    /// `kernels` by output, input, row and column.
    fn new(kernels: &[f32], inputs: usize, biases: Vec<f32>) -> Self {
        let outputs = biases.len();
        let mut packed = vec![0.0; outputs.next_multiple_of(ROWS) * TAPS * inputs];
        for (k, &kernel) in kernels.iter().enumerate() {
            let (output, input, tap) = (k / TAPS / inputs, k / TAPS % inputs, k % TAPS);
            let group = output / ROWS * TAPS + tap;
            packed[(group * inputs + input) * ROWS + output % ROWS] = kernel;
        }
        Self { inputs, outputs, kernels: packed, biases }
    }
}

impl Kernel for Doubling {
    fn compute(&mut self, context: &ComputeContext) -> ort::Result<()> {
        let features = input(context, 0)?;
        let features = Features::of(&features, DOUBLING)?;
        let Weights { inputs, outputs, .. } = self.weights;
        if features.channels != inputs {
            let found = features.channels;
            return Err(Error::new(format!("{DOUBLING} needs {inputs} channels, not {found}")));
        }
        let (height, width) = (features.height + 1, features.width + 1);
        let shape = match self.is_placed {
            true => [1, outputs, 2 * height, 2 * width],
            false => [1, PHASES * outputs, height, width],
        };
        let mut results = output(context, 0, &shape)?;
        let (_, results) = results.try_extract_tensor_mut::<f32>()?;
        // A line of cells in one output plane.
        let (plane, line) = match self.is_placed {
            true => (PHASES * height * width, PHASES * width),
            false => (height * width, width),
        };
        let bands = bands(results, plane, BAND * line);
        let arch = pulp::Arch::new();
        context.par_for(bands.len(), 0, |k| {
            let (first, results) = (k * BAND, &mut take(&bands[k])[..]);
            arch.dispatch(Band { operator: self, features, first, results });
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

/// The products of a line of pixels for a block of outputs, summed along the line: by row of the
/// kernel, phase, output in the block and cell.
struct Sums {
    values: Vec<f32>,
    cells: usize,
}

impl Sums {
    fn new(cells: usize) -> Self {
        Self { values: vec![0.0; SIDE * 2 * ROWS * cells], cells }
    }

    #[inline(always)]
    fn line(&self, row: usize, phase: usize, output: usize) -> &[f32] {
        &self.values[((row * 2 + phase) * ROWS + output) * self.cells..][..self.cells]
    }

    #[inline(always)]
    fn line_mut(&mut self, row: usize, phase: usize, output: usize) -> &mut [f32] {
        &mut self.values[((row * 2 + phase) * ROWS + output) * self.cells..][..self.cells]
    }
}

impl WithSimd for Band<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let Features { width, height, .. } = self.features;
        let cells = width + 1;
        let line = if self.operator.is_placed { PHASES * cells } else { cells };
        let lines = self.results.first().map_or(0, |lines| lines.len() / line);
        let blocks = self.operator.weights.outputs.div_ceil(ROWS);
        let wide = VECTORS * S::F32_LANES;
        let mut patches = vec![0.0; self.operator.weights.inputs * width.next_multiple_of(wide)];
        // A zero before and behind the line.
        let mut products = vec![0.0; TAPS * ROWS * (width.next_multiple_of(wide) + 2)];
        let mut above: Vec<_> = (0..blocks).map(|_| Sums::new(cells)).collect();
        let mut here: Vec<_> = (0..blocks).map(|_| Sums::new(cells)).collect();
        if let Some(y) = self.first.checked_sub(1) {
            self.gather(y, wide, &mut patches);
            for (block, sums) in above.iter_mut().enumerate() {
                self.multiply(simd, block, &patches, &mut products, sums);
            }
        }
        for y in 0..lines {
            let is_inside = self.first + y < height;
            if is_inside {
                self.gather(self.first + y, wide, &mut patches);
            }
            for block in 0..blocks {
                match is_inside {
                    true => self.multiply(simd, block, &patches, &mut products, &mut here[block]),
                    false => here[block].values.fill(0.0),
                }
                self.put(block, y, &above[block], &here[block]);
            }
            std::mem::swap(&mut above, &mut here);
        }
    }
}

impl Band<'_, '_> {
    /// A line of pixels by panel of `wide` pixels, input and pixel in the panel.
    #[inline(always)]
    fn gather(&self, y: usize, wide: usize, patches: &mut [f32]) {
        let Features { values, width, .. } = self.features;
        let panel = self.operator.weights.inputs * wide;
        for (input, plane) in values.chunks_exact(self.features.plane()).enumerate() {
            let line = &plane[y * width..][..width];
            for (from, panel) in line.chunks(wide).zip(patches.chunks_exact_mut(panel)) {
                panel[input * wide..][..from.len()].copy_from_slice(from);
            }
        }
    }

    /// The products of a line with a block of outputs, and their sums along it.
    #[inline(always)]
    fn multiply<S: Simd>(
        &self,
        simd: S,
        block: usize,
        patches: &[f32],
        products: &mut [f32],
        sums: &mut Sums,
    ) {
        let Weights { inputs, kernels, .. } = &self.operator.weights;
        let width = self.features.width;
        let wide = VECTORS * S::F32_LANES;
        let stride = width.next_multiple_of(wide) + 2;
        let group = inputs * ROWS;
        let kernels = &kernels[block * TAPS * group..][..TAPS * group];
        for (k, panel) in patches.chunks_exact(inputs * wide).enumerate() {
            let (panel, _) = S::as_simd_f32s(panel);
            let taps = kernels.chunks_exact(group).zip(products.chunks_exact_mut(ROWS * stride));
            for (kernels, products) in taps {
                let results = multiply(simd, kernels, panel);
                for (result, line) in results.iter().zip(products.chunks_exact_mut(stride)) {
                    let (to, _) = S::as_mut_simd_f32s(&mut line[1 + k * wide..][..wide]);
                    to.copy_from_slice(result);
                }
            }
        }
        for row in 0..SIDE {
            for output in 0..ROWS {
                // The first cell lies before the first pixel, the last behind the last; the
                // products there are zero, as patches are.
                let [before, upon] = [0, 1].map(|start| {
                    std::array::from_fn::<_, SIDE, _>(|column| {
                        let line = ((row * SIDE + column) * ROWS + output) * stride;
                        &products[line + start..][..width + 1]
                    })
                });
                add(before[0], before[1], upon[2], sums.line_mut(row, 0, output));
                add(before[0], upon[1], upon[2], sums.line_mut(row, 1, output));
            }
        }
    }

    /// The results of a line of cells from the sums along the lines above and upon it.
    #[inline(always)]
    fn put(&mut self, block: usize, y: usize, above: &Sums, here: &Sums) {
        let Doubling { weights, is_relu, is_placed } = self.operator;
        let least = if *is_relu { 0.0 } else { f32::NEG_INFINITY };
        let biases = weights.biases.iter().enumerate().skip(block * ROWS).take(ROWS);
        for (k, (output, &bias)) in biases.enumerate() {
            for phase_y in 0..2 {
                let [left, right] = [0, 1].map(|phase| {
                    let middle = if phase_y == 0 { above } else { here };
                    [above.line(0, phase, k), middle.line(1, phase, k), here.line(2, phase, k)]
                });
                let cells = here.cells;
                if *is_placed {
                    let to = &mut self.results[output][(2 * y + phase_y) * 2 * cells..];
                    let (pairs, _) = to[..2 * cells].as_chunks_mut::<2>();
                    put_pairs(left, right, bias, least, pairs);
                } else {
                    for (phase_x, [a, b, c]) in [left, right].into_iter().enumerate() {
                        let plane = PHASES * output + 2 * phase_y + phase_x;
                        let to = &mut self.results[plane][y * cells..][..cells];
                        add(a, b, c, to);
                        to.iter_mut().for_each(|value| *value = (*value + bias).max(least));
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn add(a: &[f32], b: &[f32], c: &[f32], to: &mut [f32]) {
    for (((to, a), b), c) in to.iter_mut().zip(a).zip(b).zip(c) {
        *to = a + b + c;
    }
}

#[inline(always)]
fn put_pairs(
    left: [&[f32]; SIDE],
    right: [&[f32]; SIDE],
    bias: f32,
    least: f32,
    pairs: &mut [[f32; 2]],
) {
    let [l0, l1, l2] = left.map(|line| &line[..pairs.len()]);
    let [r0, r1, r2] = right.map(|line| &line[..pairs.len()]);
    for (x, pair) in pairs.iter_mut().enumerate() {
        let left = l0[x] + l1[x] + l2[x] + bias;
        let right = r0[x] + r1[x] + r2[x] + bias;
        *pair = [left.max(least), right.max(least)];
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::noise;
    use super::*;

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
            pulp::Arch::new().dispatch(Band { operator, features, first, results });
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
            for is_placed in [false, true] {
                let weights = Weights::new(&kernels, inputs, biases.clone());
                let operator = Doubling { weights, is_relu: true, is_placed };
                let mut found = in_bands(&operator, features);
                if !is_placed {
                    found = placed(&found, height + 1, width + 1);
                }
                assert_eq!(found.len(), expected.len());
                let worst = expected.iter().zip(&found).map(|(a, b)| (a - b).abs());
                let worst = worst.fold(0.0, f32::max);
                let is_close = found.iter().all(|value| value.is_finite()) && worst < 2e-5;
                assert!(is_close, "{inputs}->{outputs} of {width}x{height}, {is_placed}: {worst}");
            }
        }
    }
}
