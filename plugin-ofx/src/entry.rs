//! What hosts look up in the shared library, and the fence around all that they call.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use openfx::sys::generic::core::{
    OfxHost, OfxPlugin, OfxPropertySetHandle, OfxStatus, kOfxStatErrFatal, kOfxStatErrUnknown,
    kOfxStatOK,
};
use openfx::sys::image_effect_v1::image_effect::kOfxImageEffectPluginApi;

use crate::host::{Call, Host};
use crate::node::{IDENTIFIER, VERSION, perform};

static PLUGIN: OfxPlugin = OfxPlugin {
    pluginApi: kOfxImageEffectPluginApi.as_ptr(),
    apiVersion: 1,
    pluginIdentifier: IDENTIFIER.as_ptr(),
    pluginVersionMajor: VERSION[0],
    pluginVersionMinor: VERSION[1],
    setHost: Some(set_host),
    mainEntry: Some(main_entry),
};

/// How many plug-ins the library holds.
// SAFETY: the standard's name and signature; nothing else in the library has that name.
#[unsafe(no_mangle)]
pub extern "C" fn OfxGetNumberOfPlugins() -> c_int {
    1
}

/// The plug-in of a number; NULL where there is none.
// SAFETY: as the standard has it, and the only one of that name.
#[unsafe(no_mangle)]
pub extern "C" fn OfxGetPlugin(number: c_int) -> *const OfxPlugin {
    if number == 0 { &PLUGIN } else { std::ptr::null() }
}

/// Hosts of the standard's version 1.5 introduce themselves before they ask for plug-ins.
///
/// # Safety
/// `host` is NULL or lives until the plug-in is unloaded.
// SAFETY: as the standard has it, and the only one of that name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OfxSetHost(host: *const OfxHost) -> OfxStatus {
    // SAFETY: NULL, or a host that the standard keeps alive until it unloads the plug-in.
    unsafe { Host::give(host.cast_mut()) };
    kOfxStatOK
}

/// # Safety
/// `host` is NULL or lives until the plug-in is unloaded.
unsafe extern "C" fn set_host(host: *mut OfxHost) {
    // SAFETY: NULL, or a host that the standard keeps alive until it unloads the plug-in.
    unsafe { Host::give(host) };
}

/// # Safety
/// `action` is NULL or ends with NUL; the handles are NULL or the host's own, and live until this
/// returns.
unsafe extern "C" fn main_entry(
    action: *const c_char,
    handle: *const c_void,
    in_args: OfxPropertySetHandle,
    out_args: OfxPropertySetHandle,
) -> OfxStatus {
    if action.is_null() {
        return kOfxStatErrUnknown;
    }
    // SAFETY: not NULL; hosts pass one of the standard's names, which ends with NUL and stays as it
    // is until this returns.
    let action = unsafe { CStr::from_ptr(action) };
    // SAFETY: the handles are what the host passed for this action, and `call` ends with it.
    let call = unsafe { Call::new(action, handle, in_args, out_args) };
    catch_unwind(AssertUnwindSafe(|| perform(&call))).unwrap_or_else(|panic| {
        // The payload's own destructor may panic, too.
        std::mem::forget(panic);
        kOfxStatErrFatal
    })
}
