//! How an engine is made and how it paints.

use std::fmt;
use std::num::{NonZeroU32, NonZeroU64};
use std::path::PathBuf;

use crate::cancel::Cancel;
use crate::error::Result;
use crate::ffi;
use crate::library::Library;
use crate::log::Log;
use crate::look::Look;

/// Where things are and what may be used.
#[derive(Debug, Clone, Default)]
pub struct EngineOptions {
    /// ONNX Runtime's library; by default the one named by the environment variable
    /// `IMPASTO_ONNXRUNTIME`, the one beside `libimpasto`, or the system's.
    pub runtime: Option<PathBuf>,
    /// The folder of the networks; by default the one named by the environment variable
    /// `IMPASTO_MODELS`, or the one beside `libimpasto`.
    pub models: Option<PathBuf>,
    /// The folder that keeps the codes of style pictures; by default in the user's cache folder.
    pub cache: Option<PathBuf>,
    /// The folder of the user's own styles; by default in the user's data folder.
    pub user_styles: Option<PathBuf>,
    /// `auto` (the default), `cpu`, `cuda`, `cuda:1`, `directml`, `directml:1`, `openvino`,
    /// `cuda:fp16`, `cuda:1:fp16`, `openvino:bf16`, or the path of a plug-in provider for ONNX
    /// Runtime, with a slash.
    pub device: Option<String>,
    /// Threads; by default one for each core.
    pub threads: Option<NonZeroU32>,
    /// Bytes that a painting may take besides the pictures it is given; by default a quarter of
    /// the memory that is free.
    pub memory_budget: Option<NonZeroU64>,
    /// Receives log messages.
    pub log: Option<Log>,
}

/// How to paint: a value for each of [`Library::parameters`], a look, a limit, a way to stop.
#[derive(Clone)]
pub struct PaintOptions {
    pub(crate) values: ffi::PaintOptions,
    pub(crate) cancel: Option<Cancel>,
    pub(crate) look: Option<Look>,
    library: Library,
}

impl PaintOptions {
    /// The defaults of all parameters.
    ///
    /// # Errors
    /// Only for a defect in the library.
    pub fn new(library: &Library) -> Result<Self> {
        let values = library.functions().new_paint_options()?;
        Ok(Self { values, cancel: None, look: None, library: *library })
    }

    /// Sets a parameter by its name, such as `brush-size`. A choice is set by its place in the
    /// list, from 0.
    ///
    /// # Errors
    /// `Argument` for an unknown name or a value outside the range.
    pub fn set(&mut self, name: &str, value: f64) -> Result<()> {
        self.library.functions().set_paint_option(&mut self.values, name, value)
    }

    /// Limits the bytes that the painting may take besides its pictures; `None` for the engine's
    /// limit.
    pub fn set_memory_budget(&mut self, bytes: Option<NonZeroU64>) {
        self.values.memory_budget = bytes.map_or(0, NonZeroU64::get);
    }

    /// Paints in this look; `None` for the picture's own.
    pub fn set_look(&mut self, look: Option<&Look>) {
        self.look = look.cloned();
    }

    /// Says how large the picture is in comparison to the one that it stands for, along x and y:
    /// 0.5 for a proxy of half the size, which then gets strokes of half the size. 0.01 to 100.
    pub fn set_picture_scale(&mut self, x: f32, y: f32) {
        (self.values.scale_x, self.values.scale_y) = (x, y);
    }

    /// Lets `cancel` stop the painting, from any thread.
    pub fn set_cancel(&mut self, cancel: Option<&Cancel>) {
        self.cancel = cancel.cloned();
    }
}

impl fmt::Debug for PaintOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("PaintOptions");
        fields.field("cancel", &self.cancel).field("look", &self.look);
        fields.field("memory_budget", &self.values.memory_budget).finish_non_exhaustive()
    }
}
