//! GIMP's language.

use impasto_gegl::words::DOMAIN;

use super::object::{c_text, copied_text};
use super::tables::gimp;

/// A text from the catalogue of the user's language; `None` where it has none.
pub fn translated(text: &str) -> Option<String> {
    let text = c_text(text);
    // SAFETY: both end with NUL; what comes back is the text itself or the catalogue's.
    unsafe {
        let found = (gimp().g_dgettext)(DOMAIN.as_ptr(), text.as_ptr());
        if std::ptr::eq(found, text.as_ptr()) { None } else { copied_text(found) }
    }
}

/// The name of the user's first language, such as `en_US`; empty where it is not known.
pub fn language() -> String {
    // SAFETY: the list is GLib's, and ends with NULL; so do its texts with NUL.
    let first = unsafe {
        let names = (gimp().g_get_language_names)();
        if names.is_null() { None } else { copied_text(*names) }
    };
    first.unwrap_or_default()
}
