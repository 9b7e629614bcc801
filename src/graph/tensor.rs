//! Constants of a network.

use std::collections::HashMap;

use half::f16;

use crate::error::{Error, ErrorKind, Result};
use crate::memory;
use crate::onnx::{GraphProto, TensorProto, data_type};

/// Float values with dimensions, row-major.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Dimensions, outermost first.
    pub dims: Vec<usize>,
    /// As many values as the dimensions' product.
    pub values: Vec<f32>,
}

impl Tensor {
    /// Reads a float or half constant.
    ///
    /// # Errors
    /// `Model` for another element type or a wrong number of values, `Memory` where they do not fit.
    pub fn from_proto(proto: &TensorProto) -> Result<Self> {
        let name = proto.name.as_deref().unwrap_or("");
        let wrong = |why: &str| {
            Error::new(ErrorKind::Model, format!("cannot read the constant '{name}': {why}"))
        };
        let raw = proto.raw_data.as_deref().filter(|raw| !raw.is_empty());
        let values = match (proto.data_type, raw) {
            (Some(data_type::FLOAT), Some(raw)) => {
                let (values, _) = raw.as_chunks();
                collected(values.iter().map(|&bytes| f32::from_le_bytes(bytes)))
            }
            (Some(data_type::FLOAT), None) => collected(proto.float_data.iter().copied()),
            (Some(data_type::FLOAT16), Some(raw)) => {
                let (values, _) = raw.as_chunks();
                collected(values.iter().map(|&bytes| f16::from_le_bytes(bytes).to_f32()))
            }
            (Some(data_type::FLOAT16), None) => {
                collected(proto.int32_data.iter().map(|&v| f16::from_bits(v as u16).to_f32()))
            }
            _ => return Err(wrong("it holds no floats")),
        }?;
        let dims: Vec<usize> = proto.dims.iter().map(|&d| d.max(0) as usize).collect();
        let count = dims.iter().try_fold(1_usize, |n, &d| n.checked_mul(d));
        if count != Some(values.len()) {
            return Err(wrong("its values do not fill its dimensions"));
        }
        Ok(Self { dims, values })
    }

    /// All float and half constants of a graph by name. Constants that a `Cast` node turns into
    /// floats are found under the name of the cast's output, too.
    ///
    /// # Errors
    /// As [`Tensor::from_proto`].
    pub fn all_of(graph: &GraphProto) -> Result<HashMap<String, Self>> {
        let mut tensors = HashMap::new();
        for proto in &graph.initializer {
            if matches!(proto.data_type, Some(data_type::FLOAT | data_type::FLOAT16)) {
                let name = proto.name.clone().unwrap_or_default();
                tensors.insert(name, Self::from_proto(proto)?);
            }
        }
        for node in graph.node.iter().filter(|node| node.op_type.as_deref() == Some("Cast")) {
            if let ([from], [to]) = (&node.input[..], &node.output[..])
                && let Some(tensor) = tensors.get(from)
            {
                let values = collected(tensor.values.iter().copied())?;
                let dims = tensor.dims.clone();
                tensors.insert(to.clone(), Self { dims, values });
            }
        }
        Ok(tensors)
    }
}

fn collected(values: impl ExactSizeIterator<Item = f32>) -> Result<Vec<f32>> {
    memory::collected(values, "a network's constant")
}
