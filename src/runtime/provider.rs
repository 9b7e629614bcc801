//! What ONNX Runtime needs to work on a device, and why a device cannot be used.

use std::num::NonZeroUsize;
use std::path::Path;

use ort::ep::{self, ExecutionProvider};
use ort::session::builder::SessionBuilder;

use super::device::{Device, Precision};
use super::loaded::Runtime;
use super::plugin::{self, EpDevice, Plugin};
use super::processor::on_cpu;
use super::{cuda, cure, openvino, openvino_cpu};

impl Runtime {
    /// Why this device cannot be used, where that can be told before a network is prepared.
    pub(super) fn refusal(&self, device: &Device) -> Option<String> {
        match device {
            Device::Auto | Device::Cpu => None,
            Device::Cuda(_) | Device::CudaFp16(_) => {
                self.lacks(ep::CUDA::is_available(), cure::CUDA_RUNTIME)
            }
            Device::DirectMl(_) if cfg!(not(windows)) => {
                Some("DirectML is a part of Windows".to_owned())
            }
            Device::DirectMl(_) => self.lacks(ep::DirectML::is_available(), cure::DIRECTML_RUNTIME),
            Device::OpenVino(precision) => self.openvino(*precision).err(),
            Device::Plugin(path) => self.plugin_device(path).err(),
        }
    }

    fn lacks(&self, available: ort::Result<bool>, cure: &str) -> Option<String> {
        (!matches!(available, Ok(true))).then(|| {
            format!(
                "'{}' (ONNX Runtime {}) was built without it; {cure}",
                self.path().display(),
                self.version()
            )
        })
    }

    /// Makes a session use the device.
    pub(super) fn with_device(
        &self,
        builder: SessionBuilder,
        device: &Device,
        threads: NonZeroUsize,
    ) -> ort::Result<SessionBuilder> {
        if device.of_cuda().is_some() {
            cuda::prepare(self).map_err(ort::Error::new)?;
        }
        let provider = match device {
            Device::Auto | Device::Cpu => return on_cpu(builder, &self.library.environment),
            Device::Cuda(n) | Device::CudaFp16(n) => cuda::options(*n).build(),
            Device::DirectMl(n) => ep::DirectML::default().with_device_id(*n as i32).build(),
            Device::OpenVino(precision) => {
                let device = self.openvino(*precision).map_err(ort::Error::new)?;
                let options = openvino::options(*precision, threads);
                return plugin::append(builder, &self.library.environment, &device, &options);
            }
            Device::Plugin(path) => {
                let device = self.plugin_device(path).map_err(ort::Error::new)?;
                // Any other plug-in provider keeps its own defaults.
                let options =
                    openvino::is_in(path).then(|| openvino::options(Precision::F32, threads));
                let options = options.as_ref().map_or(&[][..], |options| options);
                return plugin::append(builder, &self.library.environment, &device, options);
            }
        };
        let with = builder.with_execution_providers([provider.error_on_failure()]);
        with.map_err(|e| match device {
            Device::Cuda(_) | Device::CudaFp16(_) => {
                ort::Error::new(cuda::explain(self, e.message()))
            }
            Device::DirectMl(n) => ort::Error::new(format!(
                "DirectX 12 has no GPU {n}, or its driver fails; update the driver, or use the \
                 device cpu ({})",
                e.message()
            )),
            _ => ort::Error::new(e.message().to_owned()),
        })
    }

    fn openvino(&self, precision: Precision) -> Result<EpDevice, String> {
        if precision == Precision::Bf16 && !openvino::has_bf16() {
            return Err("this processor has no instructions for bf16 (AVX-512 BF16 or AMX); use \
                        the device openvino or cpu"
                .to_owned());
        }
        let path = openvino::locate(self.path())?;
        let plugin = self.plugin(&path)?;
        plugin.cpu().ok_or_else(|| {
            format!("'{}' does not offer this processor; use the device cpu", path.display())
        })
    }

    fn plugin_device(&self, path: &Path) -> Result<EpDevice, String> {
        self.plugin(path)?.best().ok_or_else(|| {
            format!("'{}' offers no device that this machine has; choose another", path.display())
        })
    }

    /// The plug-in provider in the library at `path`, registered with ONNX Runtime the first time.
    fn plugin(&self, path: &Path) -> Result<Plugin, String> {
        let mut plugins =
            self.library.plugins.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = plugins.get(path) {
            return Ok(known.clone());
        }
        let mut plugin = Plugin::register(&self.library.environment, path)?;
        if plugin.cpu().is_none() && openvino::is_in(path) {
            plugin.devices.extend(openvino_cpu::cpu_device(
                &self.library.environment,
                self.path(),
                path,
            )?);
        }
        plugins.insert(path.to_owned(), plugin.clone());
        Ok(plugin)
    }
}
