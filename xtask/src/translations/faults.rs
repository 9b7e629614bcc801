//! What is amiss in a catalogue.

use polib::catalog::Catalog;

/// Ends of texts that all languages have, and how they are written elsewhere.
const ENDS: [(&str, &[&str]); 4] =
    [("...", &["...", "…"]), (".", &[".", "。"]), (":", &[":", "：", " :"]), (")", &[")", "）"])];

/// Each fault in words.
pub fn find(catalogue: &Catalog) -> Vec<String> {
    let messages = catalogue.messages();
    let found = messages.filter_map(|message| {
        let translation = message.msgstr().unwrap_or_default();
        let fault = match message.is_fuzzy() {
            true => Some("is marked as fuzzy"),
            false => fault(message.msgid(), translation),
        };
        fault.map(|fault| format!("'{}' {fault}: '{translation}'", message.msgid()))
    });
    found.collect()
}

fn fault(text: &str, translation: &str) -> Option<&'static str> {
    if translation.is_empty() {
        return Some("is not translated");
    }
    if translation.trim() != translation && text.trim() == text {
        return Some("begins or ends with other spaces");
    }
    if placeholders(text) != placeholders(translation) {
        return Some("has other placeholders");
    }
    if text.matches('_').count() != translation.matches('_').count() {
        return Some("has another letter for Alt, or none");
    }
    // A letter for Alt in parentheses follows words without Latin letters.
    let is_marked = |text: &str| text.contains("(_");
    if !is_marked(translation) && end(text) != end(translation) {
        return Some("ends in another way");
    }
    None
}

fn placeholders(text: &str) -> Vec<&str> {
    let named = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    let mut found: Vec<_> = named.map(|(name, _)| name).collect();
    found.extend(text.matches("%s"));
    found.sort_unstable();
    found
}

fn end(text: &str) -> Option<&'static str> {
    let known = ENDS.iter().find(|(_, written)| written.iter().any(|end| text.ends_with(end)));
    known.map(|(end, _)| *end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_a_fault() {
        assert_eq!(fault("The layer '%s'.", "Die Ebene „%s“."), None);
        assert_eq!(fault("{a} of {b}", "{b} / {a}"), None);
        assert_eq!(fault("_Cancel", "取消(_C)"), None);
        assert_eq!(fault("_Paint...", "描く(_P)..."), None);
        assert_eq!(fault("Look.", "外观。"), None);
        for (text, translation) in [
            ("Look", ""),
            ("Look", " Aussehen"),
            ("Look", "Aussehen."),
            ("Look.", "Aussehen"),
            ("_Look", "Aussehen"),
            ("%s left", "noch"),
            ("{a} of {b}", "{a} von {c}"),
        ] {
            assert!(fault(text, translation).is_some(), "{text}: {translation}");
        }
    }
}
