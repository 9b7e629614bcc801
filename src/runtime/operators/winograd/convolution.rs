//! A convolution, band by band.

use pulp::{Arch, Simd, WithSimd};

use super::super::product::{VECTORS, multiply, rows, rows_of, to_panels};
use super::super::room::{grow, zeros};
use super::points::{Lines, MOST, POINTS, Plane, Run, TILE, Tiles, of_kernel, of_plane, to_tiles};

/// The weights of a convolution of 3x3 with stride 1, at the points.
pub(super) struct Weights {
    arch: Arch,
    inputs: usize,
    outputs: usize,
    /// By point, group of [`rows`] outputs, input and output in the group.
    points: Vec<f32>,
}

/// The picture that a convolution reads: channels, rows, columns.
#[derive(Clone, Copy)]
pub(super) struct Picture<'a> {
    pub values: &'a [f32],
    /// See [`Plane::open`]; of the same size.
    pub open: Option<&'a [f32]>,
    pub width: usize,
    pub height: usize,
}

/// Memory for one thread, kept from run to run: fresh memory costs page faults.
#[derive(Default)]
pub(super) struct Scratch {
    patches: Vec<f32>,
    products: Vec<f32>,
}

/// Some rows of tiles of all output channels.
pub(super) struct Band<'a, 'o> {
    pub weights: &'a Weights,
    pub picture: Picture<'a>,
    /// The first row of tiles.
    pub first_row: usize,
    /// Of each output channel the lines of these rows, as far as the picture has them.
    pub outputs: &'a mut [&'o mut [f32]],
    pub scratch: &'a mut Scratch,
}

impl Weights {
    /// `kernels` by output, input, row and column.
    pub fn new(arch: Arch, kernels: &[f32], inputs: usize, outputs: usize) -> ort::Result<Self> {
        let rows = rows_of(arch);
        let groups = outputs.div_ceil(rows);
        let mut points = zeros(POINTS * groups * inputs * rows)?;
        for (k, kernel) in kernels.as_chunks::<9>().0.iter().enumerate() {
            let (output, input) = (k / inputs, k % inputs);
            for (point, value) in of_kernel(kernel).into_iter().enumerate() {
                let group = point * groups + output / rows;
                points[(group * inputs + input) * rows + output % rows] = value;
            }
        }
        Ok(Self { arch, inputs, outputs, points })
    }

    pub fn inputs(&self) -> usize {
        self.inputs
    }

    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// What they are made for.
    pub fn arch(&self) -> Arch {
        self.arch
    }
}

impl WithSimd for Band<'_, '_> {
    type Output = ort::Result<()>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> ort::Result<()> {
        // The values of few tiles stay in a core's cache; but each block reads all weights, for
        // which those wait longest that multiply fastest.
        let few = if S::REGISTER_COUNT >= 32 { 64 } else { 256 };
        if self.weights.inputs <= few {
            self.convolve::<S, { MOST / 2 }>(simd)
        } else {
            self.convolve::<S, MOST>(simd)
        }
    }
}

impl Band<'_, '_> {
    /// By so many tiles at once.
    #[inline(always)]
    fn convolve<S: Simd, const BLOCK: usize>(mut self, simd: S) -> ort::Result<()> {
        let columns = self.picture.width.div_ceil(TILE);
        let lines = self.outputs.first().map_or(0, |lines| lines.len() / self.picture.width);
        let tiles = columns * lines.div_ceil(TILE);
        grow(&mut self.scratch.patches, POINTS * self.weights.inputs * BLOCK)?;
        let outputs = self.weights.outputs.next_multiple_of(rows::<S>());
        grow(&mut self.scratch.products, POINTS * outputs * BLOCK)?;
        for first in (0..tiles).step_by(BLOCK) {
            let count = BLOCK.min(tiles - first);
            let runs = || {
                let mut tile = first;
                std::iter::from_fn(move || {
                    let (row, column) = (tile / columns, tile % columns);
                    let count = (columns - column).min(first + count - tile);
                    let run = Run { row, column, count, place: tile - first };
                    tile += count;
                    (count > 0).then_some(run)
                })
            };
            let wide = VECTORS * S::F32_LANES;
            self.take_patches::<BLOCK>(wide, runs());
            self.multiply::<S, BLOCK>(simd, outputs, count.div_ceil(wide));
            self.put_tiles::<BLOCK>(outputs, runs());
        }
        Ok(())
    }

    /// Patches by point, panel of `wide` tiles, input and tile in the panel.
    #[inline(always)]
    fn take_patches<const BLOCK: usize>(
        &mut self,
        wide: usize,
        runs: impl Iterator<Item = Run> + Clone,
    ) {
        let Picture { values, open, width, height } = self.picture;
        let mut block = [[0.0; BLOCK]; POINTS];
        let lines = &mut Lines::default();
        let inputs = self.weights.inputs;
        for input in 0..inputs {
            let of_input = input * width * height..(input + 1) * width * height;
            let open = open.map(|open| &open[of_input.clone()]);
            let plane = Plane { values: &values[of_input], open, width, height };
            for run in runs.clone() {
                let run = Run { row: self.first_row + run.row, ..run };
                of_plane(plane, run, lines, &mut block);
            }
            to_panels(block.as_flattened(), input, inputs, wide, &mut self.scratch.patches);
        }
    }

    /// Products by point, output and tile, of the first `panels`.
    #[inline(always)]
    fn multiply<S: Simd, const BLOCK: usize>(&mut self, simd: S, outputs: usize, panels: usize) {
        let Weights { inputs, points, .. } = self.weights;
        let wide = VECTORS * S::F32_LANES;
        let (patches, _) = S::as_simd_f32s(&self.scratch.patches);
        let panel = inputs * VECTORS;
        let of_point = patches.chunks_exact(panel * BLOCK / wide);
        let kernels = points.chunks_exact(outputs * inputs);
        let products = self.scratch.products.chunks_exact_mut(outputs * BLOCK);
        for ((patches, kernels), products) in of_point.zip(kernels).zip(products) {
            let groups = kernels.chunks_exact(inputs * rows::<S>());
            let products = products.chunks_exact_mut(rows::<S>() * BLOCK);
            for (kernels, products) in groups.zip(products) {
                for (k, patches) in patches.chunks_exact(panel).take(panels).enumerate() {
                    multiply(simd, [(kernels, patches)], |row, sums| {
                        let place = &mut products[row * BLOCK + k * wide..][..wide];
                        S::as_mut_simd_f32s(place).0.copy_from_slice(&sums);
                    });
                }
            }
        }
    }

    #[inline(always)]
    fn put_tiles<const BLOCK: usize>(
        &mut self,
        outputs: usize,
        runs: impl Iterator<Item = Run> + Clone,
    ) {
        let width = self.picture.width;
        let (products, _) = self.scratch.products.as_chunks::<BLOCK>();
        let mut tiles: Tiles<BLOCK> = [[[0.0; TILE]; BLOCK]; TILE];
        for (k, output) in self.outputs.iter_mut().enumerate() {
            let points = std::array::from_fn(|point| &products[point * outputs + k]);
            to_tiles(&points, &mut tiles);
            for run in runs.clone() {
                let x = run.column * TILE;
                let count = (run.count * TILE).min(width - x);
                let lines = output.chunks_exact_mut(width).skip(run.row * TILE);
                for (line, values) in lines.zip(&tiles) {
                    let values = &values[run.place..].as_flattened()[..count];
                    line[x..x + count].copy_from_slice(values);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::operators::instruction_sets::instruction_sets;

    struct Case {
        values: Vec<f32>,
        open: Vec<f32>,
        kernels: Vec<f32>,
        inputs: usize,
        outputs: usize,
        width: usize,
        height: usize,
    }

    impl Case {
        fn new(inputs: usize, outputs: usize, width: usize, height: usize) -> Self {
            let mut seed = 1_u32;
            let mut noise = |count: usize| {
                let mut next = || {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
                };
                (0..count).map(|_| next()).collect::<Vec<_>>()
            };
            Self {
                values: noise(inputs * width * height),
                open: noise(inputs * width * height),
                kernels: noise(inputs * outputs * 9),
                inputs,
                outputs,
                width,
                height,
            }
        }

        fn picture(&self, is_masked: bool) -> Picture<'_> {
            let open = is_masked.then_some(&self.open[..]);
            Picture { values: &self.values, open, width: self.width, height: self.height }
        }

        /// In bands of `rows` rows of tiles.
        fn by_points(&self, arch: Arch, rows: usize, is_masked: bool) -> Vec<f32> {
            let weights = Weights::new(arch, &self.kernels, self.inputs, self.outputs).unwrap();
            let mut result = vec![f32::NAN; self.outputs * self.width * self.height];
            let mut scratch = Scratch::default();
            let plane = self.width * self.height;
            for first_row in (0..self.height.div_ceil(TILE)).step_by(rows) {
                let lines = first_row * TILE..((first_row + rows) * TILE).min(self.height);
                let values = lines.start * self.width..lines.end * self.width;
                let mut outputs: Vec<_> =
                    result.chunks_mut(plane).map(|plane| &mut plane[values.clone()]).collect();
                let band = Band {
                    weights: &weights,
                    picture: self.picture(is_masked),
                    first_row,
                    outputs: &mut outputs,
                    scratch: &mut scratch,
                };
                arch.dispatch(band).unwrap();
            }
            result
        }

        fn directly(&self, is_masked: bool) -> Vec<f32> {
            let (width, height) = (self.width as isize, self.height as isize);
            let at = |input: usize, x: isize, y: isize| {
                if x < 0 || y < 0 || x >= width || y >= height {
                    return 0.0;
                }
                let place = input * self.width * self.height + (y * width + x) as usize;
                let is_open = !is_masked || self.open[place] > 0.0;
                if is_open { f64::from(self.values[place]) } else { 0.0 }
            };
            let mut result = Vec::new();
            for output in 0..self.outputs {
                for y in 0..height {
                    for x in 0..width {
                        let mut sum = 0.0;
                        for input in 0..self.inputs {
                            let kernel = &self.kernels[(output * self.inputs + input) * 9..][..9];
                            for (k, &weight) in kernel.iter().enumerate() {
                                let (dx, dy) = (k as isize % 3 - 1, k as isize / 3 - 1);
                                sum += f64::from(weight) * at(input, x + dx, y + dy);
                            }
                        }
                        result.push(sum as f32);
                    }
                }
            }
            result
        }
    }

    #[test]
    fn agrees_with_the_direct_convolution() {
        let sizes = [(1, 1), (2, 3), (4, 4), (5, 9), (64, 8), (67, 13), (263, 5), (300, 6)];
        for (width, height) in sizes {
            // Many inputs are taken through in other blocks.
            for (inputs, outputs) in [(1, 1), (3, 16), (16, 3), (20, 9), (260, 2)] {
                let most = 3e-5 * (inputs as f32 / 20.0).max(1.0);
                let case = Case::new(inputs, outputs, width, height);
                for is_masked in [false, true] {
                    let expected = case.directly(is_masked);
                    for arch in instruction_sets() {
                        let found = case.by_points(arch, 2, is_masked);
                        let worst = expected.iter().zip(&found).map(|(a, b)| (a - b).abs());
                        let worst = worst.fold(0.0, f32::max);
                        // Also false for NaN.
                        let is_close = expected.len() == found.len()
                            && found.iter().all(|value| value.is_finite())
                            && worst < most;
                        let case = format!("{arch:?}, {inputs}->{outputs} of {width}x{height}");
                        assert!(is_close, "{case}: {worst}");
                    }
                }
            }
        }
    }

    #[test]
    fn bands_change_nothing() {
        let case = Case::new(16, 24, 75, 41);
        for arch in instruction_sets() {
            let whole = case.by_points(arch, 11, false);
            for rows in [1, 2, 3, 5] {
                assert_eq!(case.by_points(arch, rows, false), whole, "{arch:?}, {rows}");
            }
        }
    }
}
