//! The host's suites, through which a node does everything.

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

/// What the host offers. The suites belong to the host and stay until it unloads the node.
#[derive(Clone, Copy)]
pub struct Host {
    /// The properties of the host itself.
    pub(super) own: OfxPropertySetHandle,
    pub(super) properties: &'static OfxPropertySuiteV1,
    pub(super) effects: &'static OfxImageEffectSuiteV1,
    pub(super) parameters: &'static OfxParameterSuiteV1,
    pub(super) messages: Option<&'static OfxMessageSuiteV1>,
    pub(super) lasting_messages: Option<&'static OfxMessageSuiteV2>,
}

// SAFETY: `own` is never followed here, only given back to the host's functions, and the suites are
// tables that nobody writes. The standard asks hosts to let any thread call them.
unsafe impl Send for Host {}
// SAFETY: no function of a shared `Host` changes it, and the host's functions may be called from
// several threads at once.
unsafe impl Sync for Host {}

/// What `setHost` was last given.
static GIVEN: AtomicPtr<OfxHost> = AtomicPtr::new(std::ptr::null_mut());

/// What `load` found there.
static LOADED: RwLock<Option<Host>> = RwLock::new(None);

impl Host {
    /// Takes what `setHost` is given.
    ///
    /// # Safety
    /// `host` is NULL, or a host that lives until the node is unloaded or given another.
    pub unsafe fn give(host: *mut OfxHost) {
        GIVEN.store(host, Ordering::Release);
    }

    /// Fetches the suites of the host that was given; `None` where it lacks one that no effect can
    /// do without.
    pub fn load() -> Option<Self> {
        // SAFETY: `give` let only NULL in, or a host that lives until the node is unloaded, and
        // hosts load a node before they unload it.
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
}

/// A suite of the host. `T` is the struct of this name and version.
fn suite<T>(host: &OfxHost, name: &CStr, version: c_int) -> Option<&'static T> {
    let fetch = host.fetchSuite?;
    // SAFETY: `fetchSuite` is called with the handle out of the same struct, as the standard has
    // it, and with a name that ends with NUL.
    let found = unsafe { fetch(host.host, name.as_ptr(), version) };
    let found = NonNull::new(found.cast_mut().cast::<T>()).filter(|found| found.is_aligned())?;
    // SAFETY: not NULL and aligned; the host returns the suite of this name and version, a table of
    // `T`'s layout whose fields may be NULL, which `Option` takes, and keeps it while the node is
    // loaded.
    Some(unsafe { found.as_ref() })
}
