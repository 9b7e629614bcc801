//! Operators of our own for sessions on the CPU, where ONNX Runtime's take much longer.
//!
//! They are registered with sessions that bring a graph for the CPU; graphs name them by
//! [`DOMAIN`] and each one's name.

mod depthwise;
mod doubling;
mod features;
mod instruction_sets;
mod narrow;
mod normalization;
mod operator;
mod product;
mod residual;
mod room;
mod transport;
mod winograd;

use std::num::NonZeroUsize;

use ort::operator::OperatorDomain;

use super::device::Device;
use depthwise::Depthwise;
use doubling::Doubling;
use narrow::Narrow;
use normalization::Normalization;
use operator::Registered;
use residual::Residual;
use transport::Transport;
use winograd::Winograd;

pub use depthwise::DEPTHWISE;
pub use doubling::DOUBLING;
pub use instruction_sets::{InstructionSet, keep_to, leave_out};
pub use narrow::NARROW;
pub use normalization::NORMALIZATION;
pub use residual::RESIDUAL;
pub use transport::TRANSPORT;
pub use winograd::WINOGRAD;

/// The domain of the operators' names.
pub const DOMAIN: &str = "org.impasto";

/// The operators for sessions that run on `threads` threads.
pub(super) fn domain(threads: NonZeroUsize) -> ort::Result<OperatorDomain> {
    OperatorDomain::new(DOMAIN)?
        .add(Registered::<Winograd>::new(winograd::Shared::new(threads)))?
        .add(Registered::<Normalization>::new(()))?
        .add(Registered::<Narrow>::new(()))?
        .add(Registered::<Doubling>::new(()))?
        .add(Registered::<Depthwise>::new(()))?
        .add(Registered::<Residual>::new(()))?
        .add(Registered::<Transport>::new(()))
}

/// Whether sessions on `device` run a graph that holds operators of ours, where one was given.
pub fn run_on(device: &Device) -> bool {
    *device == Device::Cpu && instruction_sets::decided().is_some()
}
