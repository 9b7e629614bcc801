//! The user's language.

use std::ffi::CStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::properties::c_text;
use super::tables::gegl;
use crate::words::DOMAIN;

/// Has translations read from a folder of catalogues.
pub fn read_catalogues(folder: &Path) {
    let (Some(gegl), Ok(folder)) = (gegl(), std::ffi::CString::new(folder.as_os_str().as_bytes()))
    else {
        return;
    };
    // SAFETY: the texts end with NUL and are copied.
    unsafe {
        (gegl.bindtextdomain)(DOMAIN.as_ptr(), folder.as_ptr());
        (gegl.bind_textdomain_codeset)(DOMAIN.as_ptr(), c"UTF-8".as_ptr());
    }
}

/// A text from the catalogue of the user's language; `None` where it has none.
pub fn translated(text: &str) -> Option<String> {
    let gegl = gegl()?;
    let text = c_text(text);
    // SAFETY: both end with NUL; what comes back is the text itself or the catalogue's.
    unsafe {
        let found = (gegl.g_dgettext)(DOMAIN.as_ptr(), text.as_ptr());
        let is_found = !std::ptr::eq(found, text.as_ptr());
        is_found.then(|| CStr::from_ptr(found).to_string_lossy().into_owned())
    }
}

/// The name of the user's first language, such as `en_US`; empty where it is not known.
pub fn language() -> String {
    let Some(gegl) = gegl() else { return String::new() };
    // SAFETY: the list is GLib's, and ends with NULL; so do its texts with NUL.
    unsafe {
        let names = (gegl.g_get_language_names)();
        if names.is_null() || (*names).is_null() {
            return String::new();
        }
        CStr::from_ptr(*names).to_string_lossy().into_owned()
    }
}
