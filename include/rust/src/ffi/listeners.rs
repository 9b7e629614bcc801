//! Who listens to a run, and what the library calls to tell them. No panic crosses into it.

use std::any::Any;
use std::ffi::c_void;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::pixels::lent;
use super::text::borrowed;
use super::types;
use crate::progress::{Losses, Preview, Progress};

type HearProgress<'a> = Box<dyn FnMut(&Progress<'_>) -> ControlFlow<()> + 'a>;
type SeePreview<'a> = Box<dyn FnMut(&Preview<'_>) + 'a>;

/// The listeners to a run, and the panic that one of them ended with.
#[derive(Default)]
pub(crate) struct Listeners<'a> {
    pub progress: Option<HearProgress<'a>>,
    pub preview: Option<SeePreview<'a>>,
    pub panic: Option<Box<dyn Any + Send>>,
}

impl Listeners<'_> {
    /// Lets a listener hear, unless one has panicked.
    fn call<T>(&mut self, listener: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.panic.is_some() {
            return None;
        }
        match catch_unwind(AssertUnwindSafe(|| listener(self))) {
            Ok(answer) => Some(answer),
            Err(panic) => {
                self.panic = Some(panic);
                None
            }
        }
    }
}

/// Hands progress to [`Listeners`], and cancels where one of them wants it or has panicked.
///
/// # Safety
/// `user_data` points to [`Listeners`] that nothing else uses during the call; `progress` is what
/// the header says of it.
pub unsafe extern "C" fn progress(user_data: *mut c_void, progress: *const types::Progress) -> i32 {
    // SAFETY: `user_data` is ours, and the library calls on the thread of the run, one call at a
    // time.
    let listeners = unsafe { &mut *user_data.cast::<Listeners<'_>>() };
    // SAFETY: the library lends the struct for the time of this call.
    let raw = unsafe { &*progress };
    // SAFETY: a phase is a static string, and losses are lent as the struct is.
    let (phase, losses) = unsafe { (borrowed(raw.phase), raw.losses.as_ref()) };
    let told = Progress {
        phase,
        fraction: raw.fraction,
        remaining: Duration::try_from_secs_f64(raw.remaining_seconds).ok(),
        losses: losses.map(Losses::from),
    };
    let hear = |listeners: &mut Listeners<'_>| match &mut listeners.progress {
        Some(hear) => hear(&told),
        None => ControlFlow::Continue(()),
    };
    match listeners.call(hear) {
        Some(ControlFlow::Continue(())) => 0,
        Some(ControlFlow::Break(())) | None => 1,
    }
}

/// Hands a preview to [`Listeners`].
///
/// # Safety
/// `user_data` points to [`Listeners`] that nothing else uses during the call; `preview` is what
/// the header says of it.
pub unsafe extern "C" fn preview(user_data: *mut c_void, preview: *const types::Preview) {
    // SAFETY: `user_data` is ours, and the library calls on the thread of the run, one call at a
    // time.
    let listeners = unsafe { &mut *user_data.cast::<Listeners<'_>>() };
    // SAFETY: the library lends the struct and the description of its pixels for the time of this
    // call.
    let (raw, pixels) = unsafe { (&*preview, (*preview).pixels.as_ref()) };
    // SAFETY: the library lends the pixels for the time of this call, and writes none of them
    // meanwhile.
    let Some(pixels) = pixels.and_then(|pixels| unsafe { lent(pixels) }) else { return };
    let shown =
        Preview { pixels, step: raw.step, steps: raw.steps, losses: Losses::from(&raw.losses) };
    listeners.call(|listeners| {
        if let Some(see) = &mut listeners.preview {
            see(&shown);
        }
    });
}

impl From<&types::Losses> for Losses {
    fn from(raw: &types::Losses) -> Self {
        let types::Losses { content, style, variation, total } = *raw;
        Self { content, style, variation, total }
    }
}
