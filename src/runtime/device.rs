//! Which processor runs the networks.

use std::fmt;
use std::str::FromStr;

use ort::ep::{self, ExecutionProvider};

use super::Runtime;
use crate::error::{Error, ErrorKind, Result};

/// A choice of processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Device {
    /// The fastest that works; the report says which.
    #[default]
    Auto,
    /// The processor's cores.
    Cpu,
    /// An NVIDIA GPU by its number, through CUDA.
    Cuda(u32),
    /// A DirectX 12 GPU by its number, on Windows.
    DirectMl(u32),
}

/// Whether a device can be used, and if not, why.
#[derive(Debug, Clone)]
pub struct DeviceStatus {
    /// The device.
    pub device: Device,
    /// Why it cannot be used; `None` if it can.
    pub unavailable: Option<String>,
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(n) => write!(f, "cuda:{n}"),
            Self::DirectMl(n) => write!(f, "directml:{n}"),
        }
    }
}

impl FromStr for Device {
    type Err = Error;

    /// `auto`, `cpu`, `cuda`, `cuda:1`, `directml`, `directml:1`.
    fn from_str(text: &str) -> Result<Self> {
        let unknown = || {
            let what = format!(
                "cannot use the device '{text}': known are auto, cpu, cuda[:N] and directml[:N]"
            );
            Error::new(ErrorKind::Argument, what)
        };
        let (name, number) = match text.split_once(':') {
            Some((name, number)) => (name, Some(number.parse().map_err(|_| unknown())?)),
            None => (text, None),
        };
        match (name.to_ascii_lowercase().as_str(), number) {
            ("auto", None) => Ok(Self::Auto),
            ("cpu", None) => Ok(Self::Cpu),
            ("cuda", n) => Ok(Self::Cuda(n.unwrap_or(0))),
            ("directml", n) => Ok(Self::DirectMl(n.unwrap_or(0))),
            _ => Err(unknown()),
        }
    }
}

impl Device {
    /// The devices that `Auto` tries, fastest first.
    pub(super) fn candidates(self) -> Vec<Self> {
        match self {
            Self::Auto => vec![Self::Cuda(0), Self::DirectMl(0), Self::Cpu],
            one => vec![one],
        }
    }

    /// ONNX Runtime's provider for it; none for the CPU, which is always there.
    pub(super) fn provider(self) -> Option<ep::ExecutionProviderDispatch> {
        match self {
            Self::Auto | Self::Cpu => None,
            Self::Cuda(n) => {
                Some(ep::CUDA::default().with_device_id(n as i32).build().error_on_failure())
            }
            Self::DirectMl(n) => {
                Some(ep::DirectML::default().with_device_id(n as i32).build().error_on_failure())
            }
        }
    }

    /// Why the loaded library cannot use this device at all, if so.
    pub(super) fn missing_provider(self, runtime: &Runtime) -> Option<String> {
        let (available, package) = match self {
            Self::Auto | Self::Cpu => return None,
            Self::Cuda(_) => (ep::CUDA::is_available(), "onnxruntime-gpu"),
            Self::DirectMl(_) => (ep::DirectML::is_available(), "onnxruntime-directml"),
        };
        (!matches!(available, Ok(true))).then(|| {
            format!(
                "'{}' (ONNX Runtime {}) was built without it; use the library of the Python \
                 package {package}",
                runtime.path().display(),
                runtime.version()
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for device in [Device::Auto, Device::Cpu, Device::Cuda(0), Device::DirectMl(3)] {
            assert_eq!(device.to_string().parse::<Device>().ok(), Some(device));
        }
        assert_eq!("cuda".parse::<Device>().ok(), Some(Device::Cuda(0)));
        assert!("cpu:1".parse::<Device>().is_err());
        assert!("cuda:x".parse::<Device>().is_err());
    }
}
