//! The forward pass.

use std::collections::HashMap;

use super::names;
use super::spec::{GraphSpec, Pooling};
use crate::graph::{Attribute, GraphBuilder};
use crate::vgg::{Convolution, Layer};

/// What the backward pass needs of the forward pass.
pub(super) struct Features {
    /// Activations after ReLU by layer.
    pub activations: HashMap<Layer, String>,
    /// All operations in the order in which they run.
    pub operations: Vec<Operation>,
}

pub(super) enum Operation {
    /// Convolution and ReLU.
    Convolution {
        layer: Layer,
        weight: String,
    },
    Pooling {
        input: String,
        output: String,
    },
}

pub(super) const HALVE: [(&str, Attribute<'static>); 2] =
    [("kernel_shape", Attribute::Ints(&[2, 2])), ("strides", Attribute::Ints(&[2, 2]))];
pub(super) const SAME_SIZE: [(&str, Attribute<'static>); 2] =
    [("kernel_shape", Attribute::Ints(&[3, 3])), ("pads", Attribute::Ints(&[1, 1, 1, 1]))];

pub(super) fn append(g: &mut GraphBuilder, spec: &GraphSpec<'_>) -> Features {
    let (order, mean, _) = spec.colors.normalization();
    let mut mean_rgb = [0.0; 3];
    for (k, &channel) in order.iter().enumerate() {
        mean_rgb[channel] = mean[k];
    }
    let mean = g.constant("mean", &[1, 3, 1, 1], &mean_rgb);
    let mut current = g.node("Sub", "centred", &[names::IMAGE, &mean], &[]);
    let mut features = Features { activations: HashMap::new(), operations: Vec::new() };
    let mut block = 1;
    for convolution in spec.convolutions {
        let layer = convolution.layer;
        if layer.block > block {
            block = layer.block;
            let operator = match spec.pooling {
                Pooling::Max => "MaxPool",
                Pooling::Average => "AveragePool",
            };
            let output = g.node(operator, &format!("block{block}_input"), &[&current], &HALVE);
            features.operations.push(Operation::Pooling { input: current, output: output.clone() });
            current = output;
        }
        let weight = weight(g, spec, convolution);
        let bias =
            g.constant(&format!("{layer}_bias"), &[convolution.outputs()], &convolution.bias);
        let sum = g.node("Conv", &format!("{layer}_sum"), &[&current, &weight, &bias], &SAME_SIZE);
        current = g.node("Relu", &layer.to_string(), &[&sum], &[]);
        features.activations.insert(layer, current.clone());
        features.operations.push(Operation::Convolution { layer, weight });
    }
    features
}

/// The kernel; the first one also takes red, green and blue from 0 to 1 to what the network was
/// trained on.
fn weight(g: &mut GraphBuilder, spec: &GraphSpec<'_>, convolution: &Convolution) -> String {
    let (layer, inputs) = (convolution.layer, convolution.inputs);
    let dims = [convolution.outputs(), inputs, 3, 3];
    let name = format!("{layer}_weight");
    let first = Layer { block: 1, convolution: 1 };
    if layer != first {
        return g.half_constant(&name, &dims, &convolution.weight);
    }
    let (order, _, scale) = spec.colors.normalization();
    let trained = g.half_constant(&format!("{layer}_trained"), &dims, &convolution.weight);
    let scale = g.constant("input_scale", &[1, 3, 1, 1], &scale);
    let scaled = g.node("Mul", &format!("{layer}_scaled"), &[&trained, &scale], &[]);
    // The orders in use are their own inverses.
    let order = g.integers("input_order", &order.map(|channel| channel as i64));
    g.node("Gather", &name, &[&scaled, &order], &[("axis", Attribute::Int(1))])
}
