//! Strings for hosts, some of which keep the address instead of the words.

use std::collections::BTreeMap;
use std::ffi::{CStr, CString};
use std::sync::{Mutex, PoisonError};

/// `text` as a string that lives as long as the process; the same text is the same string.
pub fn lasting(text: &str) -> &'static CStr {
    static WORDS: Mutex<BTreeMap<String, &'static CStr>> = Mutex::new(BTreeMap::new());
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = words.get(text) {
        return known;
    }
    let string = CString::new(text.replace('\0', " ")).unwrap_or_default();
    let string: &'static CStr = Box::leak(string.into_boxed_c_str());
    words.insert(text.to_owned(), string);
    string
}
