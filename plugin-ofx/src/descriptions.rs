//! Descriptions of the node for video editors on MLT (Kdenlive, Shotcut), made of its list of
//! controls by `cargo xtask options`.
//!
//! What these editors make of an OpenFX node by themselves cannot be used: Kdenlive keeps a choice
//! by its place where MLT wants its label, and a file is a line of text. MLT takes a label that it
//! does not know for the default without a word. So a style is chosen by its name, which the node
//! looks for itself, and a project that comes to a machine without it fails in words.

mod kdenlive;
mod shotcut;

use impasto_client::{Setting, StyleEntry};

use crate::controls::{
    LOOK, LOOK_FRAME, LOOK_FRAMES, LOOKS, SECOND_STYLE, SECOND_STYLE_NAME, STEADY, STYLE,
    STYLE_NAME,
};
use crate::panel::{Control, ControlKind, Group, groups};
use crate::style_choice::in_any_place;
pub use kdenlive::kdenlive;
pub use shotcut::{shotcut_controls, shotcut_meta};

/// What MLT calls the node.
const SERVICE: &str = "openfx.org.impasto.Impasto";

/// Endings of the pictures that a style or a look can be taken from, and of saved ones.
const FILES: &str = "*.png *.jpg *.jpeg *.tif *.tiff *.webp *.exr *.bmp *.jxl *.avif *.toml *.look";

/// A control as an editor offers it.
struct Parameter {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    kind: ParameterKind,
}

enum ParameterKind {
    /// Can be animated.
    Number {
        range: [f64; 2],
        default: f64,
        step: f64,
        decimals: usize,
    },
    /// Of values that a project keeps, and labels.
    Choice {
        choices: Vec<(String, String)>,
        default: usize,
    },
    File,
}

/// The controls that make sense where a node sees one frame and tells the host nothing.
fn parameters(settings: &[Setting], styles: &[StyleEntry]) -> Vec<(&'static str, Vec<Parameter>)> {
    let of_group = |group: Group| {
        let label = text(group.label);
        (label, group.controls.into_iter().filter_map(parameter).collect())
    };
    groups(settings, styles, false).into_iter().map(of_group).collect()
}

fn parameter(control: Control) -> Option<Parameter> {
    if [LOOK_FRAME, LOOK_FRAMES, STEADY].contains(&control.name) {
        return None;
    }
    let kind = match control.kind {
        ControlKind::Number { range, default, step } => {
            let decimals = if step < 0.1 { 2 } else { 1 };
            ParameterKind::Number { range, default, step, decimals }
        }
        ControlKind::Integer { range, default, .. } => ParameterKind::Number {
            range: range.map(f64::from),
            default: default.into(),
            step: 1.0,
            decimals: 0,
        },
        ControlKind::Style { choices, default } => {
            let by_name = |(name, label): (String, String)| (in_any_place(&name), label);
            ParameterKind::Choice { choices: choices.into_iter().map(by_name).collect(), default }
        }
        ControlKind::Choice { choices, default } => {
            let needs_other_frames =
                |label: &str| control.name == LOOK && [LOOKS[1].1, LOOKS[2].1].contains(&label);
            let labels = choices.into_iter().map(|(_, label)| label);
            let labels = labels.filter(|label| !needs_other_frames(label));
            let choices = labels.map(|label| (label.clone(), label)).collect();
            ParameterKind::Choice { choices, default }
        }
        ControlKind::File => ParameterKind::File,
        // Neither editor has a line for a text.
        ControlKind::Text { .. }
        | ControlKind::StyleName
        | ControlKind::Button
        | ControlKind::Line { .. } => return None,
    };
    let name = match control.name {
        name if name == STYLE => STYLE_NAME,
        name if name == SECOND_STYLE => SECOND_STYLE_NAME,
        name => name,
    };
    Some(Parameter { name: text(name), label: control.label, hint: control.hint, kind })
}

fn text(name: &'static std::ffi::CStr) -> &'static str {
    name.to_str().unwrap_or_default()
}

/// A number as short as it can be told.
fn short(value: f64, decimals: usize) -> String {
    let full = format!("{value:.decimals$}");
    match full.contains('.') {
        true => full.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => full,
    }
}
