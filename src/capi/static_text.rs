//! Texts of the engine that C may keep for as long as the process lives.

use std::collections::BTreeMap;
use std::ffi::{CStr, CString, c_char};
use std::sync::{Mutex, PoisonError};

/// The text as C has it: the same address for the same text, never changed or freed. There are as
/// many as the engine has words of its own.
pub(super) fn static_text(text: &str) -> *const c_char {
    static TEXTS: Mutex<BTreeMap<String, &'static CStr>> = Mutex::new(BTreeMap::new());
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = texts
        .entry(text.to_owned())
        .or_insert_with(|| Box::leak(CString::new(text).unwrap_or_default().into_boxed_c_str()));
    kept.as_ptr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_address_whoever_asks() {
        let first = static_text("Painting");
        assert_eq!(first, static_text(&String::from("Painting")));
        assert_ne!(first, static_text("Optimising"));
        // SAFETY: the texts are never freed.
        assert_eq!(unsafe { CStr::from_ptr(first) }, c"Painting");
    }
}
