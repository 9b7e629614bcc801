//! ONNX files: reading, writing and building networks.

mod builder;
mod form;
mod half;
mod tensor;

pub use builder::{Attribute, Constant, GraphBuilder};
pub use form::Form;
pub use half::in_half;
pub use tensor::Tensor;
