//! Operators of our own for sessions on the CPU, where ONNX Runtime's take much longer.
//!
//! They are registered with sessions that bring a graph for the CPU; graphs name them by
//! [`DOMAIN`] and each one's name.

mod depthwise;
mod doubling;
mod features;
mod narrow;
mod normalization;
mod product;
mod residual;
mod winograd;

use std::num::NonZeroUsize;

use ort::operator::OperatorDomain;

pub use depthwise::DEPTHWISE;
pub use doubling::DOUBLING;
pub use narrow::NARROW;
pub use normalization::NORMALIZATION;
pub use residual::RESIDUAL;
pub use winograd::WINOGRAD;

/// The domain of the operators' names.
pub const DOMAIN: &str = "org.impasto";

/// The operators for sessions that run on `threads` threads.
pub(super) fn domain(threads: NonZeroUsize) -> ort::Result<OperatorDomain> {
    OperatorDomain::new(DOMAIN)?
        .add(winograd::Operator::new(threads))?
        .add(normalization::Operator)?
        .add(narrow::Operator)?
        .add(doubling::Operator)?
        .add(depthwise::Operator)?
        .add(residual::Operator)
}

/// Whether this processor multiplies and adds in one operation. Without, ONNX Runtime's operators
/// are faster.
pub(super) fn are_fast() -> bool {
    // A sanitizer makes them several times slower, and has little to find in them: they hold no
    // unsafe code.
    if cfg!(impasto_sanitized) {
        return false;
    }
    #[cfg(target_arch = "x86_64")]
    return pulp::x86::V3::try_new().is_some();
    #[cfg(not(target_arch = "x86_64"))]
    return cfg!(target_arch = "aarch64");
}
