//! The inputs and the output, and what of them is needed.

use std::ffi::CStr;

use openfx::sys::generic::core::{OfxStatus, kOfxPropLabel, kOfxPropTime, kOfxStatOK};
use openfx::sys::generic::core::{kOfxStatErrMissingHostFeature, kOfxStatReplyDefault};
use openfx::sys::image_effect_v1::image_effect::{
    kOfxImageClipPropIsMask, kOfxImageClipPropOptional, kOfxImageComponentAlpha,
    kOfxImageComponentRGB, kOfxImageComponentRGBA, kOfxImageEffectOutputClipName,
    kOfxImageEffectPropRegionOfDefinition, kOfxImageEffectPropSupportedComponents,
    kOfxImageEffectPropSupportsTiles, kOfxImageEffectPropTemporalClipAccess,
    kOfxImageEffectSimpleSourceClipName,
};

use crate::host::{Effect, Properties};
use crate::look;
use crate::settings::Settings;

pub const SOURCE: &CStr = kOfxImageEffectSimpleSourceClipName;
pub const OUTPUT: &CStr = kOfxImageEffectOutputClipName;
/// A picture to take the style from.
pub const STYLE: &CStr = c"Style";
/// Where to paint.
pub const MASK: &CStr = c"Mask";

/// Hosts of the context Filter would refuse a second input.
pub fn define(effect: Effect, is_general: bool, sees_other_frames: bool) -> OfxStatus {
    let colored: &[&CStr] = &[kOfxImageComponentRGBA, kOfxImageComponentRGB];
    let all = &[kOfxImageComponentRGBA, kOfxImageComponentRGB, kOfxImageComponentAlpha];
    for (name, components) in [(OUTPUT, &all[..]), (SOURCE, &all[..])] {
        let Some(clip) = effect.define_clip(name) else { return kOfxStatErrMissingHostFeature };
        clip.set_texts(kOfxImageEffectPropSupportedComponents, components);
        clip.set_integer(kOfxImageEffectPropSupportsTiles, 0);
        let temporal = i32::from(sees_other_frames && name == SOURCE);
        clip.set_integer(kOfxImageEffectPropTemporalClipAccess, temporal);
    }
    if !is_general {
        return kOfxStatOK;
    }
    for (name, components, is_mask) in
        [(STYLE, colored, 0), (MASK, &[kOfxImageComponentAlpha, kOfxImageComponentRGBA][..], 1)]
    {
        if let Some(clip) = effect.define_clip(name) {
            clip.set_text(kOfxPropLabel, name);
            clip.set_texts(kOfxImageEffectPropSupportedComponents, components);
            clip.set_integer(kOfxImageClipPropOptional, 1);
            clip.set_integer(kOfxImageEffectPropSupportsTiles, 0);
            clip.set_integer(kOfxImageClipPropIsMask, is_mask);
            clip.set_integer(
                kOfxImageEffectPropTemporalClipAccess,
                i32::from(sees_other_frames && is_mask == 0),
            );
        }
    }
    kOfxStatOK
}

/// The source's: the style and the mask may be larger.
pub fn region_of_definition(effect: Effect, in_args: Properties, out: Properties) -> OfxStatus {
    let time = in_args.number(kOfxPropTime).unwrap_or(0.0);
    let Some(region) = effect.clip(SOURCE).and_then(|clip| clip.region_of_definition(time)) else {
        return kOfxStatReplyDefault;
    };
    out.set_numbers(kOfxImageEffectPropRegionOfDefinition, &region);
    kOfxStatOK
}

/// All of every input: the look depends on the whole picture.
pub fn regions_of_interest(effect: Effect, in_args: Properties, out: Properties) -> OfxStatus {
    let time = in_args.number(kOfxPropTime).unwrap_or(0.0);
    let style_time = look::style_time(effect, &Settings::at(effect, time), time);
    for (name, property) in [
        (SOURCE, c"OfxImageClipPropRoI_Source"),
        (STYLE, c"OfxImageClipPropRoI_Style"),
        (MASK, c"OfxImageClipPropRoI_Mask"),
    ] {
        let clip = effect.clip(name).filter(|clip| clip.is_connected());
        let time = if name == STYLE { style_time } else { time };
        if let Some(region) = clip.and_then(|clip| clip.region_of_definition(time)) {
            out.set_numbers(property, &region);
        }
    }
    kOfxStatOK
}
