//! ONNX files: reading, writing and building networks.

mod builder;
pub mod onnx;
mod tensor;

pub use builder::{Attribute, GraphBuilder};
pub use tensor::Tensor;
