//! The words that GIMP's user reads, in their language.

use crate::ffi;

/// Where English of America, which GIMP speaks, is spelt in another way than the words of the
/// engine.
const AMERICAN: [(&str, &str); 4] =
    [("olour", "olor"), ("ptimis", "ptimiz"), ("eighbour", "eighbor"), ("ormalis", "ormaliz")];

/// A text that is translated where it is shown: in a table, say. What is in such calls, and in those
/// of the functions below, is what translators get.
pub const fn msgid(text: &'static str) -> &'static str {
    text
}

/// A text in the user's language; as GIMP spells it where there is no translation.
pub fn tr(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    match ffi::translated(text) {
        Some(translation) => translation,
        None if ffi::is_british() => text.to_owned(),
        None => american(text),
    }
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

fn american(text: &str) -> String {
    AMERICAN
        .iter()
        .fold(text.to_owned(), |text, (british, american)| text.replace(british, american))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_spelt_as_gimp_spells_them() {
        assert_eq!(american("Keep colours"), "Keep colors");
        assert_eq!(american("Optimised, neighbouring"), "Optimized, neighboring");
    }

    #[test]
    fn values_stand_where_a_text_names_them() {
        let values = [("layer", "{group}"), ("group", "Sky")];
        assert_eq!(named("{group}: '{layer}', {}", &values), "Sky: '{group}', {}");
        assert_eq!(named("{layer", &values), "{layer");
    }
}
