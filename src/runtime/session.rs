//! A network ready to run on one device.

use std::num::NonZeroUsize;
use std::sync::Arc;

use ort::session::{RunOptions, Session as OrtSession, SessionInputValue};
use ort::value::TensorRef;

use super::device::{Device, DeviceStatus};
use super::loaded::Runtime;
use super::{arena, cure, operators, want};
use crate::error::{Cure, Error, ErrorKind, Result};
use crate::job::Cancel;

/// One named float input: dimensions and values in row-major order.
pub struct Input<'a> {
    /// The input's name in the network.
    pub name: &'a str,
    /// Its dimensions.
    pub shape: &'a [i64],
    /// As many values as the dimensions' product.
    pub values: &'a [f32],
}

/// A network as ONNX files.
#[derive(Clone, Copy)]
pub struct Network<'a> {
    /// The form that every device runs.
    pub onnx: &'a [u8],
    /// A form for the CPU alone, which may hold the operators of [`super::operators`].
    pub for_cpu: Option<&'a [u8]>,
    /// A form for GPUs alone.
    pub for_gpu: Option<&'a [u8]>,
    /// What makes a form that computes in 16-bit floats, for devices that were asked for such.
    pub in_half: Option<Halve>,
    /// The most bytes that it may take at work: a bound for networks of others, which may want any
    /// amount. They are not folded either, which would compute what they like while they load.
    pub most_bytes: Option<u64>,
}

/// Rewrites an ONNX file.
pub type Halve = fn(&[u8]) -> Result<Vec<u8>>;

impl<'a, Bytes: AsRef<[u8]> + ?Sized> From<&'a Bytes> for Network<'a> {
    fn from(onnx: &'a Bytes) -> Self {
        Self { onnx: onnx.as_ref(), for_cpu: None, for_gpu: None, in_half: None, most_bytes: None }
    }
}

/// What a run returned; valid until it is dropped.
pub struct Outputs<'s>(ort::session::SessionOutputs<'s>);

/// A network ready to run. It runs once at a time; make two sessions to run it twice at once.
pub struct Session {
    inner: OrtSession,
    name: String,
    device: Device,
    fallback: Option<String>,
    /// Behind `inner`: the pool goes when no session needs it any more.
    _arena: arena::Share,
}

impl Runtime {
    /// Prepares an ONNX network from its bytes. `Device::Auto` tries each device and falls back
    /// to the CPU, which the session's [`Session::device`] then says.
    ///
    /// # Errors
    /// `Device` where the chosen device fails, `Model` where the network is not valid ONNX.
    pub fn session<'a>(
        &self,
        name: &str,
        network: impl Into<Network<'a>>,
        device: &Device,
        threads: NonZeroUsize,
    ) -> Result<Session> {
        let network = network.into();
        let mut refusals = Vec::new();
        let mut failures: Vec<String> = Vec::new();
        for candidate in device.candidates() {
            if let Some(why) = self.refusal(&candidate) {
                refusals.push(format!("{candidate}: {why}"));
                continue;
            }
            let environment = &self.library.environment;
            let make = || self.session_on(network, &candidate, threads);
            match arena::within(environment, network.most_bytes, make) {
                Ok(inner) => {
                    // A library without a provider is as it was made; a provider that is there
                    // and fails is worth a word.
                    let runs_on = |why: &str| format!("{name} runs on {candidate}: {why}");
                    let fallback = (!failures.is_empty()).then(|| {
                        log::warn!("{}", runs_on(&failures.join("; ")));
                        let why: Vec<_> = failures.iter().map(|why| cure::split(why).0).collect();
                        runs_on(&why.join("; "))
                    });
                    if fallback.is_none() {
                        log::debug!("{}", runs_on(&refusals.join("; ")));
                    }
                    let name = name.to_owned();
                    let _arena = self.arena.clone();
                    return Ok(Session { inner, name, device: candidate, fallback, _arena });
                }
                Err(e) if candidate == Device::Cpu => {
                    let what = format!("cannot prepare the network '{name}'");
                    return Err(Error::caused(kind_of(&e, ErrorKind::Model), what, message(&e)));
                }
                Err(e)
                    if candidate == *device
                        && kind_of(&e, ErrorKind::Device) == ErrorKind::Memory =>
                {
                    let what = format!("cannot prepare the network '{name}' on {device}");
                    return Err(Error::caused(ErrorKind::Memory, what, message(&e)));
                }
                Err(e) => failures.push(format!("{candidate}: {}", message(&e))),
            }
        }
        refusals.append(&mut failures);
        let reasons = refusals.join("; ");
        // The one device that was named need not be named again.
        let reasons = reasons.strip_prefix(&format!("{device}: ")).unwrap_or(&reasons);
        let (why, words) = cure::split(reasons);
        let error =
            Error::new(ErrorKind::Device, format!("cannot run '{name}' on {device}: {why}"));
        Err(match words {
            Some(words) => error.cured(Cure::Device, words),
            None => error,
        })
    }

    fn session_on(
        &self,
        network: Network<'_>,
        device: &Device,
        threads: NonZeroUsize,
    ) -> ort::Result<OrtSession> {
        let builder = OrtSession::builder(&self.library.environment)?
            .with_intra_threads(threads.get())?
            // Sizes change from tile to tile: a plan of one run's memory would only take more, and
            // DirectML allows none, nor operations side by side.
            .with_memory_pattern(false)?
            .with_parallel_execution(false)?
            .with_env_allocators()?
            // Its threads would wait for more at full speed for some 30 ms after each run, on the
            // cores that the next network and the work on pixels need.
            .with_config_entry("session.force_spinning_stop", "1")?
            .with_log_level(ort::logging::LogLevel::Warning)?;
        let builder = match network.most_bytes {
            Some(_) => builder.with_disabled_optimizers("ConstantFolding")?,
            None => builder,
        };
        let mut builder = self.with_device(builder, device, threads)?;
        let onnx = match network.for_gpu {
            Some(for_gpu) if device.is_gpu() => for_gpu,
            _ => network.onnx,
        };
        match (device, network) {
            (_, Network { for_cpu: Some(for_cpu), .. }) if operators::run_on(device) => {
                let mut builder = builder.with_operators(operators::domain(threads)?)?;
                builder.commit_from_memory(for_cpu)
            }
            (Device::CudaFp16(_), Network { in_half: Some(in_half), .. }) => {
                let onnx = in_half(onnx).map_err(|e| ort::Error::new(e.full_message()))?;
                builder.commit_from_memory(&onnx)
            }
            _ => builder.commit_from_memory(onnx),
        }
    }

    /// Whether a session for this choice of device may come to run on a GPU.
    pub fn may_use_gpu(&self, chosen: &Device) -> bool {
        chosen.candidates().iter().any(|each| each.is_gpu() && self.refusal(each).is_none())
    }

    /// Every kind of device, with the reason where it cannot be used.
    pub fn devices(&self) -> Vec<DeviceStatus> {
        let status = |device| DeviceStatus { unavailable: self.why_unavailable(&device), device };
        Device::kinds().into_iter().map(status).collect()
    }

    /// Registering the provider with an empty session is the test that counts: it loads the
    /// driver's libraries.
    fn why_unavailable(&self, device: &Device) -> Option<String> {
        self.refusal(device).or_else(|| {
            let tried = OrtSession::builder(&self.library.environment)
                .map_err(|e| ort::Error::new(e.message().to_owned()))
                .and_then(|builder| self.with_device(builder, device, NonZeroUsize::MIN));
            tried.err().map(|e| message(&e))
        })
    }
}

impl Session {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn inner(&self) -> &OrtSession {
        &self.inner
    }

    pub(super) fn inner_mut(&mut self) -> &mut OrtSession {
        &mut self.inner
    }

    /// The device that the network really runs on.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Why the network runs on the CPU though another device was there to be tried.
    pub fn fallback(&self) -> Option<&str> {
        self.fallback.as_deref()
    }

    /// Both of these.
    pub fn device_and_fallback(&self) -> (Device, Option<String>) {
        (self.device.clone(), self.fallback.clone())
    }

    /// Names and dimensions of the inputs; -1 stands for any size. `None` for what is no float
    /// tensor.
    pub fn inputs(&self) -> Vec<(String, Option<Vec<i64>>)> {
        self.inner.inputs().iter().map(describe).collect()
    }

    /// Names and dimensions of the outputs, as [`Session::inputs`].
    pub fn outputs(&self) -> Vec<(String, Option<Vec<i64>>)> {
        self.inner.outputs().iter().map(describe).collect()
    }

    /// Runs the network and hands its outputs to `take`.
    ///
    /// # Errors
    /// `Cancelled` when `cancel` asked for it, `Memory` where the device has too little,
    /// `Runtime` for any other failure.
    pub fn run<T>(
        &mut self,
        inputs: &[Input<'_>],
        cancel: &Cancel,
        take: impl FnOnce(&Outputs<'_>) -> Result<T>,
    ) -> Result<T> {
        cancel.check()?;
        let options = Arc::new(RunOptions::new().map_err(|e| failed(&self.name, &e))?);
        let terminator = Arc::clone(&options);
        let _watch = cancel.on_request(move || {
            // A run that cannot be told to stop ends by itself.
            let _ = terminator.terminate();
        });
        let values = inputs
            .iter()
            .map(|input| {
                let tensor = TensorRef::from_array_view((input.shape.to_vec(), input.values))?;
                Ok((input.name.into(), tensor.into()))
            })
            .collect::<ort::Result<Vec<(std::borrow::Cow<'_, str>, SessionInputValue<'_>)>>>()
            .map_err(|e| failed(&self.name, &e))?;
        match self.inner.run_with_options(values, &*options) {
            Ok(outputs) => take(&Outputs(outputs)),
            Err(_) if cancel.is_requested() => Err(Error::cancelled()),
            Err(e) => Err(failed(&self.name, &e)),
        }
    }
}

impl Outputs<'_> {
    /// The dimensions and values of the float output `name`.
    ///
    /// # Errors
    /// `Model` where there is no such output or it holds no floats; `Memory` where it is empty.
    pub fn floats(&self, name: &str) -> Result<(&[i64], &[f32])> {
        let value = self.0.get(name).ok_or_else(|| {
            Error::new(ErrorKind::Model, format!("the network has no output '{name}'"))
        })?;
        let (shape, values) = value.try_extract_tensor::<f32>().map_err(|e| {
            let what = format!("the network's output '{name}' holds no floats");
            Error::caused(ErrorKind::Model, what, message(&e))
        })?;
        check_filled(name, values)?;
        Ok((shape, values))
    }
}

/// OpenVINO returns empty outputs, and no error, where it cannot allocate; none of our networks has
/// such.
pub(super) fn check_filled(output: &str, values: &[f32]) -> Result<()> {
    if values.is_empty() {
        let what = format!("the device returned nothing of '{output}': it has too little memory");
        return Err(Error::new(ErrorKind::Memory, what));
    }
    Ok(())
}

fn describe(outlet: &ort::value::Outlet) -> (String, Option<Vec<i64>>) {
    let shape = match outlet.dtype() {
        ort::value::ValueType::Tensor {
            ty: ort::value::TensorElementType::Float32, shape, ..
        } => Some(shape.to_vec()),
        _ => None,
    };
    (outlet.name().to_owned(), shape)
}

pub(super) fn kind_of(error: &ort::Error, otherwise: ErrorKind) -> ErrorKind {
    if want::is_of_memory(error.message()) { ErrorKind::Memory } else { otherwise }
}

pub(super) fn failed(name: &str, e: &ort::Error) -> Error {
    let what = format!("cannot run the network '{name}'");
    Error::caused(kind_of(e, ErrorKind::Runtime), what, message(e))
}

pub(super) fn message(error: &ort::Error) -> String {
    // Some providers' words are several lines.
    error.message().split_whitespace().collect::<Vec<_>>().join(" ")
}
