//! The engine: networks and a device.

use std::fmt;

use crate::device::Device;
use crate::engine_options::EngineOptions;
use crate::error::Result;
use crate::ffi::{self, Handle};
use crate::library::Library;
use crate::style_entry::StyleEntry;

/// Networks and a device, loaded when they are first needed. It may be shared by threads;
/// paintings then share the processor. One engine a process is enough; it belongs to the process
/// that made it.
pub struct Engine {
    handle: Handle<ffi::Engine>,
    library: Library,
}

impl Engine {
    /// Takes note of the options; nothing is loaded yet.
    ///
    /// # Errors
    /// `Argument` for options that cannot be understood.
    pub fn new(library: &Library, options: &EngineOptions) -> Result<Self> {
        let handle = library.functions().new_engine(options)?;
        Ok(Self { handle, library: *library })
    }

    /// Loads everything that painting needs, so that the first painting is as quick as the next.
    ///
    /// # Errors
    /// `Runtime`, `Model` or `Device` where something cannot be loaded.
    pub fn prepare(&self) -> Result<()> {
        self.library.functions().prepare(&self.handle)
    }

    /// Every kind of device. Loads ONNX Runtime.
    ///
    /// # Errors
    /// `Runtime` where ONNX Runtime cannot be loaded.
    pub fn devices(&self) -> Result<Vec<Device>> {
        self.library.functions().devices(&self.handle)
    }

    /// The shipped styles and the user's own. Loads neither ONNX Runtime nor a network.
    ///
    /// # Errors
    /// `Model` where the shipped ones cannot be found.
    pub fn styles(&self) -> Result<Vec<StyleEntry>> {
        self.library.functions().styles(&self.handle)
    }

    pub(crate) fn handle(&self) -> &Handle<ffi::Engine> {
        &self.handle
    }

    pub(crate) fn library(&self) -> Library {
        self.library
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("library", &self.library).finish_non_exhaustive()
    }
}
