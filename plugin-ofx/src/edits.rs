//! An instance as a person edits it: what its controls show.

use std::ffi::CStr;

use openfx::sys::generic::core::{
    OfxStatus, kOfxChangePluginEdited, kOfxPropChangeReason, kOfxPropName, kOfxPropTime, kOfxStatOK,
};
use openfx::sys::image_effect_v1::image_effect::kOfxImageEffectInstancePropSequentialRender;
use openfx::sys::image_effect_v1::param::kOfxParamPropEnabled;

use crate::controls::{LOOK_FRAME, SHOW_LAST, USE_FRAME};
use crate::host::{Effect, Properties};
use crate::{instances, look, settings, style_choice};

pub fn create(effect: Effect, _: Properties, _: Properties) -> OfxStatus {
    instances::create(effect);
    if let Some(set) = effect.parameters() {
        style_choice::created(set);
    }
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
    } else if is(kOfxPropName, USE_FRAME) {
        if let (Some(set), Some(time)) = (effect.parameters(), in_args.number(kOfxPropTime)) {
            set.set_integer(LOOK_FRAME, time.round() as i32);
        }
    } else {
        if let (Some(set), Some(name)) = (effect.parameters(), in_args.text(kOfxPropName)) {
            style_choice::chosen(set, &name);
        }
        enable(effect);
    }
    kOfxStatOK
}

/// Lets only those controls be used that have an effect, and asks for the order that suits them.
fn enable(effect: Effect) {
    let Some(set) = effect.parameters() else { return };
    for (name, is_used) in settings::used(set) {
        set.properties(name).set_integer(kOfxParamPropEnabled, i32::from(is_used));
    }
    const PREFERRED: i32 = 2;
    let prefers_order = settings::prefers_order(set) && look::sees_other_frames(effect.host);
    let order = if prefers_order { PREFERRED } else { 0 };
    effect.properties().set_integer(kOfxImageEffectInstancePropSequentialRender, order);
}
