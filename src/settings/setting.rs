//! A setting: its name, words for people, its values, and where it is kept.

use super::field::Field;
use super::values::{Method, Settings};
use crate::error::{Error, ErrorKind, Result};

/// A setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// What programs call it: `brush-size`.
    pub name: &'static str,
    /// What a control is labelled with: "Brush size".
    pub label: &'static str,
    /// One or two sentences for people.
    pub help: &'static str,
    /// What its numbers count: "pixels", "steps", "seconds"; empty for bare numbers and words.
    pub unit: &'static str,
    /// The methods that have it.
    pub methods: Methods,
    /// Where faces offer it.
    pub place: Place,
    /// Its values.
    pub kind: Kind,
    /// Where its value is kept.
    pub(super) field: fn(&mut Settings) -> Field<'_>,
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

impl Methods {
    /// Whether a method has the setting.
    pub fn has(&self, method: Method) -> bool {
        match method {
            Method::Fast => self.fast,
            Method::Optimize => self.optimize,
            Method::Studio => self.studio,
        }
    }
}

/// Where faces offer a setting.
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
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A number.
    Float {
        /// Least value.
        least: f64,
        /// Greatest value.
        most: f64,
        /// A useful change at a press of an arrow key.
        step: f64,
        /// What 0 stands for, where that lies outside the range and may be set, too: "follows the
        /// picture".
        zero: Option<&'static str>,
    },
    /// A whole number.
    Integer {
        /// Least value.
        least: i64,
        /// Greatest value.
        most: i64,
        /// As of [`Kind::Float`].
        zero: Option<&'static str>,
    },
    /// One of several words: each value's name and label.
    Choice(&'static [(&'static str, &'static str)]),
    /// A text.
    Text {
        /// How it is written: "SIDE:STEPS,...".
        form: &'static str,
        /// What an empty text stands for: "follows the preset"; `None` where it is the default.
        empty: Option<&'static str>,
    },
}

/// A value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of a [`Kind::Float`].
    Float(f64),
    /// Of a [`Kind::Integer`].
    Integer(i64),
    /// Of a [`Kind::Choice`], by its place.
    Choice(usize),
    /// Of a [`Kind::Text`].
    Text(String),
}

impl Value {
    /// As a number, of a choice its place; `None` of a text.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Float(value) => Some(*value),
            Self::Integer(value) => Some(*value as f64),
            Self::Choice(place) => Some(*place as f64),
            Self::Text(_) => None,
        }
    }
}

impl Setting {
    /// The value when not set.
    pub fn default(&self) -> Value {
        self.value_in(&Settings::default())
    }

    /// The value in some settings.
    pub(crate) fn value_in(&self, settings: &Settings) -> Value {
        match (self.field)(&mut settings.clone()) {
            // By way of its shortest text: 0.7 is 0.7 again.
            Field::Float(v) => Value::Float(v.to_string().parse().unwrap_or(f64::from(*v))),
            Field::Integer(v) => Value::Integer(i64::try_from(*v).unwrap_or(i64::MAX)),
            Field::Choice(v) => Value::Choice(v.place()),
            Field::Text(v) => Value::Text(v.text()),
        }
    }

    /// The value that a text stands for: a number, the name of a choice, the text itself.
    ///
    /// # Errors
    /// `Argument` for what is no value of this setting.
    pub fn parse(&self, text: &str) -> Result<Value> {
        let value = match self.kind {
            Kind::Float { .. } => text.trim().parse().ok().map(Value::Float),
            Kind::Integer { .. } => text.trim().parse().ok().map(Value::Integer),
            Kind::Choice(values) => {
                values.iter().position(|(name, _)| *name == text).map(Value::Choice)
            }
            Kind::Text { .. } => Some(Value::Text(text.to_owned())),
        };
        value.filter(|value| self.holds(value)).ok_or_else(|| self.refuse(text))
    }

    /// The text that stands for a value; see [`Setting::parse`].
    pub fn text_of(&self, value: &Value) -> String {
        match (self.kind, value) {
            (Kind::Choice(values), Value::Choice(place)) => {
                values.get(*place).map_or_else(|| place.to_string(), |(name, _)| (*name).to_owned())
            }
            (_, Value::Float(v)) => v.to_string(),
            (_, Value::Integer(v)) => v.to_string(),
            (_, Value::Choice(v)) => v.to_string(),
            (_, Value::Text(v)) => v.clone(),
        }
    }

    /// The values that may be set, for people: "0.25 to 32, or 0: follows the picture".
    pub fn range(&self) -> String {
        let with_zero = |range: String, zero: Option<&str>| match zero {
            Some(meaning) => format!("{range}, or 0: {meaning}"),
            None => range,
        };
        match self.kind {
            Kind::Float { least, most, zero, .. } => with_zero(format!("{least} to {most}"), zero),
            Kind::Integer { least, most, zero } => with_zero(format!("{least} to {most}"), zero),
            Kind::Choice(values) => {
                values.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
            }
            Kind::Text { form, empty } => match empty {
                Some(meaning) => format!("{form}, or nothing: {meaning}"),
                None => form.to_owned(),
            },
        }
    }

    /// Whether a value lies in the range.
    pub(super) fn holds(&self, value: &Value) -> bool {
        match (self.kind, value) {
            (Kind::Float { least, most, zero, .. }, Value::Float(v)) => {
                (least..=most).contains(v) || zero.is_some() && *v == 0.0
            }
            (Kind::Integer { least, most, zero }, Value::Integer(v)) => {
                (least..=most).contains(v) || zero.is_some() && *v == 0
            }
            (Kind::Choice(values), Value::Choice(place)) => *place < values.len(),
            (Kind::Text { .. }, Value::Text(_)) => true,
            _ => false,
        }
    }

    /// The error of a value that is none of this setting's.
    pub(super) fn refuse(&self, given: &str) -> Error {
        let kind = match self.kind {
            Kind::Float { .. } => "it is a number",
            Kind::Integer { .. } => "it is a whole number",
            Kind::Choice(_) => "it is one of",
            Kind::Text { .. } => "it is written",
        };
        let from = if matches!(self.kind, Kind::Float { .. } | Kind::Integer { .. }) {
            "from "
        } else {
            ""
        };
        let what = format!("cannot set {} to '{given}': {kind} {from}{}", self.name, self.range());
        Error::new(ErrorKind::Argument, what)
    }
}
