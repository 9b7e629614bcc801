//! Parameters: defining them, and their values at a time.

use std::ffi::{CStr, c_char, c_int};
use std::ptr;

use openfx::sys::generic::core::{OfxStatus, kOfxPropName, kOfxStatOK};
use openfx::sys::image_effect_v1::param::{
    OfxParamHandle, OfxParamSetHandle, kOfxParamHostPropSupportsStrChoice, kOfxParamTypeChoice,
    kOfxParamTypeDouble, kOfxParamTypeGroup, kOfxParamTypeInteger, kOfxParamTypePage,
    kOfxParamTypePushButton, kOfxParamTypeStrChoice, kOfxParamTypeString,
};

use super::properties::Properties;
use super::suites::Host;

/// What a parameter holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Choice,
    Double,
    Group,
    Integer,
    Page,
    PushButton,
    String,
    /// A choice that is kept by name, of the standard's version 1.5.
    StringChoice,
}

/// The parameters of an effect.
#[derive(Clone, Copy)]
pub struct ParameterSet {
    host: Host,
    handle: OfxParamSetHandle,
}

impl Kind {
    fn name(self) -> &'static CStr {
        match self {
            Self::Choice => kOfxParamTypeChoice,
            Self::Double => kOfxParamTypeDouble,
            Self::Group => kOfxParamTypeGroup,
            Self::Integer => kOfxParamTypeInteger,
            Self::Page => kOfxParamTypePage,
            Self::PushButton => kOfxParamTypePushButton,
            Self::String => kOfxParamTypeString,
            Self::StringChoice => kOfxParamTypeStrChoice,
        }
    }
}

impl ParameterSet {
    pub(super) fn new(host: Host, handle: OfxParamSetHandle) -> Self {
        Self { host, handle }
    }

    /// Whether the host takes a [`Kind::StringChoice`].
    pub fn has_string_choices(self) -> bool {
        let host = Properties::of_host(self.host);
        host.integer(kOfxParamHostPropSupportsStrChoice).unwrap_or(0) != 0
    }

    /// Whether a project keeps what is hidden: MLT leaves it out altogether.
    pub fn has_hidden(self) -> bool {
        Properties::of_host(self.host).text(kOfxPropName).is_none_or(|name| name != "MLT")
    }

    /// `None` where the host does not take it.
    pub fn define(self, kind: Kind, name: &'static CStr) -> Option<Properties> {
        let define = self.host.parameters.paramDefine?;
        let mut set = ptr::null_mut();
        let (kind, name) = (kind.name().as_ptr(), name.as_ptr());
        // SAFETY: the set that `getParamSet` gave; kind and name end with NUL and are never freed, for
        // hosts that keep their addresses; `set` has room for the new one's properties.
        let status = unsafe { define(self.handle, kind, name, &mut set) };
        (status == kOfxStatOK).then(|| Properties::new(self.host, set))
    }

    /// Of a parameter of an instance.
    pub fn properties(self, name: &CStr) -> Properties {
        let handles = self.find(name);
        Properties::new(self.host, handles.map_or(ptr::null_mut(), |(_, set)| set))
    }

    /// The value of a parameter that is defined as [`Kind::Double`].
    pub fn double(self, name: &CStr, time: f64) -> Option<f64> {
        self.value(name, time, f64::NAN).filter(|value| value.is_finite())
    }

    /// The value of a parameter that is defined as an [`Kind::Integer`] or a [`Kind::Choice`].
    pub fn integer(self, name: &CStr, time: f64) -> Option<c_int> {
        self.value(name, time, 0)
    }

    /// The value of a parameter that is defined as a [`Kind::String`] or a [`Kind::StringChoice`].
    pub fn string(self, name: &CStr, time: f64) -> Option<String> {
        let value: *const c_char = self.value(name, time, ptr::null())?;
        // SAFETY: not NULL; the host's string ends with NUL and lives until the parameter is asked
        // again or the action is answered, and it is copied at once.
        (!value.is_null()).then(|| unsafe { CStr::from_ptr(value) }.to_string_lossy().into_owned())
    }

    /// Sets a parameter that is defined as a [`Kind::String`]. The standard allows it where an
    /// instance is made or changed, not while it renders.
    pub fn set_string(self, name: &CStr, value: &'static CStr) {
        let Some((parameter, _)) = self.find(name) else { return };
        if let Some(set) = self.host.parameters.paramSetValue {
            // SAFETY: `find` just found it; a string parameter takes one argument, a pointer to
            // words that end with NUL, and these are never freed.
            unsafe { set(parameter, value.as_ptr()) };
        }
    }

    /// Sets a parameter that is defined as a [`Kind::Integer`], where [`Self::set_string`] may.
    pub fn set_integer(self, name: &CStr, value: c_int) {
        let Some((parameter, _)) = self.find(name) else { return };
        if let Some(set) = self.host.parameters.paramSetValue {
            // SAFETY: `find` just found it; an integer parameter takes one argument, an int.
            unsafe { set(parameter, value) };
        }
    }

    fn find(self, name: &CStr) -> Option<(OfxParamHandle, *mut PropertySet)> {
        let get = self.host.parameters.paramGetHandle?;
        let (mut parameter, mut set) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: the host looks the name up among the set's parameters; it ends with NUL, and there
        // is room for a handle of the parameter and one of its properties.
        let status = unsafe { get(self.handle, name.as_ptr(), &mut parameter, &mut set) };
        (status == kOfxStatOK && !parameter.is_null()).then_some((parameter, set))
    }

    /// `T` is what the parameter's kind holds.
    fn value<T: Copy>(self, name: &CStr, time: f64, mut value: T) -> Option<T> {
        let (parameter, _) = self.find(name)?;
        let is_told = |status: OfxStatus| status == kOfxStatOK;
        let suite = self.host.parameters;
        let room: *mut T = &mut value;
        let at_time = suite.paramGetValueAtTime.is_some_and(|get| {
            // SAFETY: `find` just found the parameter; hosts write one value of its kind, and `room`
            // is for a `T`, which the callers choose by the kind that they defined it with.
            is_told(unsafe { get(parameter, time, room) })
        });
        let told = at_time
            || suite.paramGetValue.is_some_and(|get| {
                // SAFETY: the same parameter and the same room; without a time the host writes the
                // value of now, which is one of the same kind.
                is_told(unsafe { get(parameter, room) })
            });
        told.then_some(value)
    }
}

type PropertySet = openfx::sys::generic::core::OfxPropertySetStruct;
