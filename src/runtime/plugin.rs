//! Plug-in providers: libraries that bring a device to ONNX Runtime.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char};
use std::fs::File;
use std::path::Path;
use std::ptr::NonNull;

use ort::AsPointer;
use ort::device::Device;
use ort::environment::Environment;
use ort::memory::DeviceType;
use ort::session::builder::SessionBuilder;
use ort::sys::OrtEpDevice;

use super::{open, probe, status};

/// Every plug-in provider has this function.
pub(super) const ENTRY_POINT: &[u8] = b"CreateEpFactories";

/// A device that a plug-in provider offers. It lives as long as the process.
#[derive(Debug, Clone)]
pub(super) struct EpDevice {
    pub pointer: NonNull<OrtEpDevice>,
    pub kind: DeviceType,
}

// SAFETY: ONNX Runtime's devices belong to no thread, and none frees one.
unsafe impl Send for EpDevice {}
// SAFETY: ONNX Runtime's devices do not change, so several threads may read one at once.
unsafe impl Sync for EpDevice {}

/// A registered library.
#[derive(Debug, Clone)]
pub(super) struct Plugin {
    pub devices: Vec<EpDevice>,
}

impl Plugin {
    /// Registers the library with ONNX Runtime, once it is known to be a provider.
    pub fn register(environment: &Environment, path: &Path) -> Result<Self, String> {
        check(path)?;
        let before: Vec<_> = environment.devices().map(|device| device.ptr()).collect();
        match environment.register_ep_library(path.to_string_lossy(), path) {
            // By another copy of the engine, in another plug-in of the same program.
            Err(e) if e.message().contains("already registered") => {}
            Err(e) => {
                return Err(format!("cannot register '{}': {}", path.display(), e.message()));
            }
            Ok(()) => {}
        }
        let devices = environment
            .devices()
            .filter(|device| !before.contains(&device.ptr()) || is_of(device, path))
            .filter_map(|device| {
                let pointer = NonNull::new(device.ptr().cast_mut())?;
                // "NAME.AUTO" and the like share out work between other devices.
                let is_real = device.ep().is_ok_and(|name| !name.contains('.'));
                is_real.then(|| EpDevice { pointer, kind: device.hardware_device().ty() })
            })
            .collect();
        Ok(Self { devices })
    }

    /// The processor's cores.
    pub fn cpu(&self) -> Option<EpDevice> {
        self.devices.iter().find(|device| device.kind == DeviceType::CPU).cloned()
    }

    /// A GPU, else another accelerator, else the processor.
    pub fn best(&self) -> Option<EpDevice> {
        let of = |kind| self.devices.iter().find(move |device| device.kind == kind);
        of(DeviceType::GPU).or_else(|| of(DeviceType::NPU)).or_else(|| of(DeviceType::CPU)).cloned()
    }
}

/// Whether the device says that it comes from the library at `path`.
fn is_of(device: &Device<'_>, path: &Path) -> bool {
    let api = ort::api();
    // SAFETY: ONNX Runtime's device lives as long as its environment, and so does its list.
    let metadata = unsafe { (api.EpDevice_EpMetadata)(device.ptr()) };
    // SAFETY: the list is the device's own, which the function only reads.
    let library = unsafe { (api.GetKeyValue)(metadata, c"library_path".as_ptr()) };
    // SAFETY: what is not null is text that belongs to the list.
    !library.is_null() && unsafe { CStr::from_ptr(library) }.to_str().map(Path::new) == Ok(path)
}

/// Refuses what ONNX Runtime would refuse with other words, or die of.
fn check(path: &Path) -> Result<(), String> {
    let refuse = |why: String| format!("'{}' {why}", path.display());
    if !path.exists() {
        return Err(refuse("does not exist".into()));
    }
    if path.is_dir() {
        return Err(refuse("is a folder, not a library".into()));
    }
    File::open(path).map_err(|e| refuse(format!("cannot be read ({e})")))?;
    if probe::is_truncated(path) {
        return Err(refuse("is truncated".into()));
    }
    let library = open(path)?;
    // SAFETY: the function is never called; it is only asked whether it is there.
    unsafe { library.get::<unsafe extern "C" fn()>(ENTRY_POINT) }.map(drop).map_err(|_| {
        refuse("is no plug-in provider for ONNX Runtime (it has no CreateEpFactories)".into())
    })
}

/// Opens a provider's library.
pub(super) fn open(path: &Path) -> Result<libloading::Library, String> {
    // SAFETY: running a library's constructors is what loading means; the path comes from the
    // user or from our own installation, as any plug-in's does.
    unsafe { open::library(path) }.map_err(|e| {
        let why = std::error::Error::source(&e).map_or(e.to_string(), ToString::to_string);
        format!("'{}' is not a library that can be loaded here ({why})", path.display())
    })
}

/// Makes a session use the device, with options of its provider.
pub(super) fn append(
    builder: SessionBuilder,
    environment: &Environment,
    device: &EpDevice,
    options: &[(&str, String)],
) -> ort::Result<SessionBuilder> {
    let text = |text: &str| CString::new(text).unwrap_or_default();
    let owned: Vec<[CString; 2]> =
        options.iter().map(|(key, value)| [text(key), text(value)]).collect();
    let keys: Vec<*const c_char> = owned.iter().map(|[key, _]| key.as_ptr()).collect();
    let values: Vec<*const c_char> = owned.iter().map(|[_, value]| value.as_ptr()).collect();
    let device = device.pointer.as_ptr().cast_const();
    // SAFETY: all pointers are valid for the call, which copies what it keeps; the device lives as
    // long as the process; keys and values are as many as is said.
    let answer = unsafe {
        (ort::api().SessionOptionsAppendExecutionProvider_V2)(
            builder.ptr().cast_mut(),
            environment.ptr().cast_mut(),
            &device,
            1,
            keys.as_ptr(),
            values.as_ptr(),
            owned.len(),
        )
    };
    status::check(answer)?;
    Ok(builder)
}
