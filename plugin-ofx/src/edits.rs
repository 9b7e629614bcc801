//! An instance as a person edits it: what its controls show.

use std::ffi::CStr;

use openfx::sys::generic::core::{
    OfxStatus, kOfxChangePluginEdited, kOfxPropChangeReason, kOfxPropName, kOfxStatOK,
};
use openfx::sys::image_effect_v1::param::kOfxParamPropEnabled;

use crate::controls::SHOW_LAST;
use crate::host::{Effect, Properties};
use crate::{instances, settings};

pub fn create(effect: Effect, _: Properties, _: Properties) -> OfxStatus {
    instances::create(effect);
    enable(effect);
    kOfxStatOK
}

pub fn begin(effect: Effect, _: Properties, _: Properties) -> OfxStatus {
    instances::show_last(effect);
    kOfxStatOK
}

/// A person changed something, or pressed the button.
pub fn changed(effect: Effect, in_args: Properties, _: Properties) -> OfxStatus {
    let is = |property, value: &CStr| {
        in_args.text(property).is_some_and(|text| text.as_bytes() == value.to_bytes())
    };
    if is(kOfxPropChangeReason, kOfxChangePluginEdited) {
        return kOfxStatOK;
    }
    if is(kOfxPropName, SHOW_LAST) {
        instances::show_last(effect);
    } else {
        enable(effect);
    }
    kOfxStatOK
}

/// Lets only those controls be used that have an effect.
fn enable(effect: Effect) {
    let Some(set) = effect.parameters() else { return };
    for (name, is_used) in settings::used(set) {
        set.properties(name).set_integer(kOfxParamPropEnabled, i32::from(is_used));
    }
}
