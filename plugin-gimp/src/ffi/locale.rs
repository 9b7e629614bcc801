//! GIMP's language.

use super::object::{c_text, copied_text};
use super::tables::gimp;

/// Of the catalogues in the plug-in's folder `locale`.
pub const DOMAIN: &std::ffi::CStr = c"impasto-gimp";

/// A text from the catalogue of the user's language; `None` where it has none.
pub fn translated(text: &str) -> Option<String> {
    let text = c_text(text);
    // SAFETY: both end with NUL; what comes back is the text itself or the catalogue's.
    unsafe {
        let found = (gimp().g_dgettext)(DOMAIN.as_ptr(), text.as_ptr());
        if std::ptr::eq(found, text.as_ptr()) { None } else { copied_text(found) }
    }
}

/// Whether the user reads English as it is spelt in Britain.
pub fn is_british() -> bool {
    const AMERICAN: [&str; 3] = ["en_US", "en_PH", "en_LR"];
    // SAFETY: the list is GLib's, and ends with NULL; so do its texts with NUL.
    let first = unsafe {
        let names = (gimp().g_get_language_names)();
        if names.is_null() { None } else { copied_text(*names) }
    };
    first.is_some_and(|name| {
        name.starts_with("en_") && !AMERICAN.iter().any(|american| name.starts_with(american))
    })
}
