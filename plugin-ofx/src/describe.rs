//! What the node tells a host of itself. A host that scans its plug-ins comes here, so nothing is
//! loaded but `libimpasto`, and of that only its tables.

use openfx::sys::generic::core::{
    OfxStatus, kOfxBitDepthByte, kOfxBitDepthFloat, kOfxBitDepthHalf, kOfxBitDepthShort,
    kOfxPropIcon, kOfxPropLabel, kOfxPropLongLabel, kOfxPropPluginDescription, kOfxPropShortLabel,
    kOfxPropVersion, kOfxPropVersionLabel, kOfxStatOK,
};
use openfx::sys::image_effect_v1::image_effect::{
    kOfxImageEffectContextFilter, kOfxImageEffectContextGeneral,
    kOfxImageEffectPluginPropFieldRenderTwiceAlways, kOfxImageEffectPluginPropGrouping,
    kOfxImageEffectPluginPropHostFrameThreading, kOfxImageEffectPluginPropSingleInstance,
    kOfxImageEffectPluginRenderThreadSafety, kOfxImageEffectPropContext,
    kOfxImageEffectPropRenderQualityDraft, kOfxImageEffectPropSupportedContexts,
    kOfxImageEffectPropSupportedPixelDepths, kOfxImageEffectPropSupportsMultiResolution,
    kOfxImageEffectPropSupportsMultipleClipDepths, kOfxImageEffectPropSupportsMultipleClipPARs,
    kOfxImageEffectPropSupportsTiles, kOfxImageEffectPropTemporalClipAccess,
    kOfxImageEffectRenderInstanceSafe,
};

use crate::host::{Effect, Properties, lasting};
use crate::{clips, color, definitions, look};

const DESCRIPTION: &str = "Paints a shot in the style of a picture: neural style transfer. Choose \
                           one of the shipped styles, a picture file, or connect a picture to the \
                           input Style. Nothing leaves your machine.";

pub fn describe(effect: Effect, _: Properties, _: Properties) -> OfxStatus {
    let node = effect.properties();
    for label in [kOfxPropLabel, kOfxPropShortLabel, kOfxPropLongLabel] {
        node.set_text(label, c"Impasto");
    }
    node.set_text(kOfxImageEffectPluginPropGrouping, c"Filter/Stylize");
    node.set_text(kOfxPropPluginDescription, lasting(DESCRIPTION));
    // The first is to be an SVG; there is none.
    node.set_texts(kOfxPropIcon, &[c"", c"org.impasto.Impasto.png"]);
    let version = env!("CARGO_PKG_VERSION");
    let numbers: Vec<_> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    node.set_integers(kOfxPropVersion, &numbers);
    node.set_text(kOfxPropVersionLabel, lasting(version));

    node.set_texts(
        kOfxImageEffectPropSupportedContexts,
        &[kOfxImageEffectContextFilter, kOfxImageEffectContextGeneral],
    );
    node.set_texts(
        kOfxImageEffectPropSupportedPixelDepths,
        &[kOfxBitDepthByte, kOfxBitDepthShort, kOfxBitDepthHalf, kOfxBitDepthFloat],
    );
    node.set_text(kOfxImageEffectPluginRenderThreadSafety, kOfxImageEffectRenderInstanceSafe);
    node.set_integer(kOfxImageEffectPropSupportsMultiResolution, 1);
    // Natron then keeps drafts apart from final frames.
    node.set_integer(kOfxImageEffectPropRenderQualityDraft, 1);
    let temporal = i32::from(look::sees_other_frames(effect.host));
    node.set_integer(kOfxImageEffectPropTemporalClipAccess, temporal);
    for never in [
        kOfxImageEffectPropSupportsTiles,
        kOfxImageEffectPluginPropHostFrameThreading,
        kOfxImageEffectPluginPropSingleInstance,
        kOfxImageEffectPluginPropFieldRenderTwiceAlways,
        kOfxImageEffectPropSupportsMultipleClipDepths,
        kOfxImageEffectPropSupportsMultipleClipPARs,
    ] {
        node.set_integer(never, 0);
    }
    color::describe(effect.host, node);
    kOfxStatOK
}

pub fn describe_in_context(effect: Effect, in_args: Properties, _: Properties) -> OfxStatus {
    let context = in_args.text(kOfxImageEffectPropContext);
    let is_general = context
        .is_some_and(|context| context.as_bytes() == kOfxImageEffectContextGeneral.to_bytes());
    let defined = clips::define(effect, is_general, look::sees_other_frames(effect.host));
    if let Some(parameters) = effect.parameters() {
        definitions::define(parameters, is_general);
    }
    defined
}
