//! Convolutions of 3x3 on the CPU by Winograd's minimal filtering.
//!
//! The optimise method spends its time in these convolutions, and ONNX Runtime computes them
//! directly, at the peak of the processor. Lavin and Gray, "Fast Algorithms for Convolutional
//! Neural Networks" (2016), F(4x4, 3x3): a tile of 4x4 results comes from a patch of 6x6 values by
//! 36 products instead of 144. The patches and kernels are evaluated at 36 points, multiplied
//! point by point (36 products of matrices, summed over channels), and interpolated back.

mod convolution;
mod operator;
mod points;

pub use operator::WINOGRAD;
pub(super) use operator::{Shared, Winograd};
