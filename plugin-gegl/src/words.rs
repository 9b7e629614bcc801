//! The words that GIMP's user reads, in their language: of the layer effect, and what the filter
//! shares with it.

use std::ffi::CStr;

/// Of the catalogues, in the folder [`CATALOGUES`] beside the filter's program.
pub const DOMAIN: &CStr = c"impasto-gimp";
/// A folder of gettext's catalogues.
pub const CATALOGUES: &str = "locale";

/// Where English of America, which GIMP speaks, is spelt in another way than the words of the
/// engine.
const AMERICAN: [(&str, &str); 4] =
    [("olour", "olor"), ("ptimis", "ptimiz"), ("eighbour", "eighbor"), ("ormalis", "ormaliz")];

/// A text that is translated where it is shown: in a table, say. What is in such calls, and in those
/// of functions called `tr`, is what translators get.
pub const fn msgid(text: &'static str) -> &'static str {
    text
}

/// A text that has no translation, as it is spelt in the user's `language`, such as `en_US`.
pub fn untranslated(text: &str, language: &str) -> String {
    if is_british(language) { text.to_owned() } else { american(text) }
}

fn is_british(language: &str) -> bool {
    const AMERICAN: [&str; 3] = ["en_US", "en_PH", "en_LR"];
    language.starts_with("en_") && !AMERICAN.iter().any(|american| language.starts_with(american))
}

fn american(text: &str) -> String {
    AMERICAN
        .iter()
        .fold(text.to_owned(), |text, (british, american)| text.replace(british, american))
}

/// A text in the user's language; as GIMP spells it where there is no translation.
#[cfg(target_os = "linux")]
pub(crate) fn tr(text: &str) -> String {
    use crate::ffi;
    if text.is_empty() {
        return String::new();
    }
    ffi::translated(text).unwrap_or_else(|| untranslated(text, &ffi::language()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_spelt_as_gimp_spells_them() {
        assert_eq!(untranslated("Keep colours", "en_US.UTF-8"), "Keep colors");
        assert_eq!(untranslated("Optimised, neighbouring", "C"), "Optimized, neighboring");
        assert_eq!(untranslated("Keep colours", "en_GB"), "Keep colours");
    }
}
