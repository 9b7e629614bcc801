//! Letters that reach controls with Alt, no two of them the same.

use std::collections::BTreeMap;

/// What GIMP's own buttons take: Reset, Cancel, OK, Load and Save Settings.
const TAKEN: &str = "rcols";

/// Puts `_` before a letter of each label, a different one for each as long as there are letters;
/// the beginnings of words are tried first. One in a script without such letters gets one in
/// parentheses, as programs in Chinese and Japanese have it. A label without a letter stays as it is.
pub fn mark(labels: &[&str]) -> Vec<String> {
    let mut matching = Matching {
        letters: labels.iter().map(|label| letters(label)).collect(),
        owners: BTreeMap::new(),
    };
    for label in 0..labels.len() {
        matching.find_letter(label, &mut Vec::new());
    }
    let places: BTreeMap<usize, usize> =
        matching.owners.values().map(|&(label, place)| (label, place)).collect();
    let is_free = |letter: &char| !TAKEN.contains(*letter) && !matching.owners.contains_key(letter);
    let mut free = ('a'..='z').filter(is_free);
    let mut marked = |(k, label): (usize, &&str)| match places.get(&k) {
        Some(&place) => format!("{}_{}", &label[..place], &label[place..]),
        None if has_other_letters(label) => match free.next() {
            Some(letter) => format!("{label}(_{})", letter.to_ascii_uppercase()),
            None => (*label).to_owned(),
        },
        None => (*label).to_owned(),
    };
    labels.iter().enumerate().map(&mut marked).collect()
}

/// Whether its letters are none that a key has.
fn has_other_letters(label: &str) -> bool {
    label.contains(char::is_alphabetic) && !label.contains(|c: char| c.is_ascii_alphabetic())
}

/// The letters that a label may take, the best first, with their places.
fn letters(label: &str) -> Vec<(char, usize)> {
    let begins_word = |place: usize| !label[..place].ends_with(char::is_alphanumeric);
    let mut letters: Vec<_> = label
        .char_indices()
        .map(|(place, letter)| (letter.to_ascii_lowercase(), place))
        .filter(|(letter, _)| letter.is_ascii_lowercase() && !TAKEN.contains(*letter))
        .collect();
    letters.sort_by_key(|(_, place)| !begins_word(*place));
    letters
}

/// Labels and letters, matched by augmenting paths.
struct Matching {
    letters: Vec<Vec<(char, usize)>>,
    /// Each taken letter's label, and its place there.
    owners: BTreeMap<char, (usize, usize)>,
}

impl Matching {
    /// Finds a letter for `label`, for which others may have to take another one.
    fn find_letter(&mut self, label: usize, tried: &mut Vec<char>) -> bool {
        for (letter, place) in self.letters[label].clone() {
            if tried.contains(&letter) {
                continue;
            }
            tried.push(letter);
            let owner = self.owners.get(&letter).copied();
            if owner.is_none_or(|(owner, _)| self.find_letter(owner, tried)) {
                self.owners.insert(letter, (label, place));
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_labels_get_the_same_letter() {
        assert_eq!(mark(&["Style", "Keep it", "Kit"]), ["S_tyle", "Keep _it", "_Kit"]);
    }

    #[test]
    fn a_label_gives_way_where_another_has_no_choice() {
        assert_eq!(mark(&["ae", "a"]), ["a_e", "_a"]);
    }

    #[test]
    fn other_scripts_get_letters_in_parentheses() {
        assert_eq!(mark(&["强度", "A", "粒度", "5"]), ["强度(_B)", "_A", "粒度(_D)", "5"]);
    }

    #[test]
    fn a_label_without_a_free_letter_stays() {
        assert_eq!(mark(&["cross", "é a", "a", ""]), ["cross", "é _a", "a", ""]);
    }
}
