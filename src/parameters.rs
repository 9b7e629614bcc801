//! The settings of a painting, described once: every face builds its controls from this table.

use crate::error::{Error, ErrorKind, Result};
use crate::fast::{FastOptions, KeepColor};

/// A setting: its name, words for people, and its values.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// What programs call it: `brush-size`.
    pub name: &'static str,
    /// What a control is labelled with: "Brush size".
    pub label: &'static str,
    /// One or two sentences for people.
    pub help: &'static str,
    /// Its values.
    pub kind: ParameterKind,
}

/// The values of a setting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ParameterKind {
    /// A number; `step` is what one press of an arrow key should change.
    Float {
        /// Least value.
        least: f64,
        /// Greatest value.
        most: f64,
        /// Value when not set.
        default: f64,
        /// A useful change.
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
    /// One of several words.
    Choice {
        /// Each value's name and label.
        values: &'static [(&'static str, &'static str)],
        /// The value when not set, by its place.
        default: usize,
    },
}

/// A value of a setting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// Of a [`ParameterKind::Float`].
    Float(f64),
    /// Of a [`ParameterKind::Integer`].
    Integer(i64),
    /// Of a [`ParameterKind::Choice`], by its place.
    Choice(usize),
}

const fn fraction(default: f64) -> ParameterKind {
    ParameterKind::Float { least: 0.0, most: 1.0, default, step: 0.05 }
}

/// All settings of the fast method, in the order in which controls should stand.
pub const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "strength",
        label: "Strength",
        help: "How far the painting leaves the photograph: 0 is gentle, 1 is strong.",
        kind: fraction(0.7),
    },
    Parameter {
        name: "grain",
        label: "Grain",
        help: "Which of the style's marks are used: 0 is fine grain, 1 is broad strokes.",
        kind: fraction(0.5),
    },
    Parameter {
        name: "brush-size",
        label: "Brush size",
        help: "Size of the strokes in pixels, relative to those that the network learned. 0 \
               follows the picture: large pictures then look like small ones, only sharper.",
        kind: ParameterKind::Float { least: 0.0, most: 32.0, default: 0.0, step: 0.5 },
    },
    Parameter {
        name: "detail",
        label: "Detail",
        help: "How much of the photograph's fine detail lies over strokes that are larger than 1.",
        kind: fraction(0.5),
    },
    Parameter {
        name: "turbulence",
        label: "Turbulence",
        help: "Swirling strokes, most of all where the photograph is flat, such as in a sky.",
        kind: fraction(0.3),
    },
    Parameter {
        name: "seed",
        label: "Seed",
        help: "Another number makes other swirls.",
        kind: ParameterKind::Integer { least: 0, most: u32::MAX as i64, default: 0 },
    },
    Parameter {
        name: "keep-color",
        label: "Keep colours",
        help: "Whether the photograph's colours stay: only the luminance is painted, or the \
               painting's colours are moved to the photograph's.",
        kind: ParameterKind::Choice {
            values: &[
                ("none", "The style's colours"),
                ("luminance", "Paint only luminance"),
                ("match", "Match the photograph"),
            ],
            default: 0,
        },
    },
    Parameter {
        name: "opacity",
        label: "Opacity",
        help: "How much of the painting covers the photograph.",
        kind: fraction(1.0),
    },
];

const KEEP_COLOR: [KeepColor; 3] = [KeepColor::None, KeepColor::Luminance, KeepColor::Match];

/// The setting called `name`.
pub fn find(name: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|parameter| parameter.name == name)
}

impl Parameter {
    /// The value when not set.
    pub fn default(&self) -> Value {
        match self.kind {
            ParameterKind::Float { default, .. } => Value::Float(default),
            ParameterKind::Integer { default, .. } => Value::Integer(default),
            ParameterKind::Choice { default, .. } => Value::Choice(default),
        }
    }

    /// Reads a value from text.
    ///
    /// # Errors
    /// `Argument` for what is no value of this setting.
    pub fn parse(&self, text: &str) -> Result<Value> {
        let value = match self.kind {
            ParameterKind::Float { .. } => text.parse().ok().map(Value::Float),
            ParameterKind::Integer { .. } => text.parse().ok().map(Value::Integer),
            ParameterKind::Choice { values, .. } => {
                values.iter().position(|(name, _)| *name == text).map(Value::Choice)
            }
        };
        value.ok_or_else(|| self.refuse(text)).and_then(|value| self.check(value, text))
    }

    fn check(&self, value: Value, text: &str) -> Result<Value> {
        let fits = match (self.kind, value) {
            (ParameterKind::Float { least, most, .. }, Value::Float(v)) => {
                (least..=most).contains(&v)
            }
            (ParameterKind::Integer { least, most, .. }, Value::Integer(v)) => {
                (least..=most).contains(&v)
            }
            (ParameterKind::Choice { values, .. }, Value::Choice(v)) => v < values.len(),
            _ => false,
        };
        if fits { Ok(value) } else { Err(self.refuse(text)) }
    }

    fn refuse(&self, text: &str) -> Error {
        let range = match self.kind {
            ParameterKind::Float { least, most, .. } => {
                format!("it is a number from {least} to {most}")
            }
            ParameterKind::Integer { least, most, .. } => {
                format!("it is a whole number from {least} to {most}")
            }
            ParameterKind::Choice { values, .. } => {
                let names: Vec<_> = values.iter().map(|(name, _)| *name).collect();
                format!("it is one of {}", names.join(", "))
            }
        };
        let what = format!("cannot set {} to '{text}': {range}", self.name);
        Error::new(ErrorKind::Argument, what)
    }
}

impl FastOptions {
    /// Sets the setting called `name`.
    ///
    /// # Errors
    /// `Argument` for an unknown name or a value outside the range.
    pub fn set(&mut self, name: &str, value: Value) -> Result<()> {
        let parameter = find(name).ok_or_else(|| {
            Error::new(ErrorKind::Argument, format!("there is no setting called '{name}'"))
        })?;
        match (name, parameter.check(value, &format!("{value:?}"))?) {
            ("strength", Value::Float(v)) => self.strength = v as f32,
            ("grain", Value::Float(v)) => self.grain = v as f32,
            ("brush-size", Value::Float(v)) => self.brush_size = v as f32,
            ("detail", Value::Float(v)) => self.detail = v as f32,
            ("turbulence", Value::Float(v)) => self.turbulence = v as f32,
            ("seed", Value::Integer(v)) => self.seed = v as u64,
            ("keep-color", Value::Choice(v)) => self.keep_color = KEEP_COLOR[v],
            ("opacity", Value::Float(v)) => self.opacity = v as f32,
            _ => return Err(parameter.refuse(&format!("{value:?}"))),
        }
        Ok(())
    }

    /// The value of the setting called `name`.
    pub fn get(&self, name: &str) -> Option<Value> {
        Some(match name {
            "strength" => Value::Float(self.strength.into()),
            "grain" => Value::Float(self.grain.into()),
            "brush-size" => Value::Float(self.brush_size.into()),
            "detail" => Value::Float(self.detail.into()),
            "turbulence" => Value::Float(self.turbulence.into()),
            "seed" => Value::Integer(self.seed as i64),
            "keep-color" => {
                Value::Choice(KEEP_COLOR.iter().position(|keep| *keep == self.keep_color)?)
            }
            "opacity" => Value::Float(self.opacity.into()),
            _ => return None,
        })
    }

    /// Refuses values outside the ranges of [`PARAMETERS`].
    pub(crate) fn check(&self) -> Result<()> {
        for parameter in PARAMETERS {
            if let Some(value) = self.get(parameter.name) {
                let text = match value {
                    Value::Float(v) => v.to_string(),
                    Value::Integer(v) => v.to_string(),
                    Value::Choice(v) => v.to_string(),
                };
                parameter.check(value, &text)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_the_options_agree() {
        let defaults = FastOptions::default();
        for parameter in PARAMETERS {
            let near = match (defaults.get(parameter.name), parameter.default()) {
                (Some(Value::Float(a)), Value::Float(b)) => (a - b).abs() < 1e-6,
                (a, b) => a == Some(b),
            };
            assert!(near, "{}", parameter.name);
            let mut options = FastOptions::default();
            options.set(parameter.name, parameter.default()).unwrap();
            assert_eq!(options, defaults);
        }
        assert!(defaults.check().is_ok());
    }

    #[test]
    fn values_outside_are_refused_in_words() {
        let mut options = FastOptions::default();
        assert!(options.set("strength", Value::Float(1.5)).is_err());
        assert!(options.set("strength", Value::Integer(1)).is_err());
        assert!(options.set("strenght", Value::Float(0.5)).is_err());
        options.opacity = f32::NAN;
        assert!(options.check().is_err());
        let refused = find("keep-color").unwrap().parse("all").unwrap_err();
        assert!(refused.to_string().contains("none, luminance, match"));
    }
}
