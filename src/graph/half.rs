//! Turns a network of convolutions into one that computes in 16-bit floats.

use std::collections::{HashMap, HashSet};

use half::f16;
use prost::Message;

use super::tensor::Tensor;
use crate::error::{Error, ErrorKind, Result};
use crate::onnx::{AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, data_type};

/// What is computed in 16 bits: all that moves many values.
const OPERATORS: [&str; 4] = ["Conv", "Relu", "Add", "DepthToSpace"];

/// The ONNX file with its convolutions and what lies between them in half floats, which halves the
/// memory that they read and write. Inputs and outputs stay 32-bit floats.
///
/// No part is spared: with the first two convolutions in 32 bits, the fast network's output would be
/// 3.6e-4 off in the mean in place of 4.8e-4 and as far at most, for a tenth more memory traffic.
///
/// # Errors
/// `Model` for a file that is not ONNX, or with a constant that is too large for a half float.
pub fn in_half(onnx: &[u8]) -> Result<Vec<u8>> {
    let mut model = ModelProto::decode(onnx)
        .map_err(|e| Error::caused(ErrorKind::Model, "cannot read a network", e))?;
    if let Some(graph) = &mut model.graph {
        Halving::of(graph).rewrite(graph)?;
    }
    Ok(model.encode_to_vec())
}

/// Which values are halves, and the casts made so far.
#[derive(Default)]
struct Halving {
    constants: HashMap<String, TensorProto>,
    halves: HashSet<String>,
    casts: HashSet<String>,
    nodes: Vec<NodeProto>,
}

impl Halving {
    fn of(graph: &GraphProto) -> Self {
        let floats =
            graph.initializer.iter().filter(|each| each.data_type == Some(data_type::FLOAT));
        let constants = floats.map(|each| (each.name().to_owned(), each.clone())).collect();
        Self { constants, ..Self::default() }
    }

    fn rewrite(mut self, graph: &mut GraphProto) -> Result<()> {
        let outputs: HashSet<_> = graph.output.iter().map(|each| each.name().to_owned()).collect();
        for mut node in std::mem::take(&mut graph.node) {
            let is_half = OPERATORS.contains(&node.op_type());
            for input in node.input.iter_mut().filter(|input| !input.is_empty()) {
                *input = if is_half { self.half(input, graph)? } else { self.float(input) };
            }
            if !is_half {
                self.nodes.push(node);
                continue;
            }
            let results = std::mem::take(&mut node.output);
            node.output = results.iter().map(|result| half_name(result)).collect();
            self.nodes.push(node);
            for result in results {
                let is_output = outputs.contains(&result);
                self.halves.insert(result.clone());
                if is_output {
                    self.float(&result);
                }
            }
        }
        graph.node = self.nodes;
        let used: HashSet<_> = graph.node.iter().flat_map(|node| node.input.clone()).collect();
        graph.initializer.retain(|each| used.contains(each.name()));
        // They say that values are floats.
        graph.value_info.clear();
        Ok(())
    }

    /// The value in 16 bits: as it is, as a constant, or by a cast.
    fn half(&mut self, value: &str, graph: &mut GraphProto) -> Result<String> {
        let half = half_name(value);
        if self.halves.contains(value) || !self.casts.insert(half.clone()) {
            return Ok(half);
        }
        match self.constants.get(value) {
            Some(constant) => graph.initializer.push(rounded(constant, &half)?),
            None => self.nodes.push(cast(value, &half, data_type::FLOAT16)),
        }
        Ok(half)
    }

    /// The value in 32 bits: as it is, or by a cast under its own name.
    fn float(&mut self, value: &str) -> String {
        if self.halves.contains(value) && self.casts.insert(value.to_owned()) {
            self.nodes.push(cast(&half_name(value), value, data_type::FLOAT));
        }
        value.to_owned()
    }
}

fn half_name(value: &str) -> String {
    format!("{value}.half")
}

fn cast(from: &str, to: &str, kind: i32) -> NodeProto {
    NodeProto {
        input: vec![from.to_owned()],
        output: vec![to.to_owned()],
        // Not its result's name alone, which the operation that made the value may have.
        name: Some(format!("{to}.cast")),
        op_type: Some("Cast".to_owned()),
        attribute: vec![AttributeProto {
            name: Some("to".to_owned()),
            i: Some(i64::from(kind)),
            // An integer, in the numbers of AttributeProto.AttributeType.
            r#type: Some(2),
            ..AttributeProto::default()
        }],
        domain: None,
    }
}

fn rounded(constant: &TensorProto, name: &str) -> Result<TensorProto> {
    let values = Tensor::from_proto(constant)?.values;
    let halves: Vec<_> = values.into_iter().map(f16::from_f32).collect();
    if halves.iter().any(|value| !value.is_finite()) {
        let what = format!(
            "cannot compute in 16 bits: '{}' has values above 65504; use 32 bits",
            constant.name()
        );
        return Err(Error::new(ErrorKind::Model, what));
    }
    Ok(TensorProto {
        name: Some(name.to_owned()),
        dims: constant.dims.clone(),
        data_type: Some(data_type::FLOAT16),
        raw_data: Some(halves.into_iter().flat_map(f16::to_le_bytes).collect()),
        ..TensorProto::default()
    })
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::graph::{Attribute, GraphBuilder};
    use crate::job::Cancel;
    use crate::runtime::{Device, Input, Runtime};

    /// Two outputs: one of a convolution, one of what stays in 32 bits.
    fn network(scale: f32) -> Vec<u8> {
        let mut g = GraphBuilder::new("test");
        g.input("image", &[Some(1), Some(3), None, None]);
        let mut state = 0_u32;
        let mut conv = |g: &mut GraphBuilder, name: &str, x: &str, [to, from]: [usize; 2]| {
            let mut values = |count: usize| -> Vec<f32> {
                let next = |_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 8) as f32 / (1 << 24) as f32 - 0.5
                };
                (0..count).map(next).collect()
            };
            let weights: Vec<_> = values(to * from).iter().map(|value| value * scale).collect();
            let weights = g.constant(&format!("{name}.weight"), &[to, from, 1, 1], &weights);
            let bias = g.constant(&format!("{name}.bias"), &[to], &values(to));
            g.node("Conv", name, &[x, &weights, &bias], &[])
        };
        let half = g.constant("half", &[], &[0.5]);
        g.node("Sub", "centred", &["image", &half], &[]);
        conv(&mut g, "first", "centred", [8, 3]);
        g.node("Relu", "open", &["first"], &[]);
        conv(&mut g, "second", "open", [8, 8]);
        g.node("Add", "sum", &["open", "second"], &[]);
        conv(&mut g, "third", "sum", [8, 8]);
        g.node("Add", "sums", &["sum", "third"], &[]);
        conv(&mut g, "fourth", "sums", [12, 8]);
        g.node("DepthToSpace", "placed", &["fourth"], &[("blocksize", Attribute::Int(2))]);
        g.node("Sigmoid", "painted", &["placed"], &[]);
        g.output("fourth", &[Some(1), Some(12), None, None]);
        g.output("painted", &[Some(1), Some(3), None, None]);
        g.finish()
    }

    fn run(onnx: &[u8]) -> [Vec<f32>; 2] {
        let (runtime, one) = (Runtime::load(None).unwrap(), NonZeroUsize::MIN);
        let mut session = runtime.session("test", onnx, &Device::Cpu, one).unwrap();
        let image: Vec<_> = (0..3 * 16).map(|k| k as f32 / 48.0).collect();
        let image = Input { name: "image", shape: &[1, 3, 4, 4], values: &image };
        let outputs = session.run(&[image], &Cancel::new(), |outputs| {
            Ok(["fourth", "painted"].map(|name| outputs.floats(name).unwrap().1.to_vec()))
        });
        outputs.unwrap()
    }

    /// The runtime rounds constants here, and computes in 32 bits: a CPU has no other operators.
    #[test]
    fn outputs_stay_floats_and_come_near() {
        let onnx = network(1.0);
        let (whole, half) = (run(&onnx), run(&in_half(&onnx).unwrap()));
        for (whole, half) in whole.iter().zip(&half) {
            assert_eq!(whole.len(), half.len());
            let most = whole.iter().zip(half).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(most > 0.0 && most < 1e-2, "{most}");
        }
    }

    #[test]
    fn convolutions_are_in_16_bits() {
        let model = ModelProto::decode(&in_half(&network(1.0)).unwrap()[..]).unwrap();
        let graph = model.graph.unwrap();
        let kind = |name: &str| {
            let constant = graph.initializer.iter().find(|each| each.name() == name)?;
            constant.data_type
        };
        let nodes = |operator| graph.node.iter().filter(move |node| node.op_type() == operator);
        let kinds: Vec<_> =
            nodes("Conv").flat_map(|node| node.input[1..].iter().map(|name| kind(name))).collect();
        assert_eq!(kinds, [Some(data_type::FLOAT16); 8]);
        // One to halves, and one to floats for either output.
        assert_eq!(nodes("Cast").count(), 3);
    }

    #[test]
    fn what_no_half_can_hold_is_refused() {
        let words = in_half(&network(1e6)).unwrap_err().to_string();
        assert!(words.contains("first.weight") && words.contains("use 32 bits"), "{words}");
        assert!(in_half(b"text").is_err());
    }
}
