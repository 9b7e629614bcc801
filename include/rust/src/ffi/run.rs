//! What holds for one run of long work.

use std::panic::resume_unwind;
use std::ptr;

use super::functions::Functions;
use super::handle::Handle;
use super::listeners::{self, Listeners};
use super::types::{self, Cancel, Look};
use crate::error::Result;
use crate::pixels::Pixels;

/// Limits, requests to stop and listeners of one run.
#[derive(Default)]
pub(crate) struct Run<'a> {
    /// Bytes; 0 for the engine's limit.
    pub memory_budget: u64,
    pub cancel: Option<&'a Handle<Cancel>>,
    pub look: Option<&'a Handle<Look>>,
    pub start: Option<Pixels<'a>>,
    pub scale: Option<[f32; 2]>,
    pub is_draft: bool,
    pub listeners: Listeners<'a>,
    /// Steps from one preview to the next.
    pub preview_every: u32,
}

impl Functions {
    /// Calls functions with a run, which is initialised with its true size. A panic of a listener
    /// goes on when they have ended.
    pub fn with_run<T>(
        &self,
        run: Run<'_>,
        call: impl FnOnce(*const types::Run) -> Result<T>,
    ) -> Result<T> {
        let Run { memory_budget, cancel, look, start, scale, is_draft, .. } = run;
        let Run { mut listeners, preview_every, .. } = run;
        let start = start.map(|start| self.readable(&start)).transpose()?;
        let mut raw: types::Run = self.initialised(self.impasto_run_init)?;
        raw.memory_budget = memory_budget;
        raw.cancel = cancel.map_or(ptr::null(), Handle::as_ptr);
        raw.look = look.map_or(ptr::null(), Handle::as_ptr);
        raw.start = start.as_ref().map_or(ptr::null(), ptr::from_ref);
        if let Some([x, y]) = scale {
            (raw.scale_x, raw.scale_y) = (x, y);
        }
        raw.draft = is_draft.into();
        let has_preview = listeners.preview.is_some();
        let has_listeners = has_preview || listeners.progress.is_some();
        let heard = ptr::from_mut(&mut listeners).cast();
        // A preview that panics ends the run at the next progress.
        if has_listeners {
            raw.progress = Some(listeners::progress);
            raw.progress_user_data = heard;
        }
        if has_preview {
            raw.preview = Some(listeners::preview);
            raw.preview_user_data = heard;
            raw.preview_every = preview_every;
        }
        let done = call(&raw);
        match listeners.panic {
            Some(panic) => resume_unwind(panic),
            None => done,
        }
    }
}
