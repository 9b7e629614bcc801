//! Which devices can be used.

use std::ffi::{CString, c_char};
use std::ptr;

use super::engine::impasto_engine;
use super::fence::fenced;
use super::pointer::{check_output, give, optional, shared, take};
use super::status::impasto_status;

/// A list of devices, as it was when it was made.
pub struct impasto_device_list(Vec<(CString, Option<CString>)>);

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
    fenced(|| {
        check_output(devices, "devices")?;
        // SAFETY: the caller's.
        let engine = unsafe { shared(engine, "engine") }?;
        let words = |text: String| CString::new(text).unwrap_or_default();
        let list = engine
            .engine
            .devices()?
            .into_iter()
            .map(|status| (words(status.device.to_string()), status.unavailable.map(words)))
            .collect();
        // SAFETY: checked; the rest is the caller's.
        unsafe { give(devices, impasto_device_list(list)) };
        Ok(())
    })
}

/// The number of devices in the list; 0 for NULL.
///
/// # Safety
/// `devices` is NULL or not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_device_list_count(devices: *const impasto_device_list) -> usize {
    // SAFETY: the caller's.
    unsafe { optional(devices, "devices") }.ok().flatten().map_or(0, |list| list.0.len())
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
    // SAFETY: the caller's.
    let list = unsafe { optional(devices, "devices") }.ok().flatten();
    list.and_then(|list| list.0.get(index)).map_or(ptr::null(), |(name, _)| name.as_ptr())
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
    // SAFETY: the caller's.
    let list = unsafe { optional(devices, "devices") }.ok().flatten();
    list.and_then(|list| list.0.get(index)?.1.as_ref()).map_or(ptr::null(), |r| r.as_ptr())
}

/// Frees the list and sets the handle to NULL. NULL and a handle of NULL are allowed.
///
/// # Safety
/// `devices` is NULL or points to a handle that no other thread uses in this moment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn impasto_device_list_free(devices: *mut *mut impasto_device_list) {
    // SAFETY: the caller's.
    drop(unsafe { take(devices) });
}
