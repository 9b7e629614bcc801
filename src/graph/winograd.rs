//! Puts the CPU's own convolutions into a graph.

use std::collections::HashMap;

use prost::Message;

use crate::onnx::{GraphProto, ModelProto, NodeProto, OperatorSetIdProto};
use crate::runtime::operators::{DOMAIN, WINOGRAD};

/// The ONNX file with its convolutions of gradients, those behind the gradient of ReLU, computed by
/// [`crate::runtime::operators`]; `None` where there are none.
///
/// Convolutions of features stay as they are. Their rounding decides here and there whether a ReLU
/// is open and which of four pooled values is the largest. The runtime rounds alike wherever a tile
/// lies, while Winograd's way does not, and tiles would no longer have the whole picture's gradient.
/// Gradients meet no such decision: rounding stays rounding, of 1e-6.
pub fn with_winograd(onnx: &[u8]) -> Option<Vec<u8>> {
    let mut model = ModelProto::decode(onnx).ok()?;
    let graph = model.graph.as_mut()?;
    let links = Links::of(graph);
    let gradients: Vec<_> =
        (0..graph.node.len()).filter_map(|place| links.gradient(graph, place)).collect();
    if gradients.is_empty() {
        return None;
    }
    for Gradient { convolution, by_output, activation, .. } in &gradients {
        let node = &mut graph.node[*convolution];
        node.input = vec![by_output.clone(), node.input[1].clone(), activation.clone()];
        node.op_type = Some(WINOGRAD.to_owned());
        node.domain = Some(DOMAIN.to_owned());
        node.attribute.clear();
    }
    let mut place = 0;
    graph.node.retain(|_| {
        place += 1;
        !gradients.iter().any(|gradient| gradient.relu.contains(&(place - 1)))
    });
    let domain = Some(DOMAIN.to_owned());
    model.opset_import.push(OperatorSetIdProto { domain, version: Some(1) });
    Some(model.encode_to_vec())
}

/// A convolution of a gradient by a ReLU's output times that ReLU's slope.
struct Gradient {
    convolution: usize,
    /// The gradient by the ReLU's output.
    by_output: String,
    /// The ReLU's output.
    activation: String,
    /// The operations that compute and multiply with the slope.
    relu: [usize; 2],
}

/// Who makes and who reads each value.
struct Links {
    makers: HashMap<String, usize>,
    readers: HashMap<String, usize>,
}

impl Links {
    fn of(graph: &GraphProto) -> Self {
        let mut links = Self { makers: HashMap::new(), readers: HashMap::new() };
        for (place, node) in graph.node.iter().enumerate() {
            links.makers.extend(node.output.iter().map(|output| (output.clone(), place)));
            for input in &node.input {
                *links.readers.entry(input.clone()).or_default() += 1;
            }
        }
        for output in &graph.output {
            *links.readers.entry(output.name().to_owned()).or_default() += 1;
        }
        links
    }

    fn gradient(&self, graph: &GraphProto, convolution: usize) -> Option<Gradient> {
        let node = &graph.node[convolution];
        let [value, kernel] = &node.input[..] else { return None };
        if !is_plain(node) || !self.is_constant(graph, kernel) {
            return None;
        }
        let (product, node) = self.own_maker(graph, value)?;
        let ("Mul", [by_output, slope]) = (node.op_type(), &node.input[..]) else { return None };
        let (step, node) = self.own_maker(graph, slope)?;
        let ("HardSigmoid", [activation]) = (node.op_type(), &node.input[..]) else { return None };
        let is_step = node.attribute.iter().all(|attribute| match attribute.name() {
            "alpha" => attribute.f.is_some_and(|alpha| alpha >= 1e30),
            _ => attribute.f.is_some_and(|beta| beta <= 1e-20),
        });
        is_step.then(|| Gradient {
            convolution,
            by_output: by_output.clone(),
            activation: activation.clone(),
            relu: [product, step],
        })
    }

    /// The node that makes a value for one reader alone.
    fn own_maker<'g>(&self, graph: &'g GraphProto, value: &str) -> Option<(usize, &'g NodeProto)> {
        let maker = *self.makers.get(value)?;
        (self.readers.get(value) == Some(&1)).then(|| (maker, &graph.node[maker]))
    }

    /// Whether a value depends on no input, so that the runtime computes it once.
    fn is_constant(&self, graph: &GraphProto, value: &str) -> bool {
        match self.makers.get(value) {
            Some(&maker) => {
                graph.node[maker].input.iter().all(|input| self.is_constant(graph, input))
            }
            None => value.is_empty() || graph.initializer.iter().any(|each| each.name() == value),
        }
    }
}

/// Whether a node is a convolution of 3x3 with stride 1 and a border of one.
fn is_plain(node: &NodeProto) -> bool {
    let says = |name| node.attribute.iter().any(|attribute| attribute.name() == name);
    let is_convolution = node.op_type() == "Conv" && says("kernel_shape") && says("pads");
    is_convolution
        && node.attribute.iter().all(|attribute| match attribute.name() {
            "kernel_shape" => attribute.ints == [3, 3],
            "pads" => attribute.ints == [1; 4],
            "strides" | "dilations" => attribute.ints == [1, 1],
            "group" => attribute.i == Some(1),
            _ => false,
        })
}
