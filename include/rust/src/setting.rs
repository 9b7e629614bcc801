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

impl Setting {
    /// The ends of a control for a number: from the least value, or from 0 where that may be set,
    /// too. `None` for choices and texts.
    pub fn range(&self) -> Option<[f64; 2]> {
        let (least, most, zero) = self.numbers()?;
        Some([if zero { least.min(0.0) } else { least }, most])
    }

    /// What a control for a number sets where it stands at `value`, wherever that is: the nearest
    /// value in the range. Nothing above 0 is taken for 0 where that has a meaning of its own.
    pub fn nearest(&self, value: f64) -> f64 {
        match self.numbers() {
            Some((_, _, true)) if value <= 0.0 => 0.0,
            Some((least, most, _)) => value.clamp(least, most),
            None => value,
        }
    }

    /// Least, most, and whether 0 may be set besides.
    fn numbers(&self) -> Option<(f64, f64, bool)> {
        match self.kind {
            SettingKind::Float { least, most, zero, .. } => Some((least, most, zero.is_some())),
            SettingKind::Integer { least, most, zero, .. } => {
                Some((least as f64, most as f64, zero.is_some()))
            }
            SettingKind::Choice { .. } | SettingKind::Text { .. } => None,
        }
    }
}

/// The methods that have a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Methods {
    /// The fast method.
    pub fast: bool,
    /// The optimise method.
    pub optimize: bool,
    /// The studio method.
    pub studio: bool,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn number(zero: Option<&'static str>) -> Setting {
        Setting {
            name: "brush-size",
            label: "Brush size",
            help: "",
            unit: "pixels",
            default_text: "1",
            methods: Methods { fast: true, optimize: false, studio: true },
            place: Place::Front,
            kind: SettingKind::Float { least: 0.25, most: 32.0, default: 1.0, step: 0.5, zero },
        }
    }

    #[test]
    fn controls_stay_within_the_range() {
        let plain = number(None);
        assert_eq!(plain.range(), Some([0.25, 32.0]));
        assert_eq!(
            [-1.0, 0.0, 0.1, 7.5, 99.0].map(|v| plain.nearest(v)),
            [0.25, 0.25, 0.25, 7.5, 32.0]
        );
    }

    #[test]
    fn a_zero_with_a_meaning_stands_alone() {
        let automatic = number(Some("follows the picture"));
        assert_eq!(automatic.range(), Some([0.0, 32.0]));
        assert_eq!(
            [-1.0, 0.0, 0.1, 7.5, 99.0].map(|v| automatic.nearest(v)),
            [0.0, 0.0, 0.25, 7.5, 32.0]
        );
    }
}
