//! Which devices can be used.

use std::ffi::{CString, c_char};
use std::ptr;

use super::engine::impasto_engine;
use super::fence::fenced_or;
use super::handle::{free, make};
use super::pointer::optional;
use super::status::impasto_status;

/// A list of devices, as it was when it was made.
pub struct impasto_device_list(Vec<Entry>);

/// A device's name, and why it cannot be used.
type Entry = (CString, Option<CString>);

/// Lists every kind of device. Loads ONNX Runtime.
///
/// @param engine not NULL
/// @param devices receives the list; free it with `impasto_device_list_free`
/// @return `RUNTIME` where ONNX Runtime cannot be loaded
///
/// # Safety
/// `engine` is NULL or not freed; `devices` is NULL or points to writable room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_engine_devices(
    engine: *const impasto_engine,
    devices: *mut *mut impasto_device_list,
) -> impasto_status {
    let body = || {
        // SAFETY: the caller guarantees that it is not freed during the call.
        let engine = unsafe { impasto_engine::given(engine) }?;
        let words = |text: String| CString::new(text).unwrap_or_default();
        let list = engine.devices()?.into_iter();
        let list =
            list.map(|status| (words(status.device.to_string()), status.unavailable.map(words)));
        Ok(impasto_device_list(list.collect()))
    };
    // SAFETY: the caller guarantees that there is room for the handle.
    unsafe { make(devices, "devices", body) }
}

/// The number of devices in the list; 0 for NULL.
///
/// # Safety
/// `devices` is NULL or not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_device_list_count(devices: *const impasto_device_list) -> usize {
    // SAFETY: the caller guarantees that the list is not freed during the call.
    fenced_or(0, || unsafe { entries(devices) }.len())
}

/// The name of a device as `impasto_engine_options` takes it: "cuda:0". NULL beyond the end.
/// The string belongs to the list.
///
/// # Safety
/// `devices` is NULL or not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_device_list_name(
    devices: *const impasto_device_list,
    index: usize,
) -> *const c_char {
    fenced_or(ptr::null(), || {
        // SAFETY: the caller guarantees that the list is not freed during the call.
        let entry = unsafe { entries(devices) }.get(index);
        entry.map_or(ptr::null(), |(name, _)| name.as_ptr())
    })
}

/// Why a device cannot be used, for people; NULL where it can, and beyond the end. The string
/// belongs to the list.
///
/// # Safety
/// `devices` is NULL or not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_device_list_reason(
    devices: *const impasto_device_list,
    index: usize,
) -> *const c_char {
    fenced_or(ptr::null(), || {
        // SAFETY: the caller guarantees that the list is not freed during the call.
        let entry = unsafe { entries(devices) }.get(index);
        entry.and_then(|(_, reason)| reason.as_ref()).map_or(ptr::null(), |words| words.as_ptr())
    })
}

/// Frees the list and sets the handle to NULL. NULL and a handle of NULL are allowed.
///
/// # Safety
/// `devices` is NULL or points to a handle that no other thread uses in this moment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_device_list_free(devices: *mut *mut impasto_device_list) {
    // SAFETY: the caller guarantees that the handle is this thread's alone.
    unsafe { free(devices) };
}

/// The list's devices; none of what is no list.
///
/// # Safety
/// `devices` is NULL or not freed while the result lives.
unsafe fn entries<'a>(devices: *const impasto_device_list) -> &'a [Entry] {
    // SAFETY: this function's condition is that of `optional`: lists are never changed.
    let list = unsafe { optional(devices, "devices") }.ok().flatten();
    list.map_or(&[], |list| &list.0)
}
