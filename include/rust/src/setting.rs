//! The settings of a painting, for hosts that build their controls from them.

/// A setting: its name, words for people, and its values.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Setting {
    /// What programs call it: `brush-size`.
    pub name: &'static str,
    /// What a control is labelled with: "Brush size".
    pub label: &'static str,
    /// One or two sentences for people.
    pub help: &'static str,
    /// What its numbers count: "pixels", "steps", "seconds"; empty for bare numbers and words.
    pub unit: &'static str,
    /// The default as text, as [`Settings::set_text`](crate::Settings::set_text) takes it.
    pub default_text: &'static str,
    /// The methods that have it.
    pub methods: Methods,
    /// Where hosts offer it.
    pub place: Place,
    /// Its values.
    pub kind: SettingKind,
}

/// The methods that have a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Methods {
    /// The fast method.
    pub fast: bool,
    /// The optimise method.
    pub optimize: bool,
}

/// Where hosts offer a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Among the first controls.
    Front,
    /// Among controls that few need.
    Advanced,
    /// In programs that call the engine for one picture after another: it names files, or what
    /// becomes of long work. Editors that hold the picture themselves leave it out.
    Programs,
}

/// The values of a setting.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SettingKind {
    /// A number.
    Float {
        /// Least value.
        least: f64,
        /// Greatest value.
        most: f64,
        /// Value when not set.
        default: f64,
        /// A useful change at a press of an arrow key.
        step: f64,
        /// What 0 stands for, where it lies outside the range and may be set, too: "follows the
        /// picture".
        zero: Option<&'static str>,
    },
    /// A whole number.
    Integer {
        /// Least value.
        least: i64,
        /// Greatest value.
        most: i64,
        /// Value when not set.
        default: i64,
        /// What 0 stands for, where it lies outside the range and may be set, too: "follows the
        /// preset".
        zero: Option<&'static str>,
    },
    /// One of several words; as a number it is its place, from 0.
    Choice {
        /// What can be chosen.
        choices: Vec<Choice>,
        /// The place of the one when not set.
        default: usize,
    },
    /// A text.
    Text {
        /// Value when not set; may be empty.
        default: &'static str,
        /// How it is written: `SIDE:STEPS,...`.
        form: &'static str,
        /// What an empty text stands for: "follows the preset"; `None` where it is the default.
        empty: Option<&'static str>,
    },
}

/// One of the words of a [`SettingKind::Choice`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// What programs call it.
    pub name: &'static str,
    /// What a control shows.
    pub label: &'static str,
}
