//! ONNX Runtime: finding and loading its library, choosing a device, running networks.

mod arena;
mod binding;
mod cuda;
mod cure;
mod device;
mod directml;
mod library;
mod loaded;
mod open;
mod openvino;
mod openvino_cpu;
pub mod operators;
mod plugin;
mod probe;
mod processor;
mod provider;
mod session;
mod status;
mod want;

pub use binding::{Binding, Loop};
pub use device::{Device, DeviceStatus, Precision};
pub use library::RuntimeVersion;
pub use loaded::Runtime;
pub use session::{Halve, Input, Network, Outputs, Session};

pub(crate) use library::{Candidates, module_folder};
