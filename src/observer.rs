//! Who hears of long work on its way.

use crate::error::Result;
use crate::image::Picture;
use crate::job::{Cancel, Losses, Progress};

/// Hears of long work, on the thread that called the engine. `()` hears nothing.
pub trait Observer: Sync {
    /// How far the work has come: at its start, after each tile or step, and at its end.
    fn progress(&self, _: Progress) {}

    /// Steps from one preview to the next; 0 for none.
    fn preview_every(&self) -> u32 {
        0
    }

    /// The picture that an optimisation has come to.
    fn preview(&self, _: Preview<'_>) {}

    /// What the caller should know at once, such as another device than the chosen one. The report
    /// says it again.
    fn note(&self, _: &str) {}
}

impl Observer for () {}

/// Steps so far and of how many, with the picture that they made.
pub struct Preview<'p> {
    /// The picture as it stands, in 32-bit floats of encoded sRGB, at the size that is worked on.
    pub picture: &'p Picture,
    /// Steps done at all sizes.
    pub step: u32,
    /// Steps of all sizes.
    pub steps: u32,
    /// What the losses are.
    pub losses: Losses,
}

/// Long work as its caller sees it: a way to stop it, and who hears of it.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// Stops the work.
    pub cancel: &'a Cancel,
    /// Hears of it.
    pub observer: &'a dyn Observer,
}

impl<'a> Job<'a> {
    /// Work that nobody hears of.
    pub fn silent(cancel: &'a Cancel) -> Self {
        Self { cancel, observer: &() }
    }

    /// Tells how much is done, unless a stop was asked for.
    pub(crate) fn step(&self, phase: &'static str, fraction: f32) -> Result<()> {
        self.report(Progress { phase, fraction, remaining: None, losses: None })
    }

    /// Tells progress with what else is known of it, unless a stop was asked for.
    pub(crate) fn report(&self, progress: Progress) -> Result<()> {
        self.cancel.check()?;
        self.observer.progress(progress);
        self.cancel.check()
    }
}

/// Hears of a part of the work as such.
pub(crate) struct Part<'o> {
    pub of: &'o dyn Observer,
    /// The fraction of the whole where it begins.
    pub first: f32,
    /// The fraction where it ends.
    pub last: f32,
}

impl Observer for Part<'_> {
    fn progress(&self, progress: Progress) {
        let fraction = self.first + (self.last - self.first) * progress.fraction;
        self.of.progress(Progress { fraction, ..progress });
    }

    fn preview_every(&self) -> u32 {
        self.of.preview_every()
    }

    fn preview(&self, preview: Preview<'_>) {
        self.of.preview(preview);
    }

    fn note(&self, note: &str) {
        self.of.note(note);
    }
}
