//! Letters that reach controls with Alt, no two of them the same.

use std::collections::BTreeSet;

/// What GIMP's own buttons take: Help, Reset, Cancel, OK, Load and Save Settings.
const OF_GIMP: &str = "hrcols";

/// Gives letters to labels.
#[derive(Debug)]
pub struct Mnemonics(BTreeSet<char>);

impl Mnemonics {
    /// All letters but those of GIMP's own buttons.
    pub fn new() -> Self {
        Self(OF_GIMP.chars().collect())
    }

    /// The label with `_` before its letter: the first of a word if one is free, else any. Where
    /// none is, the label stays as it is.
    pub fn mark(&mut self, label: &str) -> String {
        let letters: Vec<(usize, char)> = label.char_indices().collect();
        let begins_word = |place: usize| !label[..place].ends_with(|c: char| c.is_alphanumeric());
        let (first, other): (Vec<_>, Vec<_>) =
            letters.iter().partition(|(place, _)| begins_word(*place));
        let free = first.into_iter().chain(other).find(|(_, letter)| {
            letter.is_ascii_alphabetic() && !self.0.contains(&letter.to_ascii_lowercase())
        });
        let Some((place, letter)) = free else {
            return label.to_owned();
        };
        self.0.insert(letter.to_ascii_lowercase());
        format!("{}_{}", &label[..place], &label[place..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_labels_get_the_same_letter() {
        let mut mnemonics = Mnemonics::new();
        let marked = ["Style", "Strength", "Keep colours", "Kite"].map(|l| mnemonics.mark(l));
        assert_eq!(marked, ["S_tyle", "Str_ength", "_Keep colours", "K_ite"]);
    }

    #[test]
    fn a_label_without_a_free_letter_stays() {
        let mut mnemonics = Mnemonics::new();
        assert_eq!(mnemonics.mark("rohs"), "rohs");
        assert_eq!(mnemonics.mark("é a"), "é _a");
        assert_eq!(mnemonics.mark("a"), "a");
        assert_eq!(mnemonics.mark(""), "");
    }
}
