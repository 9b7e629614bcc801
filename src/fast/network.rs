//! The fast method's network, rewritten for each look.
//!
//! `render.onnx` normalises after every convolution with a scale and shift from `affine`. Once
//! these are known they fold into the convolution before them. Two rewritings more, exact as
//! well, take the work down to three fifths on a CPU:
//! - a nearest-neighbour doubling before a 3x3 convolution is one 2x2 convolution that yields the
//!   four phases of every output pixel as channels (16 taps for 36);
//! - the last doubling's phases are never put in place: the output's 5x5 convolution works on
//!   them as a 3x3 convolution over channels, and yields four phases of red, green and blue.

use std::collections::HashMap;

use prost::Message;
use rayon::prelude::*;

use crate::canvas::{Color, Region};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Attribute, GraphBuilder, Tensor};
use crate::onnx::ModelProto;

/// Sides of the network's input are multiples of this.
pub(super) const SIZE_MULTIPLE: u32 = 4;

/// The farthest an input pixel reaches in the output, in pixels, rounded up to a size multiple.
pub(super) const REACH: u32 = 80;

/// Channels of the rewritten network's output: four phases of three colours.
const PHASE_CHANNELS: usize = 12;

/// Output row or column `2 * cell + phase` of the rewritten network is the picture's
/// `2 * cell + phase - PHASE_OFFSET`.
const PHASE_OFFSET: usize = 3;

/// Numbers in a style code.
pub const CODE_LENGTH: usize = 256;

/// The weights of `render.onnx` by name.
pub(super) struct Network {
    tensors: HashMap<String, Tensor>,
    blocks: usize,
}

/// One normalised convolution: weights already scaled, and the shift as bias.
struct Folded {
    weights: Tensor,
    bias: Vec<f32>,
}

impl Network {
    /// Reads the weights out of the file.
    pub fn parse(file: &[u8]) -> Result<Self> {
        let model = ModelProto::decode(file)
            .map_err(|e| Error::caused(ErrorKind::Model, "cannot read render.onnx", e))?;
        let graph = model.graph.unwrap_or_default();
        let tensors = Tensor::all_of(&graph)?;
        let blocks =
            (0..).take_while(|k| tensors.contains_key(&format!("t.body.{k}.dw.weight"))).count();
        Ok(Self { tensors, blocks })
    }

    /// The numbers in `affine`.
    pub fn affine_length(&self) -> Result<usize> {
        Ok(self.layers().map(|name| self.channels(&name)).sum::<Result<usize>>()? * 2)
    }

    /// The whole network for one `affine`: `image` [1,3,H,W], sRGB 0..1, to `phases`
    /// [1,12,H/2+3,W/2+3]; see [`PHASE_OFFSET`].
    pub fn render_graph(&self, affine: &[f32]) -> Result<Vec<u8>> {
        if affine.len() != self.affine_length()? {
            let what = format!(
                "cannot build the network: {} affine numbers given, {} needed",
                affine.len(),
                self.affine_length()?
            );
            return Err(Error::new(ErrorKind::Model, what));
        }
        let mut folded = self.fold(affine)?;
        let mut take = |name: &str| folded.remove(name).ok_or_else(|| missing(name));
        let mut g = GraphBuilder::new("render");
        g.input("image", &[Some(1), Some(3), None, None]);
        let half = g.constant("half", &[], &[0.5]);
        let mut x = g.node("Sub", "centred", &["image", &half], &[]);
        for (name, stride, padding) in [("stem", 1, 2), ("d1", 2, 1), ("d2", 2, 1)] {
            x = conv(&mut g, name, &x, &take(name)?, Shape { stride, padding, groups: 1 });
            x = relu(&mut g, &x);
        }
        for k in 0..self.blocks {
            let name = format!("body.{k}");
            let depthwise = take(&name)?;
            let groups = depthwise.weights.dims[0] as i64;
            let shape = Shape { stride: 1, padding: 2, groups };
            let mut y = conv(&mut g, &format!("{name}.dw"), &x, &depthwise, shape);
            y = conv(&mut g, &format!("{name}.up"), &y, &self.plain(&format!("{name}.up"))?, POINT);
            y = relu(&mut g, &y);
            let down = self.plain(&format!("{name}.down"))?;
            y = conv(&mut g, &format!("{name}.down"), &y, &down, POINT);
            x = g.node("Add", &format!("{name}.sum"), &[&x, &y], &[]);
        }
        // Channels of the first doubling in the order of DepthToSpace's CRD mode.
        let u1 = doubled(&take("u1")?, PhaseOrder::Innermost)?;
        x = conv(&mut g, "u1", &x, &u1, PHASES);
        x = relu(&mut g, &x);
        x = g.node(
            "DepthToSpace",
            "u1.placed",
            &[&x],
            &[("blocksize", Attribute::Int(2)), ("mode", Attribute::Text("CRD"))],
        );
        let u2 = doubled(&take("u2")?, PhaseOrder::Outermost)?;
        x = conv(&mut g, "u2", &x, &u2, PHASES);
        x = relu(&mut g, &x);
        let out = over_phases(&self.plain("out")?)?;
        x = conv(&mut g, "out", &x, &out, PHASES);
        g.node("Sigmoid", "phases", &[&x], &[]);
        g.output("phases", &[Some(1), Some(PHASE_CHANNELS as i64), None, None]);
        Ok(g.finish())
    }

    /// Names of the normalised layers in the order in which `affine` lists them.
    fn layers(&self) -> impl Iterator<Item = String> + '_ {
        let body = (0..self.blocks).map(|k| format!("body.{k}"));
        let named = |name: &str| name.to_owned();
        ["stem", "d1", "d2"].map(named).into_iter().chain(body).chain(["u1", "u2"].map(named))
    }

    fn channels(&self, layer: &str) -> Result<usize> {
        Ok(self.layer_weights(layer)?.dims[0])
    }

    fn layer_weights(&self, layer: &str) -> Result<&Tensor> {
        let name = if layer.starts_with("body.") { format!("{layer}.dw") } else { layer.into() };
        self.tensor(&format!("{name}.weight"), 4)
    }

    fn tensor(&self, name: &str, rank: usize) -> Result<&Tensor> {
        self.tensors
            .get(&format!("t.{name}"))
            .filter(|tensor| tensor.dims.len() == rank && !tensor.dims.contains(&0))
            .ok_or_else(|| missing(name))
    }

    /// Folds each layer's slice of `affine` (scales, then shifts) into its convolution.
    fn fold(&self, affine: &[f32]) -> Result<HashMap<String, Folded>> {
        let mut rest = affine;
        let mut folded = HashMap::new();
        for layer in self.layers() {
            let mut weights = self.layer_weights(&layer)?.clone();
            let channels = weights.dims[0];
            let (scales, after) = rest.split_at(channels);
            let (shifts, after) = after.split_at(channels);
            rest = after;
            let taps = weights.values.len() / channels;
            for (kernel, scale) in weights.values.chunks_exact_mut(taps).zip(scales) {
                kernel.iter_mut().for_each(|w| *w *= scale);
            }
            folded.insert(layer, Folded { weights, bias: shifts.to_vec() });
        }
        Ok(folded)
    }

    /// A convolution without normalisation.
    fn plain(&self, name: &str) -> Result<Folded> {
        let weights = self.tensor(&format!("{name}.weight"), 4)?.clone();
        let bias = self.tensor(&format!("{name}.bias"), 1)?.values.clone();
        Ok(Folded { weights, bias })
    }
}

/// The pixels of `inner` out of the rewritten network's output for `seen`.
pub(super) fn from_phases(
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

fn missing(name: &str) -> Error {
    let what = format!("cannot build the network: render.onnx lacks the weights of '{name}'");
    Error::new(ErrorKind::Model, what)
}

struct Shape {
    stride: i64,
    padding: i64,
    groups: i64,
}

const POINT: Shape = Shape { stride: 1, padding: 0, groups: 1 };
const PHASES: Shape = Shape { stride: 1, padding: 1, groups: 1 };

fn conv(g: &mut GraphBuilder, name: &str, x: &str, layer: &Folded, shape: Shape) -> String {
    let dims = &layer.weights.dims;
    let weights = g.constant(&format!("{name}.weight"), dims, &layer.weights.values);
    let bias = g.constant(&format!("{name}.bias"), &[layer.bias.len()], &layer.bias);
    let attributes = [
        ("kernel_shape", Attribute::Ints(&[dims[2] as i64, dims[3] as i64])),
        ("pads", Attribute::Ints(&[shape.padding; 4])),
        ("strides", Attribute::Ints(&[shape.stride; 2])),
        ("group", Attribute::Int(shape.groups)),
    ];
    g.node("Conv", name, &[x, &weights, &bias], &attributes)
}

fn relu(g: &mut GraphBuilder, x: &str) -> String {
    g.node("Relu", &format!("{x}.relu"), &[x], &[])
}

/// Where a channel's number holds the phase: `channel * 4 + phase` or `phase * channels + channel`.
#[derive(Clone, Copy, PartialEq)]
enum PhaseOrder {
    Innermost,
    Outermost,
}

/// Which tap of the 2-tap kernel tap `k` of a 3-tap kernel falls on after doubling. Output rows
/// `2i-1` (phase 0 here) and `2i` (phase 1) both read the input rows `i-1` and `i`.
const FALLS_ON: [[usize; 3]; 2] = [[0, 0, 1], [0, 1, 1]];

/// Doubling and a 3x3 convolution as one 2x2 convolution with four times the channels.
fn doubled(layer: &Folded, order: PhaseOrder) -> Result<Folded> {
    let [outputs, inputs, 3, 3] = layer.weights.dims[..] else {
        return Err(missing("a 3x3 convolution after a doubling"));
    };
    let mut values = vec![0.0; 4 * outputs * inputs * 4];
    let mut bias = vec![0.0; 4 * outputs];
    for phase in 0..4 {
        let (rows, columns) = (FALLS_ON[phase / 2], FALLS_ON[phase % 2]);
        for output in 0..outputs {
            let channel = match order {
                PhaseOrder::Innermost => output * 4 + phase,
                PhaseOrder::Outermost => phase * outputs + output,
            };
            bias[channel] = layer.bias[output];
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
    Ok(Folded { weights: Tensor { dims: vec![4 * outputs, inputs, 2, 2], values }, bias })
}

/// A 5x5 convolution over pixels as a 3x3 convolution over cells of 2x2 pixels, whose phases are
/// the outermost part of the channel number on both sides.
fn over_phases(layer: &Folded) -> Result<Folded> {
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
                    let from = from_phase * inputs + input;
                    values[(to * 4 * inputs + from) * 9 + at] =
                        layer.weights.values[(output * inputs + input) * 25 + tap];
                }
            }
        }
    }
    let bias = (0..4).flat_map(|_| layer.bias.iter().copied()).collect();
    Ok(Folded { weights: Tensor { dims: vec![4 * outputs, 4 * inputs, 3, 3], values }, bias })
}
