//! References to objects of GObject, and text that C allocated.

use std::ffi::{CStr, CString, c_char};
use std::ptr::NonNull;

use super::tables::{Raw, gimp};

/// An object, kept alive by a reference of our own.
#[derive(Debug)]
pub struct Object(NonNull<std::ffi::c_void>);

impl Object {
    /// Takes over a reference that the caller was given; `None` for NULL.
    ///
    /// # Safety
    /// `raw` is NULL or an object with a reference to give.
    pub unsafe fn owned(raw: Raw) -> Option<Self> {
        NonNull::new(raw).map(Self)
    }

    /// Adds a reference of our own, the first to one that is new; `None` for NULL.
    ///
    /// # Safety
    /// `raw` is NULL or an object that lives.
    pub unsafe fn shared(raw: Raw) -> Option<Self> {
        let object = NonNull::new(raw)?;
        // SAFETY: not NULL, and an object that lives; the reference that this adds, or takes from one
        // that is new, is the one that `drop` gives back.
        unsafe { (gimp().g_object_ref_sink)(raw) };
        Some(Self(object))
    }

    pub fn raw(&self) -> Raw {
        self.0.as_ptr()
    }
}

impl Clone for Object {
    fn clone(&self) -> Self {
        // SAFETY: our own reference keeps it alive.
        unsafe { (gimp().g_object_ref_sink)(self.raw()) };
        Self(self.0)
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        // SAFETY: the reference is our own and is not used again.
        unsafe { (gimp().g_object_unref)(self.raw()) };
    }
}

/// Text for C; what follows a NUL is left out.
pub fn c_text(text: &str) -> CString {
    let text = text.split('\0').next().unwrap_or_default();
    CString::new(text).unwrap_or_default()
}

/// Takes over text that C allocated; `None` for NULL.
///
/// # Safety
/// `text` is NULL or ends with NUL and is the caller's to free.
pub unsafe fn taken_text(text: *mut c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: it ends with NUL.
    let copy = unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned();
    // SAFETY: it is ours to free, and not used again.
    unsafe { (gimp().g_free)(text.cast()) };
    Some(copy)
}

/// A copy of text that stays with C; `None` for NULL.
///
/// # Safety
/// `text` is NULL or ends with NUL.
pub unsafe fn copied_text(text: *const c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: it ends with NUL.
    Some(unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

/// Takes over a list whose objects stay with C; each gets a reference of our own.
///
/// # Safety
/// `list` is NULL, or ends with NULL and is the caller's to free; its objects live.
pub unsafe fn taken_list(list: *mut Raw) -> Vec<Object> {
    let mut objects = Vec::new();
    if list.is_null() {
        return objects;
    }
    // SAFETY: the list ends with the first NULL; its objects live.
    unsafe {
        let mut next = list;
        while let Some(object) = Object::shared(*next) {
            objects.push(object);
            next = next.add(1);
        }
        (gimp().g_free)(list.cast());
    }
    objects
}
