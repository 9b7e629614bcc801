//! Effects and their clips.

use std::ffi::CStr;
use std::ptr;

use openfx::sys::generic::core::{OfxRectD, kOfxStatOK};
use openfx::sys::image_effect_v1::image_effect::{
    OfxImageClipHandle, OfxImageEffectHandle, kOfxImageClipPropConnected,
};

use super::image::Image;
use super::parameters::ParameterSet;
use super::properties::Properties;
use super::suites::Host;

/// An effect: the node as a host describes it, or one instance of it.
#[derive(Clone, Copy)]
pub struct Effect {
    pub host: Host,
    pub(super) handle: OfxImageEffectHandle,
}

/// An input or the output of an effect.
#[derive(Clone, Copy)]
pub struct Clip {
    host: Host,
    handle: OfxImageClipHandle,
    pub properties: Properties,
}

impl Effect {
    /// `None` for a NULL handle.
    pub(super) fn new(host: Host, handle: OfxImageEffectHandle) -> Option<Self> {
        (!handle.is_null()).then_some(Self { host, handle })
    }

    /// Tells instances apart while they live.
    pub fn key(self) -> usize {
        self.handle as usize
    }

    pub fn properties(self) -> Properties {
        let mut set = ptr::null_mut();
        if let Some(get) = self.host.effects.getPropertySet {
            // SAFETY: the effect that the host passed for this action is one that it can ask for
            // its properties; `set` has room for their handle.
            let status = unsafe { get(self.handle, &mut set) };
            if status != kOfxStatOK {
                set = ptr::null_mut();
            }
        }
        Properties::new(self.host, set)
    }

    pub fn parameters(self) -> Option<ParameterSet> {
        let get = self.host.effects.getParamSet?;
        let mut set = ptr::null_mut();
        // SAFETY: descriptors and instances have parameters, and `handle` is one of the two; `set`
        // has room for their handle.
        let status = unsafe { get(self.handle, &mut set) };
        (status == kOfxStatOK && !set.is_null()).then(|| ParameterSet::new(self.host, set))
    }

    pub fn define_clip(self, name: &'static CStr) -> Option<Properties> {
        let define = self.host.effects.clipDefine?;
        let mut set = ptr::null_mut();
        // SAFETY: `handle` is the host's, which refuses a clip where it is no descriptor; the name
        // ends with NUL and is never freed, for hosts that keep its address; `set` has room.
        let status = unsafe { define(self.handle, name.as_ptr(), &mut set) };
        (status == kOfxStatOK).then(|| Properties::new(self.host, set))
    }

    pub fn clip(self, name: &'static CStr) -> Option<Clip> {
        let get = self.host.effects.clipGetHandle?;
        let (mut handle, mut set) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: the host looks the name up among the effect's clips and refuses others; it ends
        // with NUL, and there is room for a handle of the clip and one of its properties.
        let status = unsafe { get(self.handle, name.as_ptr(), &mut handle, &mut set) };
        let host = self.host;
        (status == kOfxStatOK && !handle.is_null()).then(|| Clip {
            host,
            handle,
            properties: Properties::new(host, set),
        })
    }

    /// Whether the host no longer wants what is being rendered.
    pub fn is_aborted(self) -> bool {
        // SAFETY: the host asks nothing but an instance, which it is while the action that the host
        // passed it for is not answered; it is asked from the thread of that action.
        self.host.effects.abort.is_some_and(|abort| unsafe { abort(self.handle) } != 0)
    }
}

impl Clip {
    /// Whether something is connected, as far as the host tells.
    pub fn is_connected(self) -> bool {
        self.properties.integer(kOfxImageClipPropConnected) != Some(0)
    }

    /// The picture at a time, if there is one there.
    pub fn image(self, time: f64) -> Option<Image> {
        let get = self.host.effects.clipGetImage?;
        let mut set = ptr::null_mut();
        // SAFETY: the clip is of an instance that lives; a region of NULL is the standard's word for
        // all of the picture; `set` has room for the picture's handle.
        let status = unsafe { get(self.handle, time, ptr::null(), &mut set) };
        let there = status == kOfxStatOK && !set.is_null();
        there.then(|| {
            Image::new(Properties::new(self.host, set), self.host.effects.clipReleaseImage)
        })
    }

    /// In canonical coordinates: x1, y1, x2, y2.
    pub fn region_of_definition(self, time: f64) -> Option<[f64; 4]> {
        let get = self.host.effects.clipGetRegionOfDefinition?;
        let mut found = OfxRectD { x1: 0.0, y1: 0.0, x2: 0.0, y2: 0.0 };
        // SAFETY: the clip is of an instance that lives; `found` is the standard's own rectangle of
        // four doubles, which the host writes.
        let status = unsafe { get(self.handle, time, &mut found) };
        (status == kOfxStatOK).then_some([found.x1, found.y1, found.x2, found.y2])
    }
}
