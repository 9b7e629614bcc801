//! What a host asks in one call.

use std::ffi::{CStr, c_void};

use openfx::sys::generic::core::OfxPropertySetHandle;
use openfx::sys::image_effect_v1::image_effect::OfxImageEffectHandle;

use super::effect::Effect;
use super::properties::Properties;
use super::suites::Host;

/// An action, and what it is about. The handles may be NULL.
pub struct Call<'a> {
    pub action: &'a CStr,
    handle: OfxImageEffectHandle,
    in_args: OfxPropertySetHandle,
    out_args: OfxPropertySetHandle,
}

impl<'a> Call<'a> {
    /// # Safety
    /// The handles are NULL, or of an effect and of property sets of the host, which live until the
    /// action is answered.
    pub unsafe fn new(
        action: &'a CStr,
        handle: *const c_void,
        in_args: OfxPropertySetHandle,
        out_args: OfxPropertySetHandle,
    ) -> Self {
        Self { action, handle: handle.cast_mut().cast(), in_args, out_args }
    }

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
