//! Which processor runs the networks.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

/// A choice of processor.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub enum Device {
    /// The fastest that works and computes in 32 bits; the report says which.
    #[default]
    Auto,
    /// The processor's cores.
    Cpu,
    /// An NVIDIA GPU by its number, through CUDA.
    Cuda(u32),
    /// The same, with the network that paints in 16-bit floats: faster, and a little different.
    CudaFp16(u32),
    /// A DirectX 12 GPU by its number, on Windows.
    DirectMl(u32),
    /// The processor's cores through OpenVINO.
    OpenVino(Precision),
    /// What a plug-in provider for ONNX Runtime offers: its library's full path.
    Plugin(PathBuf),
}

/// What OpenVINO computes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Precision {
    /// 32-bit floats.
    F32,
    /// 16-bit floats of the range of 32-bit ones, where the processor has instructions for them:
    /// faster, and a little different.
    Bf16,
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
            Self::CudaFp16(n) => write!(f, "cuda:{n}:fp16"),
            Self::DirectMl(n) => write!(f, "directml:{n}"),
            Self::OpenVino(Precision::F32) => f.write_str("openvino"),
            Self::OpenVino(Precision::Bf16) => f.write_str("openvino:bf16"),
            Self::Plugin(path) => path.display().fmt(f),
        }
    }
}

impl FromStr for Device {
    type Err = Error;

    /// `auto`, `cpu`, `cuda`, `cuda:1`, `cuda:fp16`, `cuda:1:fp16`, `directml`, `directml:1`,
    /// `openvino`, `openvino:bf16`, or the path of a library, which has a slash.
    fn from_str(text: &str) -> Result<Self> {
        let unknown = || {
            let what = format!(
                "cannot use the device '{text}': known are auto, cpu, cuda[:N], cuda[:N]:fp16, \
                 directml[:N], openvino, openvino:bf16 and the path of a plug-in provider's library"
            );
            Error::new(ErrorKind::Argument, what)
        };
        if text.contains(['/', '\\']) {
            return std::path::absolute(text).map(Self::Plugin).map_err(|_| unknown());
        }
        let name = text.to_ascii_lowercase();
        let (name, detail) = match name.split_once(':') {
            Some((name, detail)) => (name, Some(detail)),
            None => (name.as_str(), None),
        };
        let number = |detail: Option<&str>| {
            detail.map_or(Ok(0), |detail| detail.parse().map_err(|_| unknown()))
        };
        match (name, detail) {
            ("auto", None) => Ok(Self::Auto),
            ("cpu", None) => Ok(Self::Cpu),
            ("cuda", Some("fp16")) => Ok(Self::CudaFp16(0)),
            ("cuda", detail) => match detail.and_then(|detail| detail.strip_suffix(":fp16")) {
                Some(detail) => Ok(Self::CudaFp16(number(Some(detail))?)),
                None => Ok(Self::Cuda(number(detail)?)),
            },
            ("directml", detail) => Ok(Self::DirectMl(number(detail)?)),
            ("openvino", None | Some("f32")) => Ok(Self::OpenVino(Precision::F32)),
            ("openvino", Some("bf16")) => Ok(Self::OpenVino(Precision::Bf16)),
            _ => Err(unknown()),
        }
    }
}

impl Device {
    /// The devices that `Auto` tries, fastest first. OpenVINO in 32 bits is no faster than ONNX
    /// Runtime's own kernels and takes more memory, measured; in 16 bits it paints another picture.
    pub(super) fn candidates(&self) -> Vec<Self> {
        match self {
            Self::Auto => vec![Self::Cuda(0), Self::DirectMl(0), Self::Cpu],
            one => vec![one.clone()],
        }
    }

    /// Every kind of device that has a name.
    pub(super) fn kinds() -> [Self; 6] {
        let [f32, bf16] = [Precision::F32, Precision::Bf16].map(Self::OpenVino);
        [Self::Cpu, Self::Cuda(0), Self::CudaFp16(0), Self::DirectMl(0), f32, bf16]
    }

    /// Whether it plans its work anew for each size of its inputs, as GPUs do. What a plug-in
    /// provider offers is taken for one.
    pub fn is_gpu(&self) -> bool {
        let is_gpu = matches!(self, Self::DirectMl(_) | Self::Plugin(_));
        is_gpu || self.of_cuda().is_some()
    }

    /// The number of the NVIDIA GPU, of one through CUDA.
    pub(super) fn of_cuda(&self) -> Option<u32> {
        match self {
            Self::Cuda(n) | Self::CudaFp16(n) => Some(*n),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        let few = [Device::Auto, Device::Cuda(1), Device::CudaFp16(2), Device::DirectMl(3)];
        for device in few.into_iter().chain(Device::kinds()) {
            assert_eq!(device.to_string().parse::<Device>().ok(), Some(device));
        }
        assert_eq!("cuda".parse::<Device>().ok(), Some(Device::Cuda(0)));
        assert_eq!("CUDA:FP16".parse::<Device>().ok(), Some(Device::CudaFp16(0)));
        assert_eq!("OpenVINO:BF16".parse().ok(), Some(Device::OpenVino(Precision::Bf16)));
        for unknown in [
            "",
            "cpu:1",
            "cuda:x",
            "cuda:",
            "cuda:-1",
            "cuda:bf16",
            "cuda:fp16:1",
            "cuda::fp16",
            "directml:fp16",
            "openvino:int8",
            "libx.so",
        ] {
            let words = unknown.parse::<Device>().unwrap_err().to_string();
            assert!(words.contains("openvino:bf16"), "{words}");
        }
    }

    #[test]
    fn what_has_a_slash_is_a_path() {
        let path = if cfg!(windows) { r"C:\plug-ins\one.dll" } else { "/plug-ins/one.so" };
        assert_eq!(path.parse::<Device>().ok(), Some(Device::Plugin(path.into())));
        let Ok(Device::Plugin(path)) = "./one.so".parse() else { panic!("no path") };
        assert!(path.is_absolute() && path.ends_with("one.so"), "{path:?}");
    }
}
