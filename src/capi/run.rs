//! What one piece of long work may take, who hears of it, and what stops it.

use std::ffi::c_void;
use std::ptr;

use super::cancel::impasto_cancel;
use super::fence::fenced;
use super::look::impasto_look;
use super::pixels::{HostPixels, impasto_pixels};
use super::pointer::{optional, wrong};
use super::progress::{Listener, impasto_preview_callback, impasto_progress_callback};
use super::sized::{self, Growing};
use super::status::impasto_status;
use crate::error::Result;
use crate::fast::Look;
use crate::image::Picture;
use crate::job::{Cancel, Watch};
use crate::observer::Job;

/// What a function that takes long may take, who hears of it, and what stops it. Initialise it with
/// `impasto_run_init`. Each function says which fields it uses; it takes no notice of others.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct impasto_run {
    /// The size of this struct in the caller's version.
    pub struct_size: usize,
    /// Bytes that the work should take besides its pictures; 0 for the engine's.
    pub memory_budget: u64,
    /// Stops the work from another thread; may be NULL.
    pub cancel: *const impasto_cancel,
    /// The look to paint in, of this or another picture; NULL for the picture's own. The fast
    /// method has it.
    pub look: *const impasto_look,
    /// What an optimisation starts from, of any size, which is scaled to fit; NULL for what the
    /// setting "start" says.
    pub start: *const impasto_pixels,
    /// How wide the picture is in comparison to the one that it stands for: 0.5 for a proxy of
    /// half the size, which then gets strokes of half the size. 0.01 to 100. The optimise method
    /// takes no notice.
    pub scale_x: f32,
    /// As `scale_x`, of the height.
    pub scale_y: f32,
    /// Hears of progress; may be NULL.
    pub progress: impasto_progress_callback,
    /// Handed to `progress`.
    pub progress_user_data: *mut c_void,
    /// Sees the picture of an optimisation on its way; may be NULL.
    pub preview: impasto_preview_callback,
    /// Handed to `preview`.
    pub preview_user_data: *mut c_void,
    /// Steps from one preview to the next; 0 counts as 1.
    pub preview_every: u32,
    /// 1 for a draft: without the finest layer of paint where its canvas is large, and on a canvas
    /// no larger than the picture. It takes about a quarter of the time. A look is that of the
    /// whole painting. The optimise method takes no notice. 0 otherwise.
    pub draft: u32,
}

// SAFETY: `repr(C)`, begins with its size, without padding; pointers, numbers and optional function
// pointers, of which all zeros are NULL.
unsafe impl Growing for impasto_run {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>(),
            memory_budget: 0,
            cancel: ptr::null(),
            look: ptr::null(),
            start: ptr::null(),
            scale_x: 1.0,
            scale_y: 1.0,
            progress: None,
            progress_user_data: ptr::null_mut(),
            preview: None,
            preview_user_data: ptr::null_mut(),
            preview_every: 0,
            draft: 0,
        }
    }
}

/// Fills in the defaults.
///
/// @param run receives the defaults
/// @param struct_size `sizeof(impasto_run)`
/// @return `ARGUMENT` for NULL or a size that no version of the struct has
///
/// # Safety
/// `run` is NULL or has room for `struct_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_run_init(
    run: *mut impasto_run,
    struct_size: usize,
) -> impasto_status {
    // SAFETY: the caller guarantees room for `struct_size` bytes, which is all that is written.
    fenced(|| unsafe { sized::write(run, struct_size, Growing::defaults(), "run") })
}

/// A run as the engine takes it.
pub(super) struct Run {
    fields: impasto_run,
    listener: Listener,
    /// The wish of a callback to stop ends this run only; that of the host's object reaches it.
    cancel: Cancel,
    _relayed: Option<Watch>,
}

impl Run {
    /// Reads the caller's run; NULL stands for the defaults.
    ///
    /// # Safety
    /// `run` is NULL or was initialised; its objects are NULL or valid, its callbacks are NULL or
    /// may be called with their data, its pixels describe memory that can be read, all while the
    /// result lives.
    pub unsafe fn read(run: *const impasto_run) -> Result<Self> {
        let fields = if run.is_null() {
            impasto_run::defaults()
        } else {
            // SAFETY: it was initialised by this function's condition, so its size is true.
            unsafe { sized::read(run, "run") }?
        };
        if fields.draft > 1 {
            return Err(wrong("the run's field 'draft' is neither 0 nor 1"));
        }
        let cancel = Cancel::new();
        // SAFETY: the object is NULL or valid by this function's condition.
        let hosts = unsafe { optional(fields.cancel, "cancel") }?;
        let relayed = hosts.map(|hosts| {
            let relay = cancel.clone();
            hosts.0.on_request(move || relay.request())
        });
        // SAFETY: the callbacks may be called with their data by this function's condition.
        let listener = unsafe {
            Listener::new(
                (fields.progress, fields.progress_user_data),
                (fields.preview, fields.preview_user_data),
                fields.preview_every,
                cancel.clone(),
            )
        };
        Ok(Self { fields, listener, cancel, _relayed: relayed })
    }

    /// What stops the work.
    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// The work as the engine sees it.
    pub fn job(&self) -> Job<'_> {
        Job { cancel: &self.cancel, observer: &self.listener }
    }

    /// Who hears of the work.
    pub fn listener(&self) -> &Listener {
        &self.listener
    }

    /// Bytes besides the pictures, where they are not the engine's.
    pub fn memory(&self) -> Option<u64> {
        (self.fields.memory_budget > 0).then_some(self.fields.memory_budget)
    }

    /// The picture's scale along x and y.
    pub fn scale(&self) -> [f32; 2] {
        [self.fields.scale_x, self.fields.scale_y]
    }

    /// Whether a draft will do.
    pub fn is_draft(&self) -> bool {
        self.fields.draft == 1
    }

    /// The look to paint in.
    pub fn look(&self) -> Result<Option<&Look>> {
        // SAFETY: it is NULL or valid while this run lives, as `read` was promised.
        Ok(unsafe { optional(self.fields.look, "look") }?.map(|look| &look.0))
    }

    /// A copy of the picture to start from.
    pub fn start(&self) -> Result<Option<Picture>> {
        // SAFETY: it is NULL or describes memory that can be read, as `read` was promised.
        let start = unsafe { HostPixels::optional(self.fields.start, "start") }?;
        start.map(|start| start.copied()).transpose()
    }
}
