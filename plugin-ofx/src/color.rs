//! What a host's colour numbers mean.

use std::ffi::CStr;

use impasto_client::{Curve, Sample};
use openfx::sys::generic::core::{OfxStatus, kOfxPropName, kOfxStatOK, kOfxStatReplyDefault};
use openfx::sys::image_effect_v1::colour::{
    kOfxImageClipPropColourspace, kOfxImageEffectColourManagementBasic,
    kOfxImageEffectColourManagementNone, kOfxImageEffectPropColourManagementAvailableConfigs,
    kOfxImageEffectPropColourManagementStyle,
};

use crate::host::{Effect, Host, Properties};

/// What a person says of the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputColor {
    ByHost,
    Srgb,
    Linear,
}

/// Beginnings of the names of hosts whose floating-point pictures are linear.
const LINEAR_HOSTS: [&str; 4] =
    ["fr.inria.natron", "uk.co.thefoundry.nuke", "com.blackmagicdesign.fusion", "com.eyeonline"];

/// The only configuration that the standard names.
const CONFIGURATION: &CStr = c"ofx-native-v1.5_aces-v1.3_ocio-v2.3";

/// What a clip's numbers of a type mean.
pub fn curve(host: Host, choice: InputColor, clip: Properties, sample: Sample) -> Curve {
    match choice {
        InputColor::Srgb => return Curve::Srgb,
        InputColor::Linear => return Curve::Linear,
        InputColor::ByHost => {}
    }
    let told = clip.text(kOfxImageClipPropColourspace).and_then(|name| of_colourspace(&name));
    told.unwrap_or_else(|| {
        let name = Properties::of_host(host).text(kOfxPropName).unwrap_or_default().to_lowercase();
        let is_float = matches!(sample, Sample::F16 | Sample::F32);
        match is_float && LINEAR_HOSTS.iter().any(|known| name.starts_with(known)) {
            true => Curve::Linear,
            false => Curve::Srgb,
        }
    })
}

/// What the standard's name of a colour space says; nothing for data and for curves that are
/// neither.
fn of_colourspace(name: &str) -> Option<Curve> {
    let name = name.to_lowercase();
    let linear = ["ofx_scene_linear", "aces2065", "acescg", "lin_", "linear"];
    let encoded = ["ofx_display_sdr", "srgb", "rec1886", "g22_", "g24_", "gamma"];
    let starts = |known: &[&str]| known.iter().any(|known| name.starts_with(known));
    match () {
        () if starts(&linear) => Some(Curve::Linear),
        () if starts(&encoded) => Some(Curve::Srgb),
        () => None,
    }
}

fn manages_colors(host: Host) -> bool {
    let style = Properties::of_host(host).text(kOfxImageEffectPropColourManagementStyle);
    style.is_some_and(|style| style.as_bytes() != kOfxImageEffectColourManagementNone.to_bytes())
}

/// Hosts with colour management tell the colour space of clips only to nodes that ask.
pub fn describe(host: Host, node: Properties) {
    if manages_colors(host) {
        let basic = kOfxImageEffectColourManagementBasic;
        node.set_text(kOfxImageEffectPropColourManagementStyle, basic);
        node.set_text(kOfxImageEffectPropColourManagementAvailableConfigs, CONFIGURATION);
    }
}

/// Any colour space of these two kinds will do. Depths, components and alpha follow the source.
pub fn clip_preferences(effect: Effect, _: Properties, out: Properties) -> OfxStatus {
    if !manages_colors(effect.host) {
        return kOfxStatReplyDefault;
    }
    let spaces = [c"ofx_scene_linear", c"ofx_display_sdr"];
    out.set_texts(c"OfxImageClipPropPreferredColourspaces_Source", &spaces);
    kOfxStatOK
}

pub fn output_colourspace(_: Effect, _: Properties, out: Properties) -> OfxStatus {
    out.set_text(kOfxImageClipPropColourspace, c"OfxColourspace_Source");
    kOfxStatOK
}
