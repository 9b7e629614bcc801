//! A picture of twice the size as its four phases: each cell of 2x2 pixels in four planes.

use super::weights::Layer;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Tensor;

/// Which tap of the 2-tap kernel tap `k` of a 3-tap kernel falls on after doubling. Output rows
/// `2i-1` (phase 0 here) and `2i` (phase 1) both read the input rows `i-1` and `i`.
const FALLS_ON: [[usize; 3]; 2] = [[0, 0, 1], [0, 1, 1]];

/// Doubling and a 3x3 convolution as one 2x2 convolution that yields the four phases of each
/// channel one after the other.
pub(super) fn doubled(layer: &Layer) -> Result<Layer> {
    let [outputs, inputs, 3, 3] = layer.weights.dims[..] else {
        return Err(unfit("a doubling", &layer.weights));
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
    let bias = each_phase(layer);
    Ok(Layer { weights: Tensor { dims: vec![4 * outputs, inputs, 2, 2], values }, bias })
}

/// A 5x5 convolution over pixels as a 3x3 convolution over cells of 2x2 pixels: from the phases of
/// each channel to those of each colour.
pub(super) fn over_phases(layer: &Layer) -> Result<Layer> {
    let [outputs, inputs, 5, 5] = layer.weights.dims[..] else {
        return Err(unfit("the output", &layer.weights));
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
                    let to = output * 4 + phase;
                    let from = input * 4 + from_phase;
                    values[(to * 4 * inputs + from) * 9 + at] =
                        layer.weights.values[(output * inputs + input) * 25 + tap];
                }
            }
        }
    }
    let bias = each_phase(layer);
    Ok(Layer { weights: Tensor { dims: vec![4 * outputs, 4 * inputs, 3, 3], values }, bias })
}

/// The same bias for the four phases of a channel.
fn each_phase(layer: &Layer) -> Option<Vec<f32>> {
    layer.bias.as_ref().map(|bias| bias.iter().flat_map(|&bias| [bias; 4]).collect())
}

fn unfit(place: &str, weights: &Tensor) -> Error {
    let what =
        format!("cannot build the network: its convolution at {place} is {:?}", weights.dims);
    Error::new(ErrorKind::Model, what)
}
