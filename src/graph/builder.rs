//! Writes ONNX graphs node by node.

use half::f16;
use prost::Message;

use crate::onnx::{
    AttributeProto, Dimension, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto,
    TensorShapeProto, TensorType, TypeProto, ValueInfoProto, data_type,
};
use crate::runtime::operators::DOMAIN;

/// Version of ONNX's operators in which graphs are written: the newest that every runtime and
/// device in use has whole.
const OPERATOR_SET: i64 = 17;
const IR_VERSION: i64 = 9;

/// A setting of an operation.
pub enum Attribute<'a> {
    /// An integer.
    Int(i64),
    /// Integers.
    Ints(&'a [i64]),
    /// A float.
    Float(f32),
    /// Text.
    Text(&'a str),
}

/// Floats that a graph computes with.
pub struct Constant {
    /// Its name in the graph.
    pub name: String,
    /// Its dimensions.
    pub dims: Vec<i64>,
    /// As many as the dimensions' product.
    pub values: Vec<f32>,
}

impl Constant {
    fn of(tensor: TensorProto) -> Self {
        let bytes = tensor.raw_data.unwrap_or_default();
        let values = bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        Self { name: tensor.name.unwrap_or_default(), dims: tensor.dims, values }
    }
}

/// A graph under construction. Values are named by strings.
#[derive(Default)]
pub struct GraphBuilder {
    graph: GraphProto,
}

impl GraphBuilder {
    /// An empty graph.
    pub fn new(name: &str) -> Self {
        Self { graph: GraphProto { name: Some(name.into()), ..GraphProto::default() } }
    }

    /// Declares a float input; `None` is a size known only at run time.
    pub fn input(&mut self, name: &str, dims: &[Option<i64>]) {
        self.graph.input.push(value_info(name, dims));
    }

    /// Declares a value as an output.
    pub fn output(&mut self, name: &str, dims: &[Option<i64>]) {
        self.graph.output.push(value_info(name, dims));
    }

    /// Adds a float constant and returns its name.
    pub fn constant(&mut self, name: &str, dims: &[usize], values: &[f32]) -> String {
        debug_assert_eq!(dims.iter().product::<usize>(), values.len());
        self.graph.initializer.push(TensorProto {
            name: Some(name.into()),
            dims: dims.iter().map(|&d| d as i64).collect(),
            data_type: Some(data_type::FLOAT),
            raw_data: Some(values.iter().flat_map(|v| v.to_le_bytes()).collect()),
            ..TensorProto::default()
        });
        name.to_owned()
    }

    /// Adds a constant of half floats, which takes half the room, and a cast to floats; returns the
    /// floats' name. The runtime casts once, when it loads the graph.
    pub fn half_constant(&mut self, name: &str, dims: &[usize], values: &[f16]) -> String {
        debug_assert_eq!(dims.iter().product::<usize>(), values.len());
        let stored = format!("{name}_half");
        self.graph.initializer.push(TensorProto {
            name: Some(stored.clone()),
            dims: dims.iter().map(|&d| d as i64).collect(),
            data_type: Some(data_type::FLOAT16),
            raw_data: Some(values.iter().flat_map(|v| v.to_le_bytes()).collect()),
            ..TensorProto::default()
        });
        let float = Attribute::Int(i64::from(data_type::FLOAT));
        self.node("Cast", name, &[&stored], &[("to", float)])
    }

    /// Adds a list of integers, such as a shape, and returns its name.
    pub fn integers(&mut self, name: &str, values: &[i64]) -> String {
        self.graph.initializer.push(TensorProto {
            name: Some(name.into()),
            dims: vec![values.len() as i64],
            data_type: Some(data_type::INT64),
            raw_data: Some(values.iter().flat_map(|v| v.to_le_bytes()).collect()),
            ..TensorProto::default()
        });
        name.to_owned()
    }

    /// Adds an operation with one output and returns the output's name.
    pub fn node(
        &mut self,
        operator: &str,
        output: &str,
        inputs: &[&str],
        attributes: &[(&str, Attribute<'_>)],
    ) -> String {
        self.node_with(None, operator, &[output], inputs, attributes);
        output.to_owned()
    }

    /// Adds an operation with several outputs.
    pub fn wide_node(
        &mut self,
        operator: &str,
        outputs: &[&str],
        inputs: &[&str],
        attributes: &[(&str, Attribute<'_>)],
    ) {
        self.node_with(None, operator, outputs, inputs, attributes);
    }

    /// Adds an operation of [`crate::runtime::operators`]: the graph then runs on the CPU alone.
    pub fn own_node(
        &mut self,
        operator: &str,
        outputs: &[&str],
        inputs: &[&str],
        attributes: &[(&str, Attribute<'_>)],
    ) {
        self.node_with(Some(DOMAIN), operator, outputs, inputs, attributes);
    }

    fn node_with(
        &mut self,
        domain: Option<&str>,
        operator: &str,
        outputs: &[&str],
        inputs: &[&str],
        attributes: &[(&str, Attribute<'_>)],
    ) {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        self.graph.node.push(NodeProto {
            input: owned(inputs),
            output: owned(outputs),
            name: outputs.first().map(|&name| name.to_owned()),
            op_type: Some(operator.to_owned()),
            attribute: attributes.iter().map(|(name, value)| attribute(name, value)).collect(),
            domain: domain.map(str::to_owned),
        });
    }

    /// The file's bytes, with words for the person who opens it.
    pub fn finish_with(mut self, description: &str) -> Vec<u8> {
        self.graph.doc_string = Some(description.to_owned());
        self.finish()
    }

    /// The file's bytes with the float constants as inputs, and what to give these.
    pub fn finish_open(mut self) -> (Vec<u8>, Vec<Constant>) {
        let is_float = |each: &TensorProto| each.data_type == Some(data_type::FLOAT);
        let (floats, others) = self.graph.initializer.into_iter().partition(is_float);
        self.graph.initializer = others;
        let constants: Vec<_> = floats.into_iter().map(Constant::of).collect();
        for Constant { name, dims, .. } in &constants {
            let dims: Vec<_> = dims.iter().copied().map(Some).collect();
            self.graph.input.push(value_info(name, &dims));
        }
        (self.finish(), constants)
    }

    /// The file's bytes.
    pub fn finish(self) -> Vec<u8> {
        let set = |domain: &str, version| OperatorSetIdProto {
            domain: Some(domain.to_owned()),
            version: Some(version),
        };
        let is_own = self.graph.node.iter().any(|node| node.domain.is_some());
        let own = is_own.then(|| set(DOMAIN, 1));
        ModelProto {
            ir_version: Some(IR_VERSION),
            producer_name: Some("impasto".into()),
            opset_import: [set("", OPERATOR_SET)].into_iter().chain(own).collect(),
            graph: Some(self.graph),
        }
        .encode_to_vec()
    }
}

fn attribute(name: &str, value: &Attribute<'_>) -> AttributeProto {
    let mut proto = AttributeProto { name: Some(name.to_owned()), ..AttributeProto::default() };
    // Numbers of AttributeProto.AttributeType.
    proto.r#type = Some(match value {
        Attribute::Float(f) => {
            proto.f = Some(*f);
            1
        }
        Attribute::Int(i) => {
            proto.i = Some(*i);
            2
        }
        Attribute::Text(s) => {
            proto.s = Some(s.as_bytes().to_vec());
            3
        }
        Attribute::Ints(ints) => {
            proto.ints = ints.to_vec();
            7
        }
    });
    proto
}

fn value_info(name: &str, dims: &[Option<i64>]) -> ValueInfoProto {
    let dim = dims
        .iter()
        .enumerate()
        .map(|(axis, &dim_value)| Dimension {
            dim_value,
            dim_param: dim_value.is_none().then(|| format!("{name}_{axis}")),
        })
        .collect();
    ValueInfoProto {
        name: Some(name.to_owned()),
        r#type: Some(TypeProto {
            tensor_type: Some(TensorType {
                elem_type: Some(data_type::FLOAT),
                shape: Some(TensorShapeProto { dim }),
            }),
        }),
    }
}
