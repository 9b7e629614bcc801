//! For which devices a graph is written.

/// The forms of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Ordinary ONNX, for every device.
    Onnx,
    /// For the CPU, with the operators of [`crate::runtime::operators`].
    Cpu,
}
