//! What hosts look up in the shared library, and the fence around all that they call.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use openfx::sys::generic::core::{
    OfxHost, OfxPlugin, OfxPropertySetHandle, OfxStatus, kOfxStatErrFatal, kOfxStatErrUnknown,
    kOfxStatOK,
};
use openfx::sys::image_effect_v1::image_effect::{OfxImageEffectHandle, kOfxImageEffectPluginApi};

use super::{Effect, GIVEN, Host, Properties};
use crate::node::{self, IDENTIFIER, VERSION};

/// An action, and what it is about. The handles may be NULL.
pub struct Call<'a> {
    pub action: &'a CStr,
    handle: OfxImageEffectHandle,
    in_args: OfxPropertySetHandle,
    out_args: OfxPropertySetHandle,
}

impl Call<'_> {
    pub fn effect(&self, host: Host) -> Option<Effect> {
        Effect::new(host, self.handle)
    }

    pub fn in_args(&self, host: Host) -> Properties {
        Properties::new(host, self.in_args)
    }

    pub fn out_args(&self, host: Host) -> Properties {
        Properties::new(host, self.out_args)
    }
}

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
#[unsafe(no_mangle)]
pub extern "C" fn OfxGetNumberOfPlugins() -> c_int {
    1
}

/// The plug-in of a number; NULL where there is none.
#[unsafe(no_mangle)]
pub extern "C" fn OfxGetPlugin(number: c_int) -> *const OfxPlugin {
    if number == 0 { &PLUGIN } else { std::ptr::null() }
}

/// Hosts of the standard's version 1.5 introduce themselves before they ask for plug-ins.
#[unsafe(no_mangle)]
pub extern "C" fn OfxSetHost(host: *const OfxHost) -> OfxStatus {
    GIVEN.store(host.cast_mut(), Ordering::Release);
    kOfxStatOK
}

/// # Safety
/// `host` is NULL or lives until the plug-in is unloaded.
unsafe extern "C" fn set_host(host: *mut OfxHost) {
    GIVEN.store(host, Ordering::Release);
}

/// # Safety
/// `action` is NULL or ends with NUL; the handles are NULL or the host's own.
unsafe extern "C" fn main_entry(
    action: *const c_char,
    handle: *const c_void,
    in_args: OfxPropertySetHandle,
    out_args: OfxPropertySetHandle,
) -> OfxStatus {
    if action.is_null() {
        return kOfxStatErrUnknown;
    }
    // SAFETY: this function's own condition.
    let action = unsafe { CStr::from_ptr(action) };
    let call = Call { action, handle: handle.cast_mut().cast(), in_args, out_args };
    catch_unwind(AssertUnwindSafe(|| node::perform(&call))).unwrap_or_else(|panic| {
        // The payload's own destructor may panic, too.
        std::mem::forget(panic);
        kOfxStatErrFatal
    })
}
