//! A network that runs again and again on values that stay on its device.

use std::sync::Arc;

use ort::memory::{AllocationDevice, AllocatorType, MemoryInfo, MemoryType};
use ort::session::{IoBinding, RunOptions};
use ort::value::{DynTensor, DynTensorValueType, Tensor};

use super::device::Device;
use super::session::{Input, Session, check_filled, failed, kind_of, message};
use crate::error::{Error, ErrorKind, Result};
use crate::job::Cancel;
use crate::memory;

/// An output that is the input of the next run.
#[derive(Debug, Clone, Copy)]
pub struct Loop {
    /// The output's name.
    pub output: &'static str,
    /// The input's name.
    pub input: &'static str,
}

/// A session with its inputs in place. Outputs named by a [`Loop`] never leave the device unless
/// they are read.
pub struct Binding {
    session: Session,
    binding: IoBinding,
    memory: MemoryInfo<'static>,
    loops: Vec<(Loop, Option<DynTensor>)>,
    /// An output that comes back to the host after each run.
    reported: &'static str,
}

impl Session {
    /// Binds all inputs. After each run, the looped outputs become inputs and `reported` is read.
    ///
    /// # Errors
    /// `Memory` where the device has too little, `Runtime` for any other failure.
    pub fn bind(
        self,
        inputs: &[Input<'_>],
        loops: &[Loop],
        reported: &'static str,
    ) -> Result<Binding> {
        let wrong = |e: ort::Error| failed(self.name(), &e);
        // DirectML's memory cannot be asked for by name, nor a plug-in's: values pass through the host.
        let (device, number) = match self.device().of_cuda() {
            Some(n) => (AllocationDevice::CUDA, n as i32),
            None => (AllocationDevice::CPU, 0),
        };
        let place = |device: AllocationDevice<'static>, number| {
            MemoryInfo::new(device, number, AllocatorType::Device, MemoryType::Default)
        };
        let memory = place(device, number).map_err(wrong)?;
        let mut binding = self.inner().create_binding().map_err(wrong)?;
        let host = place(AllocationDevice::CPU, 0).map_err(wrong)?;
        binding.bind_output_to_device(reported, &host).map_err(wrong)?;
        let loops = loops.iter().map(|&each| (each, None)).collect();
        let mut bound = Binding { session: self, binding, memory, loops, reported };
        for input in inputs {
            bound.set(input)?;
        }
        Ok(bound)
    }
}

impl Binding {
    /// The device that the network runs on.
    pub fn device(&self) -> &Device {
        self.session.device()
    }

    /// Gives an input another value.
    ///
    /// # Errors
    /// As [`Session::bind`].
    pub fn set(&mut self, input: &Input<'_>) -> Result<()> {
        let values = memory::copied(input.values, format_args!("the input '{}'", input.name))?;
        let value = Tensor::from_array((input.shape.to_vec(), values))
            .map_err(|e| failed(self.session.name(), &e))?
            .upcast();
        self.binding.bind_input(input.name, &value).map_err(|e| failed(self.session.name(), &e))?;
        for (each, held) in &mut self.loops {
            if each.input == input.name {
                *held = Some(value);
                break;
            }
        }
        Ok(())
    }

    /// Runs once and returns the reported output. On any error the looped inputs are what they
    /// were.
    ///
    /// # Errors
    /// As [`Session::run`].
    pub fn run(&mut self, cancel: &Cancel) -> Result<Vec<f32>> {
        cancel.check()?;
        let name = self.session.name().to_owned();
        let wrong = |e: ort::Error| failed(&name, &e);
        for (each, _) in &self.loops {
            // Anew each time, or the run would write to the value that is now its input.
            self.binding.bind_output_to_device(each.output, &self.memory).map_err(wrong)?;
        }
        let options = Arc::new(RunOptions::new().map_err(wrong)?);
        let terminator = Arc::clone(&options);
        let _watch = cancel.on_request(move || {
            // A run that cannot be told to stop ends by itself.
            let _ = terminator.terminate();
        });
        let session = self.session.inner_mut();
        let mut outputs = match session.run_binding_with_options(&self.binding, &options) {
            Ok(outputs) => outputs,
            Err(_) if cancel.is_requested() => return Err(Error::cancelled()),
            Err(e) => return Err(wrong(e)),
        };
        let no_output = |output: &str| {
            Error::new(ErrorKind::Model, format!("the network '{name}' has no output '{output}'"))
        };
        let reported = outputs.remove(self.reported).ok_or_else(|| no_output(self.reported))?;
        let reported = reported.try_extract_tensor::<f32>().map_err(wrong)?.1;
        let reported = memory::copied(reported, format_args!("the output '{}'", self.reported))?;
        check_filled(self.reported, &reported)?;
        let mut next = Vec::with_capacity(self.loops.len());
        for (each, _) in &self.loops {
            let value = outputs.remove(each.output).ok_or_else(|| no_output(each.output))?;
            next.push(value.downcast::<DynTensorValueType>().map_err(wrong)?);
        }
        drop(outputs);
        for ((each, held), value) in self.loops.iter_mut().zip(next) {
            self.binding.bind_input(each.input, &value).map_err(wrong)?;
            *held = Some(value);
        }
        Ok(reported)
    }

    /// Copies the present value of a looped input to the host.
    ///
    /// # Errors
    /// `Argument` for an input that is in no loop; as [`Session::bind`] otherwise.
    pub fn read(&self, input: &str) -> Result<Vec<f32>> {
        let held = self.loops.iter().find(|(each, _)| each.input == input);
        let Some((_, Some(value))) = held else {
            let what = format!("cannot read '{input}': it is not kept");
            return Err(Error::new(ErrorKind::Argument, what));
        };
        let wrong = |e: ort::Error| {
            let what = format!("cannot read '{input}' from {}", self.device());
            Error::caused(kind_of(&e, ErrorKind::Runtime), what, message(&e))
        };
        let what = format_args!("the value '{input}'");
        match value.try_extract_tensor::<f32>() {
            Ok((_, values)) => memory::copied(values, what),
            Err(_) => {
                let copy = value.to(AllocationDevice::CPU, 0).map_err(wrong)?;
                memory::copied(copy.try_extract_tensor::<f32>().map_err(wrong)?.1, what)
            }
        }
    }
}
