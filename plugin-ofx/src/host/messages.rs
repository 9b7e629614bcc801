//! Messages to people.

use std::ffi::{CStr, c_char, c_void};

use openfx::sys::generic::core::OfxStatus;
use openfx::sys::image_effect_v1::message::{kOfxMessageError, kOfxMessageWarning};

use super::effect::Effect;
use super::words::lasting;

const ID: &CStr = c"impasto";

type Show = unsafe extern "C" fn(
    *mut c_void,
    *const c_char,
    *const c_char,
    *const c_char,
    ...
) -> OfxStatus;

impl Effect {
    /// Shows why something failed with the node, until [`Effect::clear_message`] or other words;
    /// false where the host cannot.
    pub fn keep_error(self, words: &str) -> bool {
        self.send(self.lasting(), kOfxMessageError, words)
    }

    /// Shows with the node, where the host can, what people should know although nothing failed.
    pub fn keep_warning(self, words: &str) {
        self.send(self.lasting(), kOfxMessageWarning, words);
    }

    fn lasting(self) -> Option<Show> {
        self.host.lasting_messages.and_then(|suite| suite.setPersistentMessage)
    }

    /// Shows why something failed once, in a window perhaps; false where the host cannot.
    pub fn show_error(self, words: &str) -> bool {
        let first = self.host.messages.and_then(|suite| suite.message);
        let second = || self.host.lasting_messages.and_then(|suite| suite.message);
        self.send(first.or_else(second), kOfxMessageError, words)
    }

    fn send(self, show: Option<Show>, kind: &'static CStr, words: &str) -> bool {
        let Some(show) = show else { return false };
        let (kind, id) = (kind.as_ptr(), ID.as_ptr());
        // The words are the format itself: Natron hands its list of arguments on as one argument,
        // and shows rubbish for those that a format asks for.
        let format = lasting(&words.replace('%', "%%"));
        // SAFETY: an effect that lives; kind, name and format end with NUL and are never freed; the
        // format asks for nothing.
        unsafe { show(self.erased(), kind, id, format.as_ptr()) };
        true
    }

    /// Takes the error that is kept away.
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
