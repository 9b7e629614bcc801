//! What a host hears of long work.

use std::ffi::{c_char, c_void};

use super::log_post;
use super::pixels::impasto_pixels;
use super::static_text::static_text;
use crate::job::{Cancel, Losses, Progress};
use crate::observer::{Observer, Preview};

/// What an optimisation minimises. All are relative, so they can be compared between styles and
/// sizes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct impasto_losses {
    /// Squared difference of content features over the square of the photograph's.
    pub content: f32,
    /// Squared difference of Gram matrices over the square of the style's.
    pub style: f32,
    /// Mean squared difference of neighbouring pixels.
    pub variation: f32,
    /// The sum by weight, which is minimised.
    pub total: f32,
}

/// How far work has come. It grows at its end; what `struct_size` does not reach is not there.
#[repr(C)]
pub struct impasto_progress {
    /// The size of this struct in the library's version.
    pub struct_size: usize,
    /// What is being done, for people: "Painting". Static.
    pub phase: *const c_char,
    /// The part that is done, 0 to 1.
    pub fraction: f32,
    /// 0.
    pub reserved: f32,
    /// Seconds that the rest will take; below 0 where that cannot be told.
    pub remaining_seconds: f64,
    /// What an optimisation has come to; NULL otherwise, and before its first step. Valid during
    /// the call.
    pub losses: *const impasto_losses,
}

/// The picture that an optimisation has come to. It grows at its end; what `struct_size` does not
/// reach is not there.
#[repr(C)]
pub struct impasto_preview {
    /// The size of this struct in the library's version.
    pub struct_size: usize,
    /// 32-bit float RGB of encoded sRGB, at the size that is worked on, which grows from coarse to
    /// fine. Only to be read; valid during the call.
    pub pixels: *const impasto_pixels,
    /// Steps done at all sizes.
    pub step: u32,
    /// Steps of all sizes.
    pub steps: u32,
    /// What the losses are.
    pub losses: impasto_losses,
}

/// Hears of progress, on the thread that called the library: at the start, after each part of the
/// work, and at the end. It may call any function of this library but must not free what the work
/// uses.
///
/// @param user_data what the run holds
/// @param progress valid during the call
/// @return 0 to go on, anything else to cancel
pub type impasto_progress_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, progress: *const impasto_progress) -> i32>;

/// Sees the picture that an optimisation has come to, on the thread that called the library.
///
/// @param user_data what the run holds
/// @param preview valid during the call
pub type impasto_preview_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, preview: *const impasto_preview)>;

/// The host's callbacks of one run.
pub(super) struct Listener {
    progress: impasto_progress_callback,
    progress_user_data: *mut c_void,
    preview: impasto_preview_callback,
    preview_user_data: *mut c_void,
    preview_every: u32,
    /// What a callback that asks to stop requests.
    cancel: Cancel,
}

// SAFETY: an observer is called on the thread that called the engine, which is the one that
// `Listener::new` was called on; other threads only hold the address.
unsafe impl Sync for Listener {}

impl Listener {
    /// # Safety
    /// Each callback is NULL or may be called with its data while the listener lives.
    pub unsafe fn new(
        (progress, progress_user_data): (impasto_progress_callback, *mut c_void),
        (preview, preview_user_data): (impasto_preview_callback, *mut c_void),
        preview_every: u32,
        cancel: Cancel,
    ) -> Self {
        Self { progress, progress_user_data, preview, preview_user_data, preview_every, cancel }
    }
}

impl Observer for Listener {
    fn progress(&self, progress: Progress) {
        // The engine holds no lock where it tells progress.
        log_post::deliver();
        let Some(callback) = self.progress else { return };
        let losses = progress.losses.map(impasto_losses::from);
        let told = impasto_progress {
            struct_size: size_of::<impasto_progress>(),
            phase: static_text(progress.phase),
            fraction: progress.fraction,
            reserved: 0.0,
            remaining_seconds: progress.remaining.map_or(-1.0, |rest| rest.as_secs_f64()),
            losses: losses.as_ref().map_or(std::ptr::null(), std::ptr::from_ref),
        };
        // SAFETY: `new` was promised that it may be called with its data; `told` and what it
        // points to live on this stack.
        if unsafe { callback(self.progress_user_data, &told) } != 0 {
            self.cancel.request();
        }
    }

    fn preview_every(&self) -> u32 {
        if self.preview.is_some() { self.preview_every.max(1) } else { 0 }
    }

    fn preview(&self, preview: Preview<'_>) {
        let Some(callback) = self.preview else { return };
        let pixels = impasto_pixels::of_preview(preview.picture);
        let told = impasto_preview {
            struct_size: size_of::<impasto_preview>(),
            pixels: &pixels,
            step: preview.step,
            steps: preview.steps,
            losses: preview.losses.into(),
        };
        // SAFETY: `new` was promised that it may be called with its data; `told`, `pixels` and the
        // picture outlive the call.
        unsafe { callback(self.preview_user_data, &told) };
    }
}

impl From<Losses> for impasto_losses {
    fn from(losses: Losses) -> Self {
        let Losses { content, style, variation, total } = losses;
        Self { content, style, variation, total }
    }
}
