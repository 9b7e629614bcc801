//! Messages to people, and progress.

use std::ffi::{CStr, c_int, c_void};

use openfx::sys::generic::core::{OfxStatus, kOfxStatReplyNo};
use openfx::sys::image_effect_v1::message::kOfxMessageError;

use super::{Effect, lasting};

const ID: &CStr = c"impasto";
/// The words may hold a percent sign.
const FORMAT: &CStr = c"%s";

impl Effect {
    /// Shows why something failed, until [`Effect::clear_message`] where the host can. Returns
    /// whether the host shows messages at all.
    pub fn show_error(self, words: &str) -> bool {
        let words = lasting(words);
        let lasting = self.host.lasting_messages.and_then(|suite| suite.setPersistentMessage);
        let shown = self
            .host
            .messages
            .and_then(|suite| suite.message)
            .or_else(|| self.host.lasting_messages.and_then(|suite| suite.message));
        let Some(show) = lasting.or(shown) else { return false };
        let (kind, id) = (kOfxMessageError.as_ptr(), ID.as_ptr());
        // SAFETY: the host's handle, strings that end with NUL, and what the format names.
        unsafe { show(self.erased(), kind, id, FORMAT.as_ptr(), words.as_ptr()) };
        true
    }

    /// Takes the last error away.
    pub fn clear_message(self) {
        let clear = self.host.lasting_messages.and_then(|suite| suite.clearPersistentMessage);
        if let Some(clear) = clear {
            // SAFETY: the host's handle.
            unsafe { clear(self.erased()) };
        }
    }

    /// Shows how far long work has come, where the host can.
    pub fn start_progress(self, label: &'static CStr) -> Progress {
        let named = self.host.named_progress.and_then(|suite| suite.progressStart);
        let plain = self.host.progress.and_then(|suite| suite.progressStart);
        // SAFETY (both): the host's handle and strings that end with NUL.
        if let Some(start) = named {
            unsafe { start(self.erased(), label.as_ptr(), ID.as_ptr()) };
        } else if let Some(start) = plain {
            unsafe { start(self.erased(), label.as_ptr()) };
        }
        Progress { effect: self }
    }

    fn erased(self) -> *mut c_void {
        self.handle.cast()
    }
}

/// A bar that the host shows; it goes when this is dropped.
pub struct Progress {
    effect: Effect,
}

impl Progress {
    /// `fraction` is from 0 to 1. Returns whether to go on.
    pub fn update(&self, fraction: f64) -> bool {
        let host = self.effect.host;
        let named = host.named_progress.map(|suite| suite.progressUpdate);
        let update = named.or(host.progress.map(|suite| suite.progressUpdate)).flatten();
        // SAFETY: the host's handle.
        let answer = update.map(|update| unsafe { update(self.effect.erased(), fraction) });
        answer != Some(kOfxStatReplyNo as OfxStatus as c_int)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let host = self.effect.host;
        let named = host.named_progress.map(|suite| suite.progressEnd);
        if let Some(end) = named.or(host.progress.map(|suite| suite.progressEnd)).flatten() {
            // SAFETY: the host's handle.
            unsafe { end(self.effect.erased()) };
        }
    }
}
