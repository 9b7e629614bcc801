//! What holds for one run of long work.

use std::fmt;
use std::num::NonZeroU64;
use std::ops::ControlFlow;

use crate::cancel::Cancel;
use crate::ffi;
use crate::look::Look;
use crate::pixels::Pixels;
use crate::progress::{Preview, Progress};

/// Limits, requests to stop and listeners of one painting, or of other work that takes long. What
/// is not set is as the engine has it.
///
/// Listeners are called on the thread that calls for the work. A panic in one of them cancels, and
/// goes on to the caller once the work has ended.
#[derive(Default)]
#[must_use]
pub struct Run<'a>(ffi::Run<'a>);

impl<'a> Run<'a> {
    /// Nothing is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Limits the bytes that the work may take besides its pictures; `None` for the engine's limit.
    pub fn memory_budget(mut self, bytes: Option<NonZeroU64>) -> Self {
        self.0.memory_budget = bytes.map_or(0, NonZeroU64::get);
        self
    }

    /// Lets `cancel` stop the work, from any thread.
    pub fn cancel(mut self, cancel: &'a Cancel) -> Self {
        self.0.cancel = Some(cancel.handle());
        self
    }

    /// Paints in this look; `None` for the picture's own. The fast method has it.
    pub fn look(mut self, look: Option<&'a Look>) -> Self {
        self.0.look = look.map(Look::handle);
        self
    }

    /// Lets an optimisation start from this picture, of any size, whatever the setting `start`
    /// says.
    pub fn start(mut self, picture: Pixels<'a>) -> Self {
        self.0.start = Some(picture);
        self
    }

    /// Says how large the picture is in comparison to the one that it stands for, along x and y:
    /// 0.5 for a proxy of half the size, which then gets strokes of half the size. 0.01 to 100.
    /// The optimise method takes no notice.
    pub fn scale(mut self, x: f32, y: f32) -> Self {
        self.0.scale = Some([x, y]);
        self
    }

    /// Has a draft painted, or not: without the finest layer of paint where its canvas is large,
    /// and on a canvas no larger than the picture. It takes about a quarter of the time. A look is
    /// that of the whole painting. The optimise method takes no notice.
    pub fn draft(mut self, is_draft: bool) -> Self {
        self.0.is_draft = is_draft;
        self
    }

    /// Hears how far the work has come; [`ControlFlow::Break`] cancels it.
    pub fn progress(mut self, hear: impl FnMut(&Progress<'_>) -> ControlFlow<()> + 'a) -> Self {
        self.0.listeners.progress = Some(Box::new(hear));
        self
    }

    /// Sees the picture of an optimisation after each `every` steps; 0 counts as 1.
    pub fn preview(mut self, every: u32, see: impl FnMut(&Preview<'_>) + 'a) -> Self {
        self.0.preview_every = every;
        self.0.listeners.preview = Some(Box::new(see));
        self
    }

    pub(crate) fn asked(self) -> ffi::Run<'a> {
        self.0
    }
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Run");
        fields.field("memory_budget", &self.0.memory_budget).field("scale", &self.0.scale);
        fields.finish_non_exhaustive()
    }
}
