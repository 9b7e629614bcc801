//! The parameters of a painting, for hosts that build their controls from them.

/// A parameter: its name, words for people, and its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// What programs call it: `brush-size`.
    pub name: &'static str,
    /// What a control is labelled with: "Brush size".
    pub label: &'static str,
    /// One or two sentences for people.
    pub help: &'static str,
    /// Its values.
    pub kind: ParameterKind,
    /// Whether the fast method has it.
    pub is_fast: bool,
    /// Whether the optimise method has it.
    pub is_optimize: bool,
}

/// The values of a parameter.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ParameterKind {
    /// A number. A kind that only a newer library knows is told as this one.
    Float {
        /// Least value.
        least: f64,
        /// Greatest value.
        most: f64,
        /// Value when not set.
        default: f64,
        /// A useful change at a press of an arrow key.
        step: f64,
    },
    /// A whole number.
    Integer {
        /// Least value.
        least: i64,
        /// Greatest value.
        most: i64,
        /// Value when not set.
        default: i64,
    },
    /// One of several words; its value is its place, from 0.
    Choice {
        /// What can be chosen.
        choices: Vec<Choice>,
        /// The place of the one when not set.
        default: usize,
    },
}

/// One of the words of a [`ParameterKind::Choice`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// What programs call it.
    pub name: &'static str,
    /// What a control shows.
    pub label: &'static str,
}
