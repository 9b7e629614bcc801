//! The effect in Kdenlive, as `data/effects/README.md` in its sources has it.

use impasto_client::{Setting, StyleEntry};

use super::{FILES, Parameter, ParameterKind, SERVICE, parameters, short};

/// The text of a file for a folder `kdenlive/effects` among the user's or the system's data.
pub fn kdenlive(settings: &[Setting], styles: &[StyleEntry]) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE kpartgui>\n\
         <!-- `cargo xtask options` writes this file. -->\n\
         <effect tag=\"{SERVICE}\" id=\"{SERVICE}\">\n\
         \x20 <name>Impasto</name>\n\
         \x20 <description>Paints a clip in the style of a picture</description>\n\
         \x20 <author>The Impasto authors</author>\n"
    );
    for (_, controls) in parameters(settings, styles) {
        for parameter in controls {
            text += &one(&parameter);
        }
    }
    text + "</effect>\n"
}

fn one(parameter: &Parameter) -> String {
    let Parameter { name, label, hint, kind } = parameter;
    let (attributes, more) = match kind {
        ParameterKind::Number { range: [least, most], default, decimals, .. } => {
            let [least, most, default] = [least, most, default].map(|v| short(*v, *decimals));
            let attributes = format!(
                "type=\"animated\" name=\"{name}\" default=\"{default}\" min=\"{least}\" \
                 max=\"{most}\" decimals=\"{decimals}\""
            );
            (attributes, String::new())
        }
        ParameterKind::Choice { choices, default } => {
            let (values, labels): (Vec<_>, Vec<_>) =
                choices.iter().map(|(value, label)| (escaped(value), escaped(label))).unzip();
            let chosen = values.get(*default).cloned().unwrap_or_default();
            let attributes = format!(
                "type=\"list\" name=\"{name}\" default=\"{chosen}\" paramlist=\"{}\"",
                values.join(";")
            );
            let shown = labels.join(",");
            (attributes, format!("    <paramlistdisplay>{shown}</paramlistdisplay>\n"))
        }
        ParameterKind::File => {
            let attributes =
                format!("type=\"url\" name=\"{name}\" default=\"\" filter=\"{FILES}|Pictures\"");
            (attributes, String::new())
        }
    };
    let (label, hint) = (escaped(label), escaped(hint));
    format!(
        "  <parameter {attributes}>\n{more}    <name>{label}</name>\n    \
         <comment>{hint}</comment>\n  </parameter>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
