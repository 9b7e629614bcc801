//! The panel in Shotcut: what its controls are, for the panel in `packaging/shotcut/ui.qml`, and
//! what its list of filters and its keyframes want to know.

use impasto_client::{Setting, StyleEntry};

use super::{ParameterKind, SERVICE, parameters, short};

const WRITTEN: &str = "// `cargo xtask options` writes this file.\n";

/// The text of `meta.qml`.
pub fn shotcut_meta(settings: &[Setting], styles: &[StyleEntry]) -> String {
    let numbers: Vec<_> = parameters(settings, styles)
        .into_iter()
        .flat_map(|(_, controls)| controls)
        .filter(|control| matches!(control.kind, ParameterKind::Number { .. }))
        .collect();
    let names: Vec<_> = numbers.iter().map(|control| quoted(control.name)).collect();
    let mut text = format!(
        "{WRITTEN}import QtQuick\nimport org.shotcut.qml\n\nMetadata {{\n    \
         type: Metadata.Filter\n    name: 'Impasto'\n    mlt_service: '{SERVICE}'\n    \
         keywords: 'neural style transfer painting paint art stylize #openfx'\n    \
         qml: 'ui.qml'\n\n    keyframes {{\n        allowAnimateIn: true\n        \
         allowAnimateOut: true\n        simpleProperties: [{}]\n        parameters: [\n",
        names.join(", ")
    );
    for control in &numbers {
        let ParameterKind::Number { range, decimals, .. } = control.kind else { continue };
        let [least, most] = range.map(|value| short(value, decimals));
        text += &format!(
            "            Parameter {{\n                name: {}\n                \
             property: {}\n                isCurve: true\n                minimum: {least}\n\
             \x20               maximum: {most}\n            }},\n",
            quoted(control.label),
            quoted(control.name),
        );
    }
    let text = text.trim_end_matches(",\n").to_owned();
    text + "\n        ]\n    }\n}\n"
}

/// The text of `controls.js`: groups with their controls.
pub fn shotcut_controls(settings: &[Setting], styles: &[StyleEntry]) -> String {
    let mut text = format!("{WRITTEN}.pragma library\n\nvar controls = [\n");
    for (group, controls) in parameters(settings, styles) {
        if controls.is_empty() {
            continue;
        }
        text += &format!("    {{ kind: 'heading', label: {} }},\n", quoted(group));
        for control in controls {
            let what = match &control.kind {
                ParameterKind::Number { range, default, step, decimals } => {
                    let [least, most] = range.map(|value| short(value, *decimals));
                    let default = short(*default, *decimals);
                    format!(
                        "'number', least: {least}, most: {most}, step: {step}, \
                         decimals: {decimals}, initial: {default}"
                    )
                }
                ParameterKind::Choice { choices, default } => {
                    let list = choices.iter().map(|(value, label)| {
                        format!("{{ value: {}, text: {} }}", quoted(value), quoted(label))
                    });
                    let list = list.collect::<Vec<_>>().join(", ");
                    let chosen = choices.get(*default).map_or("", |(value, _)| value);
                    format!("'choice', choices: [{list}], initial: {}", quoted(chosen))
                }
                ParameterKind::File => "'file', initial: ''".to_owned(),
            };
            text += &format!(
                "    {{ kind: {what}, name: {}, label: {},\n      hint: {} }},\n",
                quoted(control.name),
                quoted(control.label),
                quoted(control.hint),
            );
        }
    }
    text + "];\n"
}

/// As JavaScript has it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
