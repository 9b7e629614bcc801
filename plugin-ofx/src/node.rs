//! The actions of a host, in the order of a node's life.

use std::ffi::{CStr, c_uint};

use openfx::sys::generic::core::{
    OfxStatus, kOfxActionBeginInstanceChanged, kOfxActionBeginInstanceEdit,
    kOfxActionCreateInstance, kOfxActionDescribe, kOfxActionDestroyInstance,
    kOfxActionEndInstanceChanged, kOfxActionEndInstanceEdit, kOfxActionInstanceChanged,
    kOfxActionLoad, kOfxActionPurgeCaches, kOfxActionSyncPrivateData, kOfxActionUnload,
    kOfxStatErrBadHandle, kOfxStatErrMissingHostFeature, kOfxStatOK, kOfxStatReplyDefault,
};
use openfx::sys::image_effect_v1::colour::kOfxImageEffectActionGetOutputColourspace;
use openfx::sys::image_effect_v1::image_effect::{
    kOfxImageEffectActionBeginSequenceRender, kOfxImageEffectActionDescribeInContext,
    kOfxImageEffectActionEndSequenceRender, kOfxImageEffectActionGetClipPreferences,
    kOfxImageEffectActionGetFramesNeeded, kOfxImageEffectActionGetRegionOfDefinition,
    kOfxImageEffectActionGetRegionsOfInterest, kOfxImageEffectActionIsIdentity,
    kOfxImageEffectActionRender,
};

use crate::host::{Call, Effect, Host, Properties};
use crate::{clips, color, content, describe, edits, instances, look, render, steady, style};

/// What hosts and projects know the node by; never changed.
pub const IDENTIFIER: &CStr = c"org.impasto.Impasto";

/// Major and minor. Projects keep the major one.
pub const VERSION: [c_uint; 2] = [1, 0];

/// Answers an action.
pub fn perform(call: &Call<'_>) -> OfxStatus {
    if call.action == kOfxActionLoad {
        return Host::load().map_or(kOfxStatErrMissingHostFeature, |_| kOfxStatOK);
    }
    if call.action == kOfxActionUnload {
        Host::unload();
        return kOfxStatOK;
    }
    let Some(host) = Host::loaded() else { return kOfxStatErrMissingHostFeature };
    if call.action == kOfxActionPurgeCaches {
        style::forget();
        look::forget();
        content::forget();
        steady::forget();
        return kOfxStatOK;
    }
    let Some(answer) = answer_of(call.action) else { return kOfxStatReplyDefault };
    let Some(effect) = call.effect(host) else { return kOfxStatErrBadHandle };
    answer(effect, call.in_args(host), call.out_args(host))
}

type Answer = fn(Effect, Properties, Properties) -> OfxStatus;

fn answer_of(action: &CStr) -> Option<Answer> {
    let done: Answer = |_, _, _| kOfxStatOK;
    let answers: [(&CStr, Answer); 18] = [
        (kOfxActionDescribe, describe::describe),
        (kOfxImageEffectActionDescribeInContext, describe::describe_in_context),
        (kOfxActionCreateInstance, edits::create),
        (kOfxActionDestroyInstance, instances::destroy),
        (kOfxActionBeginInstanceChanged, done),
        (kOfxActionInstanceChanged, edits::changed),
        (kOfxActionEndInstanceChanged, done),
        (kOfxActionBeginInstanceEdit, edits::begin),
        (kOfxActionEndInstanceEdit, done),
        (kOfxActionSyncPrivateData, done),
        (kOfxImageEffectActionGetClipPreferences, color::clip_preferences),
        (kOfxImageEffectActionGetOutputColourspace, color::output_colourspace),
        (kOfxImageEffectActionGetRegionOfDefinition, clips::region_of_definition),
        (kOfxImageEffectActionGetRegionsOfInterest, clips::regions_of_interest),
        (kOfxImageEffectActionGetFramesNeeded, look::frames_needed),
        (kOfxImageEffectActionIsIdentity, render::is_identity),
        (kOfxImageEffectActionBeginSequenceRender, done),
        (kOfxImageEffectActionEndSequenceRender, done),
    ];
    if action == kOfxImageEffectActionRender {
        return Some(render::render);
    }
    answers.into_iter().find(|(name, _)| *name == action).map(|(_, answer)| answer)
}
