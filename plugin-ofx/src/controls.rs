//! The controls by name: those of the node itself, what lies in their lists and how far they go.

use std::ffi::CStr;

use impasto_client::{Setting, StyleEntry};

use crate::engine;
use crate::host::lasting;

pub const STYLE: &CStr = c"style";
pub const STYLE_FILE: &CStr = c"style_file";
pub const STYLE_NAME: &CStr = c"style_name";
pub const SECOND_STYLE: &CStr = c"second_style";
pub const SECOND_STYLE_NAME: &CStr = c"second_style_name";
pub const SECOND_STYLE_FILE: &CStr = c"second_style_file";
pub const STYLE_MIX: &CStr = c"style_mix";
pub const INPUT: &CStr = c"input_colors";
pub const LOOK: &CStr = c"look";
pub const LOOK_FRAME: &CStr = c"look_frame";
pub const USE_FRAME: &CStr = c"use_this_frame";
pub const LOOK_FRAMES: &CStr = c"look_frames";
pub const LOOK_FILE: &CStr = c"look_file";
pub const STEADY: &CStr = c"steady";
pub const DEVICE: &CStr = c"device";
pub const MEMORY: &CStr = c"memory";
pub const LAST: &CStr = c"last_painting";
pub const SHOW_LAST: &CStr = c"show_last_painting";

/// What comes before the styles of the engine in [`STYLE`] and [`SECOND_STYLE`]: names that projects
/// keep, and labels.
pub const STYLES_BEFORE: [(&str, &str); 2] = [("none", "None"), ("file", "A picture file")];

/// The looks that frames share, as projects and users know them. New ones go to the end, as in all
/// lists: projects know a choice by its place.
pub const LOOKS: [(&str, &str); 4] = [
    ("each", "Each frame"),
    ("locked", "Locked to a frame"),
    ("smoothed", "Smoothed over time"),
    ("picture", "Of a picture"),
];

/// What the numbers of a picture mean.
pub const INPUTS: [(&str, &str); 3] =
    [("host", "By host"), ("srgb", "Encoded (sRGB)"), ("linear", "Linear")];

/// The style of a new node.
pub const FIRST_STYLE: &str = "great-wave";

/// As the engine calls them, and their labels.
pub const DEVICES: [(&str, &str); 7] = [
    ("auto", "The best there is"),
    ("cpu", "Processor"),
    ("cuda", "NVIDIA GPU (CUDA)"),
    ("directml", "GPU (DirectML)"),
    ("openvino", "Processor (OpenVINO)"),
    ("openvino:bf16", "Fast processor (OpenVINO 16 bits)"),
    ("cuda:fp16", "NVIDIA GPU (CUDA 16 bits)"),
];

pub const DEFAULT_LOOK_FRAMES: f64 = 3.0;
pub const MOST_LOOK_FRAMES: f64 = 12.0;
pub const DEFAULT_STEADY: i32 = 1;
pub const MOST_STEADY: i32 = 3;
pub const MOST_MEMORY: i32 = 1 << 20;

/// The names of the choices of [`STYLE`] and [`SECOND_STYLE`].
pub fn style_names() -> impl Iterator<Item = &'static str> {
    let before = STYLES_BEFORE.iter().map(|(name, _)| *name);
    before.chain(engine::styles().iter().map(|style| style.name.as_str()))
}

/// `The Great Wave off Kanagawa (Katsushika Hokusai)`, or what there is of it.
pub fn style_label(style: &StyleEntry) -> String {
    let label = match (style.title.as_str(), style.painter.as_str()) {
        ("", _) => style.name.clone(),
        (title, "") => title.to_owned(),
        (title, painter) => format!("{title} ({painter})"),
    };
    // Lists of labels are separated by them, in Kdenlive's descriptions of effects, say.
    label.replace([',', ';'], "")
}

/// The place of [`FIRST_STYLE`] in the list; that of none where there are no styles.
pub fn first_style() -> usize {
    style_names().position(|name| name == FIRST_STYLE).unwrap_or(0)
}

/// What a host's scripts call a setting of the engine: hyphens mean minus there.
pub fn script_name(setting: &Setting) -> &'static CStr {
    lasting(&setting.name.replace('-', "_"))
}
