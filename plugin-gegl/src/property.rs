//! The operation's properties: styles and the engine's settings.

use crate::table::{SETTINGS, STYLES};
use crate::words::msgid;

/// A property: its name, words for people in English, and its values.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// As scripts call it: `brush-size`.
    pub name: &'static str,
    /// The label of its control.
    pub label: &'static str,
    /// A sentence or two.
    pub help: &'static str,
    /// Its values.
    pub kind: Kind,
}

/// The values of a [`Property`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A number.
    Float {
        /// Least value.
        least: f64,
        /// Greatest value.
        most: f64,
        /// Value when not set.
        default: f64,
    },
    /// A whole number.
    Integer {
        /// Least value.
        least: i32,
        /// Greatest value.
        most: i32,
        /// Value when not set.
        default: i32,
    },
    /// Any number from 0, for chance.
    Seed,
    /// One of several words.
    Choice {
        /// Words, and what a control shows for them.
        choices: &'static [(&'static str, &'static str)],
        /// The word when not set.
        default: &'static str,
    },
    /// A text.
    Text {
        /// Value when not set.
        default: &'static str,
    },
    /// The path of a file; empty for none.
    File,
}

/// A style by name.
pub const STYLE: &str = "style";
/// A style of the user's own, by name.
pub const OWN_STYLE: &str = "own-style";
/// A style picture.
pub const STYLE_FILE: &str = "style-file";
/// A style by name that is mixed in.
pub const SECOND_STYLE: &str = "second-style";
/// A style of the user's own that is mixed in.
pub const SECOND_OWN_STYLE: &str = "second-own-style";
/// A style picture that is mixed in.
pub const SECOND_STYLE_FILE: &str = "second-style-file";
/// The second style's share.
pub const MIX: &str = "mix";
/// Of [`SECOND_STYLE`]: none is mixed in.
pub const NO_STYLE: &str = "none";

const DEFAULT_STYLE: &str = "great-wave";

const OWN: [Property; 7] = [
    Property {
        name: STYLE,
        label: msgid("Style"),
        help: msgid("A style that comes with Impasto."),
        kind: Kind::Choice { choices: STYLES.split_at(1).1, default: DEFAULT_STYLE },
    },
    Property {
        name: OWN_STYLE,
        label: msgid("Own style"),
        help: msgid("The name of a style of your own. It goes before the one above."),
        kind: Kind::Text { default: "" },
    },
    Property {
        name: STYLE_FILE,
        label: msgid("Style file"),
        help: msgid("A picture whose style is taken. It goes before both above."),
        kind: Kind::File,
    },
    Property {
        name: SECOND_STYLE,
        label: msgid("Second style"),
        help: msgid("A style that is mixed in, or none."),
        kind: Kind::Choice { choices: STYLES, default: NO_STYLE },
    },
    Property {
        name: SECOND_OWN_STYLE,
        label: msgid("Second own style"),
        help: msgid("The name of a style of your own that is mixed in."),
        kind: Kind::Text { default: "" },
    },
    Property {
        name: SECOND_STYLE_FILE,
        label: msgid("Second file"),
        help: msgid("A picture whose style is mixed in."),
        kind: Kind::File,
    },
    Property {
        name: MIX,
        label: msgid("Mix"),
        help: msgid("The second style's share: 0 is the first style alone, 1 the second alone."),
        kind: Kind::Float { least: 0.0, most: 1.0, default: 0.5 },
    },
];

/// All properties, in the order in which controls stand.
pub fn all() -> impl Iterator<Item = &'static Property> {
    OWN.iter().chain(SETTINGS)
}

/// The property called `name`.
pub fn find(name: &str) -> Option<&'static Property> {
    all().find(|property| property.name == name)
}

impl Property {
    /// The value when not set.
    pub fn default_value(&self) -> Value {
        match self.kind {
            Kind::Float { default, .. } => Value::Float(default),
            Kind::Integer { default, .. } => Value::Integer(default.into()),
            Kind::Seed => Value::Integer(0),
            Kind::Choice { default, .. } | Kind::Text { default } => Value::Text(default.into()),
            Kind::File => Value::Text(String::new()),
        }
    }
}

/// The value of a property.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of a number.
    Float(f64),
    /// Of a whole number or a seed.
    Integer(i64),
    /// Of a choice, a text or a file.
    Text(String),
}

impl Value {
    /// As the engine reads it. Images keep numbers in single precision: the value is the same before
    /// and after.
    pub fn to_text(&self) -> String {
        match self {
            Self::Float(number) => (*number as f32).to_string(),
            Self::Integer(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// The number by which GEGL and the files of images know one of a choice's words: it depends on the
/// word alone, so that it holds when others come or go.
pub fn number_of(word: &str) -> i32 {
    let hash = xxhash_rust::xxh3::xxh3_64(word.as_bytes());
    i32::try_from(hash & 0x7fff_ffff).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_those_that_gegl_takes_and_differ() {
        let mut seen = HashSet::new();
        for Property { name, label, .. } in all() {
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{name}");
            assert!(!name.contains("--") && !label.is_empty(), "{name}");
            assert!(!["input", "output", "aux"].contains(name), "{name} is a pad's name");
            assert!(seen.insert(name), "{name} is there twice");
        }
    }

    #[test]
    fn defaults_are_among_the_values() {
        for Property { name, kind, .. } in all() {
            let is_among = match *kind {
                Kind::Float { least, most, default } => least <= default && default <= most,
                Kind::Integer { least, most, default } => least <= default && default <= most,
                Kind::Choice { choices, default } => choices.iter().any(|(c, _)| *c == default),
                Kind::Seed | Kind::Text { .. } | Kind::File => true,
            };
            assert!(is_among, "{name}");
        }
    }

    #[test]
    fn numbers_of_words_never_change_and_do_not_clash() {
        assert_eq!(number_of("great-wave"), 2_054_865_962);
        for Property { name, kind, .. } in all() {
            if let Kind::Choice { choices, .. } = kind {
                let numbers: HashSet<_> = choices.iter().map(|(word, _)| number_of(word)).collect();
                assert_eq!(numbers.len(), choices.len(), "{name}");
            }
        }
    }

    #[test]
    fn numbers_survive_single_precision() {
        assert_eq!(Value::Float(0.7).to_text(), "0.7");
        assert_eq!(Value::Float(f64::from(0.7_f32)).to_text(), "0.7");
    }
}
