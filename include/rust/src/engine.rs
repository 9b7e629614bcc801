//! The engine: networks and a device.

use std::fmt;
use std::ops::ControlFlow;

use crate::cancel::Cancel;
use crate::error::Result;
use crate::ffi::{Canvas, EngineHandle};
use crate::library::Library;
use crate::options::{EngineOptions, PaintOptions};
use crate::pixels::{Pixels, PixelsMut};
use crate::report::Report;
use crate::style::{Style, StyleEntry};

/// Networks and a device, loaded when they are first needed. It may be shared by threads;
/// paintings then share the processor. One engine a process is enough.
pub struct Engine {
    handle: EngineHandle,
    library: Library,
}

/// A device, and whether it can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Device {
    /// As [`EngineOptions::device`] takes it: `cuda:0`.
    pub name: String,
    /// Why it cannot be used, for people; `None` if it can.
    pub unavailable: Option<String>,
}

/// A frame of a shot and its painting, which have one size and one curve.
#[derive(Debug, Clone, Copy)]
pub struct PaintedFrame<'a> {
    /// The frame.
    pub picture: Pixels<'a>,
    /// Its painting, everywhere if there is a mask.
    pub painting: Pixels<'a>,
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

    /// Paints `input` in a style. The output has the picture's size and curve; the rest of its
    /// format may differ. It is written when the painting is complete, and left as it was on every
    /// failure. The painting covers the picture where `mask` is white.
    ///
    /// `progress` hears on this thread the part that is done, 0 to 1, and what is being done, for
    /// people; [`ControlFlow::Break`] cancels. A panic in it cancels, too, and goes on to the
    /// caller once the painting has ended.
    ///
    /// # Errors
    /// `Cancelled`, or what went wrong.
    pub fn paint(
        &self,
        style: &Style,
        options: &PaintOptions,
        input: &Pixels<'_>,
        mask: Option<&Pixels<'_>>,
        output: &mut PixelsMut<'_>,
        mut progress: impl FnMut(f32, &str) -> ControlFlow<()>,
    ) -> Result<Report> {
        let canvas = Canvas::Between(*input, output.reborrowed());
        self.run(style, options, canvas, mask, &mut progress)
    }

    /// As [`Engine::paint`], with one buffer as picture and output.
    ///
    /// # Errors
    /// As [`Engine::paint`].
    pub fn paint_in_place(
        &self,
        style: &Style,
        options: &PaintOptions,
        pixels: &mut PixelsMut<'_>,
        mask: Option<&Pixels<'_>>,
        mut progress: impl FnMut(f32, &str) -> ControlFlow<()>,
    ) -> Result<Report> {
        let canvas = Canvas::InPlace(pixels.reborrowed());
        self.run(style, options, canvas, mask, &mut progress)
    }

    /// Steadies the painting of a frame by those of up to 16 frames around it, which are moved
    /// along the motion of the shot, and averaged where it explains the picture. Paint all in one
    /// [`Look`](crate::Look). Neighbours of another size or of another shot count nothing. The
    /// output has the frame's size and curve; it is written when all is done, and left as it was
    /// on every failure. The result covers the picture where `mask` is white. Loads neither ONNX
    /// Runtime nor a network.
    ///
    /// # Errors
    /// `Argument` for what does not fit together, `Cancelled`, or what went wrong.
    pub fn steady(
        &self,
        frame: &PaintedFrame<'_>,
        neighbors: &[PaintedFrame<'_>],
        mask: Option<&Pixels<'_>>,
        cancel: Option<&Cancel>,
        output: &mut PixelsMut<'_>,
    ) -> Result<()> {
        let (functions, cancel) = (self.library.functions(), cancel.map(Cancel::handle));
        functions.steady(&self.handle, frame, neighbors, mask, cancel, output.reborrowed())
    }

    fn run(
        &self,
        style: &Style,
        options: &PaintOptions,
        canvas: Canvas<'_>,
        mask: Option<&Pixels<'_>>,
        progress: &mut dyn FnMut(f32, &str) -> ControlFlow<()>,
    ) -> Result<Report> {
        let functions = self.library.functions();
        functions.paint(&self.handle, style.handle(), options, canvas, mask, progress)
    }

    pub(crate) fn handle(&self) -> &EngineHandle {
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
