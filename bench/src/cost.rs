//! What one run of a network costs: arithmetic and memory traffic, counted from its graph.

use std::collections::{HashMap, HashSet};
use std::iter;
use std::num::NonZeroUsize;

use impasto::onnx::{
    Dimension, GraphProto, ModelProto, NodeProto, TensorShapeProto, ValueInfoProto, data_type,
};
use impasto::runtime::{Device, Runtime};
use impasto::{Error, ErrorKind, Result};
use prost::Message;

/// The work of one run of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Multiplications and additions of convolutions and matrix products, each counted on its own,
    /// when they are computed directly.
    pub operations: u64,
    /// Numbers that pass through memory when every operation reads its inputs and weights once and
    /// writes its outputs once, and none is merged with its neighbours.
    pub numbers: u64,
}

/// The dimensions of each float value by name.
type Shapes = HashMap<String, Vec<i64>>;

impl Cost {
    /// Counts what a graph computes for its outputs. `dims` gives the dimensions of an input by
    /// its name, of which those count that the file leaves open; `None` where it leaves none.
    ///
    /// Values that follow from constants alone are free: the runtime computes them once, when it
    /// loads the graph. So are views, which only name values anew. Values that are no floats, such
    /// as shapes and masks, are not counted.
    ///
    /// # Errors
    /// `Model` where the file cannot be read or leaves a size open.
    pub fn of(
        onnx: &[u8],
        dims: impl Fn(&str) -> Option<Vec<i64>>,
        runtime: &Runtime,
    ) -> Result<Self> {
        let model = ModelProto::decode(onnx)
            .map_err(|e| Error::caused(ErrorKind::Model, "cannot count a network's work", e))?;
        let graph = model.graph.clone().unwrap_or_default();
        let constants = constants(&graph);
        let shapes = shapes(model, dims, runtime)?;
        let mut cost = Self { operations: 0, numbers: 0 };
        for node in needed(&graph) {
            let is_free = matches!(
                node.op_type(),
                "Identity" | "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze" | "Shape" | "Size"
            );
            if !is_free && !node.output.iter().all(|output| constants.contains(output)) {
                cost.operations += operations(node, &shapes)?;
                let values: HashSet<_> = node.input.iter().chain(&node.output).collect();
                let counted = values.into_iter().filter_map(|value| shapes.get(value));
                cost.numbers += counted.map(|dims| count(dims)).sum::<u64>();
            }
        }
        Ok(cost)
    }
}

/// Of a convolution or a matrix product; 0 for anything else.
fn operations(node: &NodeProto, shapes: &Shapes) -> Result<u64> {
    let dims = |value: Option<&String>| {
        let found = value.and_then(|value| shapes.get(value));
        found.ok_or_else(|| unknown(node.output.first().map_or("", String::as_str)))
    };
    let [first, second] = [node.input.first(), node.input.get(1)];
    let each = match node.op_type() {
        // A kernel of [outputs, inputs, height, width].
        "Conv" => count(dims(second)?.get(1..).unwrap_or_default()),
        "MatMul" => dims(first)?.last().map_or(0, |&inner| inner as u64),
        "Gemm" => count(dims(first)?) / dims(node.output.first())?.first().map_or(1, |&m| m as u64),
        _ => return Ok(0),
    };
    Ok(2 * each * count(dims(node.output.first())?))
}

fn count(dims: &[i64]) -> u64 {
    dims.iter().map(|&dim| dim as u64).product()
}

/// The operations that the outputs depend on.
fn needed(graph: &GraphProto) -> Vec<&NodeProto> {
    let mut wanted: HashSet<&str> = graph.output.iter().map(ValueInfoProto::name).collect();
    let mut nodes = Vec::new();
    for node in graph.node.iter().rev() {
        if node.output.iter().any(|output| wanted.contains(output.as_str())) {
            wanted.extend(node.input.iter().map(String::as_str));
            nodes.push(node);
        }
    }
    nodes
}

/// Values that depend on no input.
fn constants(graph: &GraphProto) -> HashSet<String> {
    let mut constants: HashSet<_> =
        graph.initializer.iter().map(|each| each.name().to_owned()).collect();
    // One that is left out has no name.
    constants.insert(String::new());
    for node in &graph.node {
        if node.input.iter().all(|input| constants.contains(input)) {
            constants.extend(node.output.iter().cloned());
        }
    }
    constants
}

/// The runtime infers the dimensions of whatever is an output, so everything is made one.
fn shapes(
    mut model: ModelProto,
    dims: impl Fn(&str) -> Option<Vec<i64>>,
    runtime: &Runtime,
) -> Result<Shapes> {
    let mut shapes = Shapes::new();
    if let Some(graph) = &mut model.graph {
        for tensor in &graph.initializer {
            if matches!(tensor.data_type, Some(data_type::FLOAT | data_type::FLOAT16)) {
                shapes.insert(tensor.name().to_owned(), tensor.dims.clone());
            }
        }
        for input in &mut graph.input {
            let Some(dims) = dims(input.name()) else { continue };
            if let Some(tensor) = input.r#type.as_mut().and_then(|each| each.tensor_type.as_mut()) {
                let fixed = tensor.shape.take().unwrap_or_default().dim;
                let fixed = fixed.iter().map(|dim| dim.dim_value).chain(iter::repeat(None));
                let sized = |(fixed, open): (Option<i64>, i64)| Dimension {
                    dim_value: fixed.or(Some(open)),
                    dim_param: None,
                };
                tensor.shape = Some(TensorShapeProto { dim: fixed.zip(dims).map(sized).collect() });
            }
        }
        let declared: HashSet<_> =
            graph.output.iter().map(|output| output.name().to_owned()).collect();
        let values = graph.node.iter().flat_map(|node| &node.output);
        let others = values.filter(|&value| !value.is_empty() && !declared.contains(value));
        let outputs: Vec<_> = others
            .map(|value| ValueInfoProto { name: Some(value.clone()), r#type: None })
            .collect();
        graph.output.extend(outputs);
    }
    let network = model.encode_to_vec();
    let session = runtime.session("all values", &network, &Device::Cpu, NonZeroUsize::MIN)?;
    for (name, dims) in session.inputs().into_iter().chain(session.outputs()) {
        if let Some(dims) = dims {
            if dims.iter().any(|&dim| dim < 0) {
                return Err(unknown(&name));
            }
            shapes.insert(name, dims);
        }
    }
    Ok(shapes)
}

fn unknown(value: &str) -> Error {
    let what = format!("cannot count a network's work: the size of '{value}' is not known");
    Error::new(ErrorKind::Model, what)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use half::f16;
    use impasto::graph::{Attribute, GraphBuilder};

    use super::*;

    fn cost(onnx: &[u8], input: [i64; 4]) -> Result<Cost> {
        Cost::of(onnx, |_| Some(input.to_vec()), &Runtime::load(None).unwrap())
    }

    const ANY_SIZE: [Option<i64>; 4] = [Some(1), Some(4), None, None];

    #[test]
    fn a_convolution_and_what_follows_it_are_counted() {
        let mut g = GraphBuilder::new("counted");
        g.input("x", &ANY_SIZE);
        // Of two groups, stored as half floats, which the runtime casts once.
        let kernel = g.half_constant("kernel", &[6, 2, 3, 3], &[f16::ONE; 108]);
        let bias = g.constant("bias", &[6], &[0.0; 6]);
        let settings = [
            ("kernel_shape", Attribute::Ints(&[3, 3])),
            ("pads", Attribute::Ints(&[1; 4])),
            ("strides", Attribute::Ints(&[2, 2])),
            ("group", Attribute::Int(2)),
        ];
        let y = g.node("Conv", "y", &["x", &kernel, &bias], &settings);
        // A square reads its one input once.
        let squares = g.node("Mul", "squares", &[&y, &y], &[]);
        g.node("Identity", "out", &[&squares], &[]);
        g.node("Exp", "of no use", &["x"], &[]);
        g.output("out", &[Some(1), Some(6), None, None]);
        let cost = cost(&g.finish(), [1, 4, 10, 8]).unwrap();
        // 6 channels of 5x4, each of 2 inputs of 3x3, a multiplication and an addition.
        assert_eq!(cost.operations, 120 * 18 * 2);
        assert_eq!(cost.numbers, (320 + 108 + 6 + 120) + (120 + 120));
    }

    #[test]
    fn matrix_products_are_counted() {
        let mut g = GraphBuilder::new("counted");
        g.input("x", &[None, None, None, None]);
        let rows = g.integers("rows", &[5, 7]);
        let x = g.node("Reshape", "rows of x", &["x", &rows], &[]);
        let b = g.constant("b", &[7, 3], &[0.0; 21]);
        let y = g.node("MatMul", "y", &[&x, &b], &[]);
        let turned = [("transA", Attribute::Int(1))];
        g.node("Gemm", "z", &[&y, &x], &turned);
        g.output("z", &[None, None]);
        let cost = cost(&g.finish(), [1, 5, 7, 1]).unwrap();
        assert_eq!(cost.operations, 2 * (5 * 3 * 7) + 2 * (3 * 7 * 5));
        assert_eq!(cost.numbers, (35 + 21 + 15) + (15 + 35 + 21));
    }

    #[test]
    fn a_size_left_open_is_refused() {
        let mut g = GraphBuilder::new("open");
        g.input("x", &ANY_SIZE);
        g.node("Relu", "y", &["x"], &[]);
        g.output("y", &ANY_SIZE);
        let runtime = Runtime::load(None).unwrap();
        let error = Cost::of(&g.finish(), |_| None, &runtime).unwrap_err().to_string();
        assert!(error.contains("'x'") || error.contains("'y'"), "{error}");
        assert!(Cost::of(b"no network", |_| None, &runtime).is_err());
    }
}
