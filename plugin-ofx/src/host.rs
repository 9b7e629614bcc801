//! The host's side of the standard in safe types. What is unsafe about the node is here and in the
//! folder of the same name.
//!
//! Hosts leave much out. What is absent, a property, a suite or one of its functions, is `None`
//! here, or not set, and never fatal.
#![allow(unsafe_code)]

mod effect;
mod entry;
mod image;
mod messages;
mod parameters;
mod properties;
mod words;

use std::ffi::{CStr, c_int};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{PoisonError, RwLock};

use openfx::sys::generic::core::{OfxHost, OfxPropertySetHandle};
use openfx::sys::generic::property::{OfxPropertySuiteV1, kOfxPropertySuite};
use openfx::sys::image_effect_v1::image_effect::{OfxImageEffectSuiteV1, kOfxImageEffectSuite};
use openfx::sys::image_effect_v1::message::{
    OfxMessageSuiteV1, OfxMessageSuiteV2, kOfxMessageSuite,
};
use openfx::sys::image_effect_v1::param::{OfxParameterSuiteV1, kOfxParameterSuite};

pub use effect::{Clip, Effect};
pub use entry::Call;
pub use image::{Components, Image, Premultiplication, Rectangle, sample_bytes};
pub use parameters::{Kind, ParameterSet};
pub use properties::Properties;
pub use words::lasting;

/// What the host offers. The suites belong to the host and stay until it unloads the node.
#[derive(Clone, Copy)]
pub struct Host {
    own: OfxPropertySetHandle,
    properties: &'static OfxPropertySuiteV1,
    effects: &'static OfxImageEffectSuiteV1,
    parameters: &'static OfxParameterSuiteV1,
    messages: Option<&'static OfxMessageSuiteV1>,
    lasting_messages: Option<&'static OfxMessageSuiteV2>,
}

// SAFETY: the standard asks hosts to let any thread call their suites; the handle is only given
// back to them.
unsafe impl Send for Host {}
// SAFETY: as above.
unsafe impl Sync for Host {}

/// What `setHost` was last given.
static GIVEN: AtomicPtr<OfxHost> = AtomicPtr::new(std::ptr::null_mut());

/// What `load` found there.
static LOADED: RwLock<Option<Host>> = RwLock::new(None);

impl Host {
    /// Fetches the suites of the host that was set; `None` where it lacks one that no effect can
    /// do without.
    pub fn load() -> Option<Self> {
        // SAFETY: `setHost` gives NULL or a host that lives until the node is unloaded.
        let host = *unsafe { GIVEN.load(Ordering::Acquire).as_ref() }?;
        let loaded = Self {
            own: host.host,
            properties: suite(&host, kOfxPropertySuite, 1)?,
            effects: suite(&host, kOfxImageEffectSuite, 1)?,
            parameters: suite(&host, kOfxParameterSuite, 1)?,
            messages: suite(&host, kOfxMessageSuite, 1),
            lasting_messages: suite(&host, kOfxMessageSuite, 2),
        };
        *LOADED.write().unwrap_or_else(PoisonError::into_inner) = Some(loaded);
        Some(loaded)
    }

    /// The host, between loading and unloading.
    pub fn loaded() -> Option<Self> {
        *LOADED.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn unload() {
        *LOADED.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What the host says of itself.
    pub fn own(self) -> Properties {
        Properties::new(self, self.own)
    }
}

/// A suite of the host. Every suite is a struct of optional functions alone.
fn suite<T>(host: &OfxHost, name: &CStr, version: c_int) -> Option<&'static T> {
    let fetch = host.fetchSuite?;
    // SAFETY: the host's own handle, and a name that ends with NUL.
    let found = unsafe { fetch(host.host, name.as_ptr(), version) };
    let found = NonNull::new(found.cast_mut().cast::<T>()).filter(|found| found.is_aligned())?;
    // SAFETY: the host returns NULL or the suite of this name and version, which lives as long as
    // the node is loaded.
    Some(unsafe { found.as_ref() })
}
