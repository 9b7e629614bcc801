//! Convolutions of 3x3 on the CPU by Winograd's minimal filtering.
//!
//! The optimise method spends its time in these convolutions, and ONNX Runtime computes them
//! directly, at the peak of the processor. Lavin and Gray, "Fast Algorithms for Convolutional
//! Neural Networks" (2016), F(4x4, 3x3): a tile of 4x4 results comes from a patch of 6x6 values by
//! 36 products instead of 144. The patches and kernels are evaluated at 36 points, multiplied
//! point by point (36 products of matrices, summed over channels), and interpolated back.
//!
//! The operator is registered with sessions on the CPU that bring a graph for it; graphs name it by
//! [`DOMAIN`] and [`OPERATOR`].

mod convolution;
mod operator;
mod points;
mod product;

pub(super) use operator::domain;
pub use operator::{DOMAIN, OPERATOR};

/// Whether this processor multiplies and adds in one operation. Without, the way to the points and
/// back would be slow.
pub(super) fn is_fast() -> bool {
    #[cfg(target_arch = "x86_64")]
    return pulp::x86::V3::try_new().is_some();
    #[cfg(not(target_arch = "x86_64"))]
    return cfg!(target_arch = "aarch64");
}
