//! Settings set and read by their names.

use super::field::Field;
use super::setting::{Setting, Value};
use super::table::{SETTINGS, find};
use super::values::Settings;
use crate::error::{Error, ErrorKind, Result};

impl Settings {
    /// Sets the setting called `name`.
    ///
    /// # Errors
    /// `Argument` for an unknown name or a value outside the range; nothing is changed then.
    pub fn set(&mut self, name: &str, value: Value) -> Result<()> {
        let setting = known(name)?;
        let given = setting.text_of(&value);
        if !setting.holds(&value) {
            return Err(setting.refuse(&given));
        }
        // An empty text stands for the default, as one that is left out.
        let value = match value {
            Value::Text(text) if text.is_empty() => setting.default(),
            other => other,
        };
        match ((setting.field)(self), value) {
            (Field::Float(field), Value::Float(v)) => *field = v as f32,
            (Field::Integer(field), Value::Integer(v)) => *field = v as u64,
            (Field::Choice(field), Value::Choice(place)) => field.choose(place),
            (Field::Text(field), Value::Text(text)) => field.read(&text).map_err(|e| {
                Error::caused(ErrorKind::Argument, format!("cannot set {name} to '{given}'"), e)
            })?,
            _ => return Err(setting.refuse(&given)),
        }
        Ok(())
    }

    /// Sets the setting called `name` to what a text stands for; see [`Setting::parse`].
    ///
    /// # Errors
    /// As [`Settings::set`].
    pub fn set_text(&mut self, name: &str, text: &str) -> Result<()> {
        let value = known(name)?.parse(text)?;
        self.set(name, value)
    }

    /// The value of the setting called `name`; `None` where there is none.
    pub fn get(&self, name: &str) -> Option<Value> {
        Some(find(name)?.value_in(self))
    }

    /// Refuses values outside the ranges of [`SETTINGS`].
    pub(crate) fn check(&self) -> Result<()> {
        let outside = SETTINGS.iter().map(|setting| (setting, setting.value_in(self)));
        match outside.into_iter().find(|(setting, value)| !setting.holds(value)) {
            Some((setting, value)) => Err(setting.refuse(&setting.text_of(&value))),
            None => Ok(()),
        }
    }
}

fn known(name: &str) -> Result<&'static Setting> {
    find(name).ok_or_else(|| {
        let names: Vec<_> = SETTINGS.iter().map(|setting| setting.name).collect();
        let what = format!("there is no setting called '{name}'; there are {}", names.join(", "));
        Error::new(ErrorKind::Argument, what)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Kind;

    #[test]
    fn every_setting_keeps_what_it_is_given() {
        for setting in SETTINGS {
            let mut settings = Settings::default();
            settings.set(setting.name, setting.default()).unwrap();
            assert_eq!(settings, Settings::default(), "{}", setting.name);
            let others = match setting.kind {
                Kind::Float { least, most, .. } => vec![Value::Float(least), Value::Float(most)],
                Kind::Integer { least, most, .. } => {
                    vec![Value::Integer(least), Value::Integer(most)]
                }
                Kind::Choice(values) => (0..values.len()).map(Value::Choice).collect(),
                Kind::Text { .. } => vec![setting.default()],
            };
            for other in others {
                settings.set(setting.name, other.clone()).unwrap();
                assert_eq!(settings.get(setting.name), Some(other.clone()), "{}", setting.name);
                assert_eq!(setting.parse(&setting.text_of(&other)).unwrap(), other);
                settings.check().unwrap();
            }
        }
    }

    #[test]
    fn texts_are_read_and_written() {
        let mut settings = Settings::default();
        for (name, text) in [
            ("schedule", "128:200,512:100"),
            ("content-layers", "block4_conv2,block5_conv2:0.5"),
            ("style-layers", "block1_conv1"),
            ("features", "vgg19"),
            ("checkpoint", "work.state"),
            ("preset", "fine"),
            ("strength", "0.1"),
        ] {
            settings.set_text(name, text).unwrap();
            let setting = find(name).unwrap();
            assert_eq!(setting.text_of(&settings.get(name).unwrap()), text);
        }
        let default = Settings::default();
        for name in ["schedule", "content-layers", "features", "checkpoint"] {
            settings.set_text(name, "").unwrap();
            assert_eq!(settings.get(name), default.get(name), "{name}");
        }
        for (name, wrong) in
            [("schedule", "128"), ("style-layers", "block9_conv1"), ("features-", "x")]
        {
            assert!(settings.set_text(name, wrong).is_err(), "{name}");
        }
    }

    #[test]
    fn values_outside_are_refused_in_words() {
        let mut settings = Settings::default();
        assert!(settings.set("strength", Value::Float(1.5)).is_err());
        assert!(settings.set("strength", Value::Integer(1)).is_err());
        assert!(settings.set("seed", Value::Integer(-1)).is_err());
        let unknown = settings.set("strenght", Value::Float(0.5)).unwrap_err().to_string();
        assert!(unknown.contains("strength"), "{unknown}");
        // What is promised is what is taken: 0, or 0.25 and more.
        for (size, is_taken) in [(0.0, true), (0.1, false), (0.25, true), (32.0, true)] {
            assert_eq!(settings.set("brush-size", Value::Float(size)).is_ok(), is_taken, "{size}");
        }
        let words = settings.set("brush-size", Value::Float(0.1)).unwrap_err().to_string();
        assert!(words.contains("'0.1'") && words.contains("0.25 to 32, or 0"), "{words}");
        settings.finishing.opacity = f32::NAN;
        assert!(settings.check().is_err());
        let refused = find("keep-color").unwrap().parse("all").unwrap_err();
        assert!(refused.to_string().contains("none, luminance, match"));
    }
}
