//! Messages to people.

use std::ffi::{CStr, c_void};

use openfx::sys::image_effect_v1::message::kOfxMessageError;

use super::effect::Effect;
use super::words::lasting;

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
        // SAFETY: an effect that lives; kind, name and words end with NUL and are never freed; the
        // format asks for one string, which follows it.
        unsafe { show(self.erased(), kind, id, FORMAT.as_ptr(), words.as_ptr()) };
        true
    }

    /// Takes the last error away.
    pub fn clear_message(self) {
        let clear = self.host.lasting_messages.and_then(|suite| suite.clearPersistentMessage);
        if let Some(clear) = clear {
            // SAFETY: an effect that lives; one without a message has nothing to lose.
            unsafe { clear(self.erased()) };
        }
    }

    fn erased(self) -> *mut c_void {
        self.handle.cast()
    }
}
