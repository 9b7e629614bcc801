//! Which styles there are.

use std::ffi::{CString, c_char};
use std::ptr;

use super::engine::impasto_engine;
use super::fence::fenced_or;
use super::handle::{free, make};
use super::pointer::optional;
use super::status::impasto_status;

/// A list of styles, as it was when it was made.
pub struct impasto_style_list(Vec<Entry>);

struct Entry {
    name: CString,
    title: CString,
    painter: CString,
    year: CString,
    thumbnail: Option<CString>,
}

/// Lists the shipped styles and the user's own. Loads neither ONNX Runtime nor a network.
///
/// @param engine not NULL
/// @param styles receives the list; free it with `impasto_style_list_free`
/// @return `MODEL` where the shipped ones cannot be found
///
/// # Safety
/// `engine` is NULL or not freed; `styles` is NULL or points to writable room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_engine_styles(
    engine: *const impasto_engine,
    styles: *mut *mut impasto_style_list,
) -> impasto_status {
    let body = || {
        // SAFETY: the caller guarantees that it is not freed during the call.
        let engine = unsafe { impasto_engine::given(engine) }?;
        let words = |text: &str| CString::new(text).unwrap_or_default();
        let entries = engine.styles()?.list();
        let entries = entries.iter().map(|entry| Entry {
            name: words(&entry.style.name),
            title: words(&entry.style.title),
            painter: words(&entry.style.painter),
            year: words(&entry.style.year),
            thumbnail: entry.thumbnail.as_ref().and_then(|path| path.to_str()).map(words),
        });
        Ok(impasto_style_list(entries.collect()))
    };
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(styles, "styles", body) }
}

/// The number of styles in the list; 0 for NULL.
///
/// # Safety
/// `styles` is NULL or not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_list_count(styles: *const impasto_style_list) -> usize {
    fenced_or(0, || {
        // SAFETY: the caller guarantees that the list is not freed during the call.
        let list = unsafe { optional(styles, "styles") }.ok().flatten();
        list.map_or(0, |list| list.0.len())
    })
}

/// The name of a style, for `impasto_style_from_name`; NULL beyond the end. The string belongs
/// to the list.
///
/// # Safety
/// `styles` is NULL or not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_list_name(
    styles: *const impasto_style_list,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller guarantees that the list is not freed during the call.
    unsafe { field(styles, index, |entry| Some(&entry.name)) }
}

/// The title of a style's picture; may be empty; NULL beyond the end. The string belongs to the
/// list.
///
/// # Safety
/// `styles` is NULL or not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_list_title(
    styles: *const impasto_style_list,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller guarantees that the list is not freed during the call.
    unsafe { field(styles, index, |entry| Some(&entry.title)) }
}

/// Who painted a style's picture; may be empty; NULL beyond the end. The string belongs to the
/// list.
///
/// # Safety
/// `styles` is NULL or not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_list_painter(
    styles: *const impasto_style_list,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller guarantees that the list is not freed during the call.
    unsafe { field(styles, index, |entry| Some(&entry.painter)) }
}

/// When a style's picture was painted; may be empty; NULL beyond the end. The string belongs to
/// the list.
///
/// # Safety
/// `styles` is NULL or not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_list_year(
    styles: *const impasto_style_list,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller guarantees that the list is not freed during the call.
    unsafe { field(styles, index, |entry| Some(&entry.year)) }
}

/// The PNG file of a style's thumbnail; NULL where there is none, and beyond the end. The string
/// belongs to the list.
///
/// # Safety
/// `styles` is NULL or not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_list_thumbnail(
    styles: *const impasto_style_list,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller guarantees that the list is not freed during the call.
    unsafe { field(styles, index, |entry| entry.thumbnail.as_ref()) }
}

/// Frees the list and sets the handle to NULL. NULL and a handle of NULL are allowed.
///
/// # Safety
/// `styles` is NULL or points to a handle that no other thread uses in this moment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_style_list_free(styles: *mut *mut impasto_style_list) {
    // SAFETY: the caller guarantees that the handle is this thread's alone.
    unsafe { free(styles) };
}

/// # Safety
/// `styles` is NULL or not freed.
unsafe fn field(
    styles: *const impasto_style_list,
    index: usize,
    field: impl FnOnce(&Entry) -> Option<&CString>,
) -> *const c_char {
    fenced_or(ptr::null(), || {
        // SAFETY: this function's condition is that of `optional`: lists are never changed.
        let list = unsafe { optional(styles, "styles") }.ok().flatten();
        let text = list.and_then(|list| list.0.get(index)).and_then(field);
        text.map_or(ptr::null(), |text| text.as_ptr())
    })
}
