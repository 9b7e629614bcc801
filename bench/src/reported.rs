//! Networks whose result stays on the device.

use impasto::onnx::{
    GraphProto, ModelProto, NodeProto, TensorProto, TensorType, TypeProto, ValueInfoProto,
    data_type,
};
use impasto::{Error, ErrorKind, Result};
use prost::Message;

/// The only output of such a network.
pub const REPORTED: &str = "reported";

/// The ONNX file with the first number of a value of so many dimensions as its only output:
/// copying a whole picture off a GPU takes longer than painting it.
pub fn one_number_of(onnx: &[u8], value: &str, rank: usize) -> Result<Vec<u8>> {
    let mut model = ModelProto::decode(onnx)
        .map_err(|e| Error::caused(ErrorKind::Model, "cannot read the network to measure", e))?;
    let graph = model.graph.get_or_insert_default();
    let from = corner(graph, "reported_from", vec![0; rank]);
    let to = corner(graph, "reported_to", vec![1; rank]);
    graph.node.push(NodeProto {
        input: vec![value.to_owned(), from, to],
        output: vec![REPORTED.to_owned()],
        name: Some(REPORTED.to_owned()),
        op_type: Some("Slice".to_owned()),
        ..NodeProto::default()
    });
    let tensor_type = Some(TensorType { elem_type: Some(data_type::FLOAT), shape: None });
    graph.output = vec![ValueInfoProto {
        name: Some(REPORTED.to_owned()),
        r#type: Some(TypeProto { tensor_type }),
    }];
    Ok(model.encode_to_vec())
}

fn corner(graph: &mut GraphProto, name: &str, at: Vec<i64>) -> String {
    graph.initializer.push(TensorProto {
        dims: vec![at.len() as i64],
        data_type: Some(data_type::INT64),
        int64_data: at,
        name: Some(name.to_owned()),
        ..TensorProto::default()
    });
    name.to_owned()
}
