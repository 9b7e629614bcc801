//! The fast method's network, rewritten.
//!
//! The networks that are shipped normalise after every convolution. [`Network::statistics_graph`]
//! measures a picture for that, [`Network::render_graph`] paints with what was measured. Both are
//! exact, and less work than the shipped files: a nearest-neighbour doubling before a 3x3
//! convolution is one 2x2 convolution that yields the four phases of every output pixel as channels
//! (16 taps for 36).

mod phases;
mod render;
#[cfg(test)]
mod shipped;
mod statistics;

use std::collections::HashMap;

use prost::Message;

use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Attribute, Form, GraphBuilder, Tensor};
use crate::onnx::ModelProto;
use crate::runtime::operators::{DEPTHWISE, DOUBLING, RESIDUAL};

use phases::doubled;
pub(super) use render::pixels;

/// Sides of the network's input are multiples of this.
pub(super) const SIZE_MULTIPLE: u32 = 4;

/// The farthest an input pixel reaches in the output, in pixels, rounded up to a size multiple.
pub(super) const REACH: u32 = 80;

/// Numbers in a style code.
pub const CODE_LENGTH: usize = 256;

/// The weights of a network's file by name.
pub struct Network {
    /// The file's name in the models' folder, for messages.
    file: &'static str,
    tensors: HashMap<String, Tensor>,
    blocks: usize,
}

/// The weights of one convolution.
struct Layer {
    weights: Tensor,
    /// None where a normalisation follows.
    bias: Option<Vec<f32>>,
}

/// A convolution with its normalisation, as the two graphs make it in their own ways.
struct Normalized<'a> {
    name: &'a str,
    stride: i64,
    padding: i64,
    is_depthwise: bool,
    has_relu: bool,
    is_after_doubling: bool,
}

impl Normalized<'_> {
    /// Behind [`Network::features`].
    const LAST: Self = Self { name: "u2", is_after_doubling: true, ..Self::PLAIN };
    const PLAIN: Self = Self {
        name: "",
        stride: 1,
        padding: 2,
        is_depthwise: false,
        has_relu: true,
        is_after_doubling: false,
    };

    /// The convolution, whose results are phases behind a doubling.
    fn convolve(&self, g: &mut GraphBuilder, x: &str, layer: &Layer, form: Form) -> Result<String> {
        let Self { name, stride, padding, .. } = *self;
        if self.is_after_doubling {
            return match form {
                Form::Onnx => Ok(conv(g, name, x, &doubled(layer)?, PHASES)),
                Form::Cpu => Ok(doubled_on_cpu(g, name, x, layer, Doubled::default())),
            };
        }
        if self.is_depthwise {
            return Ok(depthwise(g, name, x, layer, form));
        }
        Ok(conv(g, name, x, layer, Shape { stride, padding, groups: 1 }))
    }
}

impl Network {
    /// Reads the weights out of the bytes of `file`: `stylize.onnx` or `render.onnx`.
    pub fn parse(file: &'static str, bytes: &[u8]) -> Result<Self> {
        let model = ModelProto::decode(bytes)
            .map_err(|e| Error::caused(ErrorKind::Model, format!("cannot read {file}"), e))?;
        let graph = model.graph.unwrap_or_default();
        let tensors = Tensor::all_of(&graph)?;
        let blocks =
            (0..).take_while(|k| tensors.contains_key(&format!("t.body.{k}.dw.weight"))).count();
        Ok(Self { file, tensors, blocks })
    }

    /// The numbers in `affine`.
    pub fn affine_length(&self) -> Result<usize> {
        Ok(self.layers().map(|name| self.channels(&name)).sum::<Result<usize>>()? * 2)
    }

    /// From `image` to the last but one of the normalised convolutions, all of which `normalize`
    /// adds.
    fn features(
        &self,
        g: &mut GraphBuilder,
        form: Form,
        mut normalize: impl FnMut(&mut GraphBuilder, &str, Normalized<'_>) -> Result<String>,
    ) -> Result<String> {
        g.input("image", &[Some(1), Some(3), None, None]);
        let half = g.constant("half", &[], &[0.5]);
        let mut x = g.node("Sub", "centred", &["image", &half], &[]);
        x = normalize(g, &x, Normalized { name: "stem", ..Normalized::PLAIN })?;
        for name in ["d1", "d2"] {
            x = normalize(g, &x, Normalized { name, stride: 2, padding: 1, ..Normalized::PLAIN })?;
        }
        for k in 0..self.blocks {
            let name = &format!("body.{k}");
            let shape =
                Normalized { name, is_depthwise: true, has_relu: false, ..Normalized::PLAIN };
            let y = normalize(g, &x, shape)?;
            x = self.residual(g, name, [&x, &y], form)?;
        }
        normalize(g, &x, Normalized { name: "u1", is_after_doubling: true, ..Normalized::PLAIN })
    }

    /// The sum of the first value and what two convolutions over channels make of the second.
    fn residual(
        &self,
        g: &mut GraphBuilder,
        name: &str,
        [x, y]: [&str; 2],
        form: Form,
    ) -> Result<String> {
        let [up, down] = ["up", "down"].map(|end| format!("{name}.{end}"));
        let layers = [self.plain(&up)?, self.plain(&down)?];
        let sum = format!("{name}.sum");
        if form == Form::Cpu {
            let mut inputs = vec![x.to_owned(), y.to_owned()];
            for (name, layer) in [&up, &down].into_iter().zip(&layers) {
                inputs.extend(constants(g, name, layer));
            }
            let inputs: Vec<_> = inputs.iter().map(String::as_str).collect();
            g.own_node(RESIDUAL, &[&sum], &inputs, &[]);
            return Ok(sum);
        }
        let [raise, lower] = &layers;
        let shape = || Shape { stride: 1, padding: 0, groups: 1 };
        let y = conv(g, &up, y, raise, shape());
        let y = g.node("Relu", &format!("{up}.relu"), &[&y], &[]);
        let y = conv(g, &down, &y, lower, shape());
        Ok(g.node("Add", &sum, &[x, &y], &[]))
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
        self.tensor(&format!("t.{name}.weight"), 4)
    }

    /// A convolution without normalisation.
    fn plain(&self, name: &str) -> Result<Layer> {
        let weights = self.tensor(&format!("t.{name}.weight"), 4)?.clone();
        let bias = self.tensor(&format!("t.{name}.bias"), 1)?.values.clone();
        Ok(Layer { weights, bias: Some(bias) })
    }

    fn tensor(&self, name: &str, rank: usize) -> Result<&Tensor> {
        self.tensors
            .get(name)
            .filter(|tensor| tensor.dims.len() == rank && !tensor.dims.contains(&0))
            .ok_or_else(|| self.missing(name))
    }

    fn missing(&self, weights: &str) -> Error {
        let what = format!("cannot build the network: {} lacks the weights '{weights}'", self.file);
        Error::new(ErrorKind::Model, what)
    }
}

struct Shape {
    stride: i64,
    padding: i64,
    groups: i64,
}

/// Of a convolution whose results are phases.
const PHASES: Shape = Shape { stride: 1, padding: 1, groups: 1 };

/// Weights, and the bias where there is one.
fn constants(g: &mut GraphBuilder, name: &str, layer: &Layer) -> Vec<String> {
    let Layer { weights, bias } = layer;
    let weights = g.constant(&format!("{name}.weight"), &weights.dims, &weights.values);
    let bias = bias.as_ref();
    let bias = bias.map(|bias| g.constant(&format!("{name}.bias"), &[bias.len()], bias));
    [weights].into_iter().chain(bias).collect()
}

fn conv(g: &mut GraphBuilder, name: &str, x: &str, layer: &Layer, shape: Shape) -> String {
    let dims = &layer.weights.dims;
    let constants = constants(g, name, layer);
    let inputs: Vec<_> = [x].into_iter().chain(constants.iter().map(String::as_str)).collect();
    let attributes = [
        ("kernel_shape", Attribute::Ints(&[dims[2] as i64, dims[3] as i64])),
        ("pads", Attribute::Ints(&[shape.padding; 4])),
        ("strides", Attribute::Ints(&[shape.stride; 2])),
        ("group", Attribute::Int(shape.groups)),
    ];
    g.node("Conv", name, &inputs, &attributes)
}

/// A convolution of each channel by itself.
fn depthwise(g: &mut GraphBuilder, name: &str, x: &str, layer: &Layer, form: Form) -> String {
    if form == Form::Onnx {
        let groups = layer.weights.dims[0] as i64;
        return conv(g, name, x, layer, Shape { stride: 1, padding: 2, groups });
    }
    let constants = constants(g, name, layer);
    let inputs: Vec<_> = [x].into_iter().chain(constants.iter().map(String::as_str)).collect();
    g.own_node(DEPTHWISE, &[name], &inputs, &[]);
    name.to_owned()
}

/// What is done with a doubled convolution's results at once.
#[derive(Default)]
struct Doubled {
    has_relu: bool,
    is_placed: bool,
}

/// A doubling and a convolution in one.
fn doubled_on_cpu(
    g: &mut GraphBuilder,
    name: &str,
    x: &str,
    layer: &Layer,
    Doubled { has_relu, is_placed }: Doubled,
) -> String {
    let constants = constants(g, name, layer);
    let inputs: Vec<_> = [x].into_iter().chain(constants.iter().map(String::as_str)).collect();
    let flag = |is_set| Attribute::Int(i64::from(is_set));
    g.own_node(
        DOUBLING,
        &[name],
        &inputs,
        &[("relu", flag(has_relu)), ("placed", flag(is_placed))],
    );
    name.to_owned()
}

/// Puts the phases of each channel in place.
fn placed(g: &mut GraphBuilder, name: &str, x: &str) -> String {
    let mode = Attribute::Text("CRD");
    let attributes = [("blocksize", Attribute::Int(2)), ("mode", mode)];
    g.node("DepthToSpace", &format!("{name}.placed"), &[x], &attributes)
}
