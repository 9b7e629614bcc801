//! A picture of twice the size as its four phases: each cell of 2x2 pixels in four planes.

use rayon::prelude::*;

use super::{Layer, missing};
use crate::canvas::{Color, Region};
use crate::error::Result;
use crate::graph::Tensor;

/// Channels of the rendering network's output: four phases of three colours.
pub(super) const PHASE_CHANNELS: usize = 12;

/// Output row or column `2 * cell + phase` of the rendering network is the picture's
/// `2 * cell + phase - PHASE_OFFSET`.
const PHASE_OFFSET: usize = 3;

/// The pixels of `inner` out of the rendering network's output for `seen`.
pub(in crate::fast) fn from_phases(
    values: &[f32],
    [rows, columns]: [usize; 2],
    seen: &Region,
    inner: &Region,
) -> Vec<Color> {
    let plane = rows * columns;
    let colors = PHASE_CHANNELS / 4;
    let mut pixels = vec![Color::default(); inner.width() * inner.height()];
    let (left, top) = (inner.x.start - seen.x.start, inner.y.start - seen.y.start);
    pixels.par_chunks_exact_mut(inner.width()).enumerate().for_each(|(y, row)| {
        let y = top as usize + y + PHASE_OFFSET;
        let phase_row = &values[y % 2 * 2 * colors * plane..];
        for (x, pixel) in row.iter_mut().enumerate() {
            let x = left as usize + x + PHASE_OFFSET;
            let at = x % 2 * colors * plane + y / 2 * columns + x / 2;
            *pixel = Color::new(std::array::from_fn(|c| phase_row[at + c * plane]));
        }
    });
    pixels
}

/// Which tap of the 2-tap kernel tap `k` of a 3-tap kernel falls on after doubling. Output rows
/// `2i-1` (phase 0 here) and `2i` (phase 1) both read the input rows `i-1` and `i`.
const FALLS_ON: [[usize; 3]; 2] = [[0, 0, 1], [0, 1, 1]];

/// Doubling and a 3x3 convolution as one 2x2 convolution that yields the four phases of each
/// channel one after the other.
pub(super) fn doubled(layer: &Layer) -> Result<Layer> {
    let [outputs, inputs, 3, 3] = layer.weights.dims[..] else {
        return Err(missing("a 3x3 convolution after a doubling"));
    };
    let mut values = vec![0.0; 4 * outputs * inputs * 4];
    for phase in 0..4 {
        let (rows, columns) = (FALLS_ON[phase / 2], FALLS_ON[phase % 2]);
        for output in 0..outputs {
            let channel = output * 4 + phase;
            for input in 0..inputs {
                for (tap, weight) in
                    layer.weights.values[(output * inputs + input) * 9..][..9].iter().enumerate()
                {
                    let at = rows[tap / 3] * 2 + columns[tap % 3];
                    values[(channel * inputs + input) * 4 + at] += weight;
                }
            }
        }
    }
    let bias = layer.bias.as_ref();
    let bias = bias.map(|bias| bias.iter().flat_map(|&bias| [bias; 4]).collect());
    Ok(Layer { weights: Tensor { dims: vec![4 * outputs, inputs, 2, 2], values }, bias })
}

/// A 5x5 convolution over pixels as a 3x3 convolution over cells of 2x2 pixels: from the phases of
/// each channel to all channels of each phase.
pub(super) fn over_phases(layer: &Layer) -> Result<Layer> {
    let [outputs, inputs, 5, 5] = layer.weights.dims[..] else {
        return Err(missing("a 5x5 convolution to the output"));
    };
    let mut values = vec![0.0; 4 * outputs * 4 * inputs * 9];
    for phase in 0..4 {
        for tap in 0..25 {
            // Rows and columns from the output's cell on, from -2 to 3; 2 more keep them positive.
            let row = phase / 2 + tap / 5;
            let column = phase % 2 + tap % 5;
            let from_phase = row % 2 * 2 + column % 2;
            let at = row / 2 * 3 + column / 2;
            for output in 0..outputs {
                for input in 0..inputs {
                    let to = phase * outputs + output;
                    let from = input * 4 + from_phase;
                    values[(to * 4 * inputs + from) * 9 + at] =
                        layer.weights.values[(output * inputs + input) * 25 + tap];
                }
            }
        }
    }
    let bias = layer.bias.as_ref().map(|bias| bias.repeat(4));
    Ok(Layer { weights: Tensor { dims: vec![4 * outputs, 4 * inputs, 3, 3], values }, bias })
}
