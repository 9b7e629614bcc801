//! The settings of a painting, described once: every face builds its controls from this table.

use crate::canvas::KeepColor;
use crate::error::{Error, ErrorKind, Result};
use crate::fast::FastOptions;
use crate::optimize::OptimizeOptions;

/// A setting: its name, words for people, and its values.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// What programs call it: `brush-size`.
    pub name: &'static str,
    /// What a control is labelled with: "Brush size".
    pub label: &'static str,
    /// One or two sentences for people.
    pub help: &'static str,
    /// The methods that have it.
    pub methods: Methods,
    /// Its values.
    pub kind: ParameterKind,
}

/// The methods that have a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Methods {
    /// The fast method.
    pub fast: bool,
    /// The optimise method.
    pub optimize: bool,
}

const FAST: Methods = Methods { fast: true, optimize: false };
const OPTIMIZE: Methods = Methods { fast: false, optimize: true };
const BOTH: Methods = Methods { fast: true, optimize: true };

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

/// All settings, in the order in which controls should stand.
pub const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "method",
        label: "Method",
        help: "fast paints with a network, in seconds; optimize works on the picture itself, for \
               minutes or hours, with the best quality.",
        methods: BOTH,
        kind: ParameterKind::Choice {
            values: &[("fast", "Fast"), ("optimize", "Optimise")],
            default: 0,
        },
    },
    Parameter {
        name: "preset",
        label: "Preset",
        help: "How large and how long is optimised: draft up to 512 pixels, normal up to 1024, \
               fine at the picture's own size.",
        methods: OPTIMIZE,
        kind: ParameterKind::Choice {
            values: &[("draft", "Draft"), ("normal", "Normal"), ("fine", "Fine")],
            default: 1,
        },
    },
    Parameter {
        name: "content-weight",
        label: "Content weight",
        help: "How much the photograph's content counts.",
        methods: OPTIMIZE,
        kind: ParameterKind::Float { least: 0.0, most: 1e6, default: 1.0, step: 0.1 },
    },
    Parameter {
        name: "style-weight",
        label: "Style weight",
        help: "How much the style counts: 3 keeps nearly a photograph, 300 nearly dissolves it.",
        methods: OPTIMIZE,
        kind: ParameterKind::Float { least: 0.0, most: 1e6, default: 30.0, step: 5.0 },
    },
    Parameter {
        name: "strength",
        label: "Strength",
        help: "How far the painting leaves the photograph: 0 is gentle, 1 is strong.",
        methods: FAST,
        kind: fraction(0.7),
    },
    Parameter {
        name: "grain",
        label: "Grain",
        help: "Which of the style's marks are used: 0 is fine grain, 1 is broad strokes.",
        methods: FAST,
        kind: fraction(0.5),
    },
    Parameter {
        name: "brush-size",
        label: "Brush size",
        help: "Size of the strokes in pixels, relative to those that the network learned. 0 \
               follows the picture: large pictures then look like small ones, only sharper.",
        methods: FAST,
        kind: ParameterKind::Float { least: 0.0, most: 32.0, default: 0.0, step: 0.5 },
    },
    Parameter {
        name: "detail",
        label: "Detail",
        help: "How much of the photograph's fine detail lies over strokes that are larger than 1.",
        methods: BOTH,
        kind: fraction(0.5),
    },
    Parameter {
        name: "turbulence",
        label: "Turbulence",
        help: "Swirling strokes, most of all where the photograph is flat, such as in a sky.",
        methods: FAST,
        kind: fraction(0.3),
    },
    Parameter {
        name: "style-scale",
        label: "Style scale",
        help: "The style picture's size relative to the photograph's: less makes strokes smaller.",
        methods: OPTIMIZE,
        kind: ParameterKind::Float { least: 0.1, most: 4.0, default: 1.0, step: 0.1 },
    },
    Parameter {
        name: "iterations",
        label: "Iterations",
        help: "Steps in all, shared between the sizes from coarse to fine; 0 follows the preset.",
        methods: OPTIMIZE,
        kind: ParameterKind::Integer { least: 0, most: 100_000, default: 0 },
    },
    Parameter {
        name: "resolution",
        label: "Resolution",
        help: "The longest side that is optimised; larger pictures get their fine detail laid over \
               the enlarged painting. 0 follows the preset.",
        methods: OPTIMIZE,
        kind: ParameterKind::Integer { least: 0, most: 30_000, default: 0 },
    },
    Parameter {
        name: "tv-weight",
        label: "Smoothness",
        help: "How much neighbouring pixels are drawn together (total variation).",
        methods: OPTIMIZE,
        kind: ParameterKind::Float { least: 0.0, most: 1e6, default: 1.0, step: 0.5 },
    },
    Parameter {
        name: "start",
        label: "Start from",
        help: "What the optimisation starts from.",
        methods: OPTIMIZE,
        kind: ParameterKind::Choice {
            values: &[("content", "The photograph"), ("noise", "Noise")],
            default: 0,
        },
    },
    Parameter {
        name: "optimizer",
        label: "Optimiser",
        help: "Adam is steady; L-BFGS goes further in the same steps, with more memory.",
        methods: OPTIMIZE,
        kind: ParameterKind::Choice {
            values: &[("adam", "Adam"), ("lbfgs", "L-BFGS")],
            default: 0,
        },
    },
    Parameter {
        name: "pooling",
        label: "Pooling",
        help: "How the feature network halves its picture: max is crisper, average smoother.",
        methods: OPTIMIZE,
        kind: ParameterKind::Choice {
            values: &[("max", "Maximum"), ("average", "Average")],
            default: 0,
        },
    },
    Parameter {
        name: "averaging",
        label: "Averaging",
        help: "Whether the result is the mean of the last pictures, which is less noisy than the \
               very last.",
        methods: OPTIMIZE,
        kind: ParameterKind::Choice { values: &[("off", "Off"), ("on", "On")], default: 0 },
    },
    Parameter {
        name: "seed",
        label: "Seed",
        help: "Another number makes other swirls, or other noise to start from.",
        methods: BOTH,
        kind: ParameterKind::Integer { least: 0, most: u32::MAX as i64, default: 0 },
    },
    Parameter {
        name: "keep-color",
        label: "Keep colours",
        help: "Whether the photograph's colours stay: only the luminance is painted, or the \
               painting's colours are moved to the photograph's.",
        methods: BOTH,
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
        methods: BOTH,
        kind: fraction(1.0),
    },
];

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

/// A field of some options that holds a setting.
pub(crate) enum Field<'a> {
    /// A number.
    Float(&'a mut f32),
    /// A whole number.
    Integer(&'a mut u64),
    /// One of several values.
    Choice(&'a mut dyn Choice),
}

/// A type whose values stand in the order of a [`ParameterKind::Choice`].
pub(crate) trait Choice {
    /// The place of the present value.
    fn place(&self) -> usize;

    /// Takes the value at a place that the table has.
    fn choose(&mut self, place: usize);
}

/// Makes an enum a [`Choice`]: its values in the table's order.
macro_rules! choice {
    ($type:ident: $($value:ident),+) => {
        impl crate::parameters::Choice for $type {
            fn place(&self) -> usize {
                [$(Self::$value),+].iter().position(|value| value == self).unwrap_or(0)
            }

            fn choose(&mut self, place: usize) {
                if let Some(value) = [$(Self::$value),+].into_iter().nth(place) {
                    *self = value;
                }
            }
        }
    };
}
pub(crate) use choice;

choice!(KeepColor: None, Luminance, Match);

/// Options with a field for each of their settings.
pub(crate) trait Fields: Clone {
    /// The field of the setting called `name`.
    fn field(&mut self, name: &str) -> Option<Field<'_>>;

    /// Sets the setting called `name`.
    fn set_value(&mut self, name: &str, value: Value) -> Result<()> {
        let parameter = find(name).ok_or_else(|| unknown(name))?;
        match (self.field(name), parameter.check(value, &value.text())?) {
            (Some(Field::Float(field)), Value::Float(v)) => *field = v as f32,
            (Some(Field::Integer(field)), Value::Integer(v)) => *field = v as u64,
            (Some(Field::Choice(field)), Value::Choice(v)) => field.choose(v),
            _ => return Err(unknown(name)),
        }
        Ok(())
    }

    /// The value of the setting called `name`.
    fn value(&self, name: &str) -> Option<Value> {
        Some(match self.clone().field(name)? {
            Field::Float(v) => Value::Float((*v).into()),
            Field::Integer(v) => Value::Integer(*v as i64),
            Field::Choice(v) => Value::Choice(v.place()),
        })
    }

    /// Refuses values outside the ranges of [`PARAMETERS`].
    fn check_values(&self) -> Result<()> {
        for parameter in PARAMETERS {
            if let Some(value) = self.value(parameter.name) {
                parameter.check(value, &value.text())?;
            }
        }
        Ok(())
    }
}

impl Value {
    fn text(self) -> String {
        match self {
            Self::Float(v) => v.to_string(),
            Self::Integer(v) => v.to_string(),
            Self::Choice(v) => v.to_string(),
        }
    }
}

fn unknown(name: &str) -> Error {
    Error::new(ErrorKind::Argument, format!("there is no setting called '{name}'"))
}

/// The settings of a painting: which method, and what each is told.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// Which method paints.
    pub method: Method,
    /// What the fast method is told.
    pub fast: FastOptions,
    /// What the optimise method is told.
    pub optimize: OptimizeOptions,
}

/// Which method paints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// One network for any style: a fraction of a second.
    #[default]
    Fast,
    /// The picture itself is optimised: minutes.
    Optimize,
}

choice!(Method: Fast, Optimize);

impl Settings {
    /// Sets the setting called `name`, for every method that has it.
    ///
    /// # Errors
    /// `Argument` for an unknown name or a value outside the range.
    pub fn set(&mut self, name: &str, value: Value) -> Result<()> {
        let parameter = find(name).ok_or_else(|| unknown(name))?;
        if name == "method" {
            if let Value::Choice(place) = parameter.check(value, &value.text())? {
                self.method.choose(place);
            }
            return Ok(());
        }
        if parameter.methods.fast {
            self.fast.set_value(name, value)?;
        }
        if parameter.methods.optimize {
            self.optimize.set_value(name, value)?;
        }
        Ok(())
    }

    /// The value of the setting called `name`.
    pub fn get(&self, name: &str) -> Option<Value> {
        if name == "method" {
            return Some(Value::Choice(self.method.place()));
        }
        self.fast.value(name).or_else(|| self.optimize.value(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_the_options_agree() {
        let defaults = Settings::default();
        for parameter in PARAMETERS {
            let near = match (defaults.get(parameter.name), parameter.default()) {
                (Some(Value::Float(a)), Value::Float(b)) => (a - b).abs() < 1e-6,
                (a, b) => a == Some(b),
            };
            assert!(near, "{}", parameter.name);
            let mut options = Settings::default();
            options.set(parameter.name, parameter.default()).unwrap();
            assert_eq!(options, defaults);
        }
        assert!(defaults.fast.check_values().is_ok() && defaults.optimize.check_values().is_ok());
    }

    #[test]
    fn values_outside_are_refused_in_words() {
        let mut options = Settings::default();
        assert!(options.set("strength", Value::Float(1.5)).is_err());
        assert!(options.set("strength", Value::Integer(1)).is_err());
        assert!(options.set("strenght", Value::Float(0.5)).is_err());
        options.fast.opacity = f32::NAN;
        assert!(options.fast.check_values().is_err());
        let refused = find("keep-color").unwrap().parse("all").unwrap_err();
        assert!(refused.to_string().contains("none, luminance, match"));
    }
}
