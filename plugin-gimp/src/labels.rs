//! What controls are labelled with, in the user's language, with the letters that reach them.

use std::collections::BTreeMap;

use impasto_client::{Place, Setting};

use crate::arguments::{DEVICE, MIX, OUTPUT, OWN, SECOND_STYLE, SOURCE};
use crate::mnemonics::mark;
use crate::words::{msgid, tr};

/// The dialog's buttons, which no arguments have. Those first in the list have the first choice of
/// letters.
pub const SPLIT: &str = msgid("Split");
pub const BEFORE: &str = msgid("Before");
pub const ON_MY_LAYER: &str = msgid("On My Layer");
pub const SURPRISE: &str = msgid("Surprise Me");
pub const STYLES: &str = msgid("Style");
pub const MORE_LOOK: &str = msgid("More of the look");
pub const MORE_METHOD: &str = msgid("More of the method");
const BUTTONS: [&str; 7] = [SPLIT, BEFORE, STYLES, ON_MY_LAYER, SURPRISE, MORE_LOOK, MORE_METHOD];

/// Our own arguments that have controls; the gallery stands for others.
const SHOWN: [&str; 5] = [SECOND_STYLE, MIX, SOURCE, OUTPUT, DEVICE];

/// Labels by their English words, which no two controls share.
pub struct Labels(BTreeMap<&'static str, String>);

impl Labels {
    /// Of buttons, our own arguments and the engine's settings. Where letters run out, controls
    /// that few need go without.
    pub fn new(settings: &[Setting]) -> Self {
        let mut settings: Vec<_> = settings.iter().collect();
        settings.sort_by_key(|setting| setting.place != Place::Front);
        let own = OWN.iter().filter(|(name, ..)| SHOWN.contains(name)).map(|(_, label, _)| *label);
        let settings = settings.into_iter().map(|setting| setting.label);
        let mut words: Vec<&'static str> = Vec::new();
        for label in BUTTONS.into_iter().chain(own).chain(settings) {
            if !words.contains(&label) {
                words.push(label);
            }
        }
        let translated: Vec<_> = words.iter().map(|label| tr(label)).collect();
        let marked = mark(&translated.iter().map(String::as_str).collect::<Vec<_>>());
        Self(words.into_iter().zip(marked).collect())
    }

    /// The label that is `word` in English, with `_` before its letter if it has one.
    pub fn of(&self, word: &str) -> String {
        self.0.get(word).cloned().unwrap_or_else(|| tr(word))
    }
}
