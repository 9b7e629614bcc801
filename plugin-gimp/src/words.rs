//! The words that GIMP's user reads, in their language.

pub use impasto_gegl::words::msgid;
use impasto_gegl::words::untranslated;

use crate::ffi;

/// A text in the user's language; as GIMP spells it where there is no translation.
pub fn tr(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    ffi::translated(text).unwrap_or_else(|| untranslated(text, &ffi::language()))
}

/// As [`tr`], with `value` in place of `%s`.
pub fn tr_with(text: &str, value: &str) -> String {
    tr(text).replace("%s", value)
}

/// As [`tr`], with values in place of their names in braces: `{layer}`.
pub fn tr_named(text: &str, values: &[(&str, &str)]) -> String {
    named(&tr(text), values)
}

fn named(text: &str, values: &[(&str, &str)]) -> String {
    let mut made = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        made += before;
        let value = after.split_once('}').and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((*value, after))
        });
        let (put, after) = value.unwrap_or(("{", after));
        made += put;
        rest = after;
    }
    made + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_a_text_names_them() {
        let values = [("layer", "{group}"), ("group", "Sky")];
        assert_eq!(named("{group}: '{layer}', {}", &values), "Sky: '{group}', {}");
        assert_eq!(named("{layer", &values), "{layer");
    }
}
