//! What the layer effect asks for, read from the values of its properties.

use impasto_client::{Library, Settings};
use impasto_gegl::property::{
    MIX, NO_STYLE, OWN_STYLE, SECOND_OWN_STYLE, SECOND_STYLE, SECOND_STYLE_FILE, STYLE, STYLE_FILE,
};

use crate::order::{Source, StyleChoice};

/// Names and values.
pub type Values = [(String, String)];

/// One style or two.
pub fn style(values: &Values) -> StyleChoice {
    let text = |name| text(values, name);
    let source = |file, own, named| {
        let file = text(file).map(|path| Source::File(path.into()));
        file.or_else(|| text(own).or_else(|| text(named)).map(|name| Source::Named(name.into())))
    };
    let first = source(STYLE_FILE, OWN_STYLE, STYLE).unwrap_or(Source::Named(String::new()));
    let second = source(SECOND_STYLE_FILE, SECOND_OWN_STYLE, SECOND_STYLE);
    let second = second.filter(|second| !matches!(second, Source::Named(name) if name == NO_STYLE));
    let share = text(MIX).and_then(|share| share.parse().ok()).unwrap_or(0.0);
    match second {
        Some(second) => StyleChoice::mixed(first, second, share),
        None => StyleChoice::only(first),
    }
}

/// The engine's settings, in its ranges. What this engine does not know is left out.
pub fn settings(values: &Values, library: &Library) -> impasto_client::Result<Settings> {
    let mut settings = Settings::new(library)?;
    for setting in library.settings() {
        let Some(value) = text(values, setting.name) else { continue };
        match (setting.range(), value.parse()) {
            (Some(_), Ok(number)) => settings.set_number(setting.name, setting.nearest(number))?,
            _ => settings.set_text(setting.name, value)?,
        }
    }
    Ok(settings)
}

/// A value; `None` for an empty one.
fn text<'v>(values: &'v Values, name: &str) -> Option<&'v str> {
    let found = values.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn values(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn files_go_before_own_styles_and_those_before_shipped_ones() {
        let all =
            [(STYLE, "ink"), (OWN_STYLE, "mine"), (STYLE_FILE, "/a.png"), (SECOND_STYLE, "none")];
        let of = |count: usize| format!("{:?}", style(&values(&all[..count])));
        assert!(of(1).contains("Named(\"ink\")"), "{}", of(1));
        assert!(of(2).contains("Named(\"mine\")"), "{}", of(2));
        let chosen = style(&values(&all));
        assert_eq!(chosen.files().collect::<Vec<_>>(), [Path::new("/a.png")]);
        assert!(format!("{chosen:?}").contains("second: None"), "{chosen:?}");
    }
}
