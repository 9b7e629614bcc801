//! ONNX Runtime's own provider: the processor.

use ort::environment::Environment;
use ort::ep::{self, ExecutionProvider};
use ort::session::builder::SessionBuilder;

/// Makes a session use ONNX Runtime's own provider for the processor. A session that names no
/// provider gets whichever ONNX Runtime thinks most efficient of all that are registered, an NPU or
/// OpenVINO: the policy that `ort` sets for every session.
pub(super) fn on_cpu(
    builder: SessionBuilder,
    environment: &Environment,
) -> ort::Result<SessionBuilder> {
    let is_own =
        |device: &ort::device::Device<'_>| device.ep().is_ok_and(|name| name == ep::CPU::NAME);
    Ok(builder.with_devices(environment.devices().filter(is_own), None)?)
}
