//! Whom a graph is built for.

/// For whom a graph is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For every device: ordinary ONNX.
    Onnx,
    /// For the CPU, with the operators of [`crate::runtime::operators`].
    Cpu,
}
