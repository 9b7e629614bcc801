//! The network's convolutions as operations of a graph, in either form.

use super::weights::Layer;
use crate::graph::{Attribute, Form, GraphBuilder};
use crate::runtime::operators::{DEPTHWISE, DOUBLING};

pub(super) struct Shape {
    pub stride: i64,
    pub padding: i64,
    pub groups: i64,
}

/// Of a convolution whose results are phases.
pub(super) const PHASES: Shape = Shape { stride: 1, padding: 1, groups: 1 };

/// Weights, and the bias where there is one.
pub(super) fn constants(g: &mut GraphBuilder, name: &str, layer: &Layer) -> Vec<String> {
    let Layer { weights, bias } = layer;
    let weights = g.constant(&format!("{name}.weight"), &weights.dims, &weights.values);
    let bias = bias.as_ref();
    let bias = bias.map(|bias| g.constant(&format!("{name}.bias"), &[bias.len()], bias));
    [weights].into_iter().chain(bias).collect()
}

pub(super) fn conv(
    g: &mut GraphBuilder,
    name: &str,
    x: &str,
    layer: &Layer,
    shape: Shape,
) -> String {
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
pub(super) fn depthwise(
    g: &mut GraphBuilder,
    name: &str,
    x: &str,
    layer: &Layer,
    form: Form,
) -> String {
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
pub(super) struct Doubled {
    pub has_relu: bool,
    pub is_placed: bool,
}

/// A doubling and a convolution in one.
pub(super) fn doubled_on_cpu(
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
pub(super) fn placed(g: &mut GraphBuilder, name: &str, x: &str) -> String {
    let mode = Attribute::Text("CRD");
    let attributes = [("blocksize", Attribute::Int(2)), ("mode", mode)];
    g.node("DepthToSpace", &format!("{name}.placed"), &[x], &attributes)
}
