//! The words that GIMP's user reads, in their language.

use crate::ffi;

/// Where English of America, which GIMP speaks, is spelt in another way than the words of the
/// engine.
const AMERICAN: [(&str, &str); 4] =
    [("olour", "olor"), ("ptimis", "ptimiz"), ("eighbour", "eighbor"), ("ormalis", "ormaliz")];

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
}
