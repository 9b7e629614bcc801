//! The values of the controls at a time, within their ranges.

use std::ffi::CStr;
use std::num::NonZeroU64;
use std::path::PathBuf;

use impasto_client::{Setting, SettingKind};

use crate::color::InputColor;
use crate::controls::{self, DEVICES, STYLES_BEFORE, script_name};
use crate::engine;
use crate::failure::Failure;
use crate::host::ParameterSet;

/// A style as a person chose it.
#[derive(Debug, Clone, PartialEq)]
pub enum StyleChoice {
    None,
    Named(&'static str),
    File(PathBuf),
}

/// What the frames share.
#[derive(Debug, Clone, PartialEq)]
pub enum LookChoice {
    Own,
    Frame(f64),
    /// The distance in frames at which a frame counts for 1/e.
    Smoothed(f64),
    Picture(PathBuf),
}

/// A value of one of the engine's settings.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of a choice its place.
    Number(f64),
    Text(String),
}

#[derive(Debug, Clone)]
pub struct Settings {
    pub style: StyleChoice,
    pub second_style: StyleChoice,
    /// 0 for the first style alone to 1 for the second.
    pub mix: f64,
    /// Names and values of the engine's settings.
    pub painting: Vec<(&'static str, Value)>,
    pub input: InputColor,
    pub look: LookChoice,
    /// How many frames to each side steady a painting; 0 where frames share nothing.
    pub steady: i32,
    pub device: &'static str,
    /// Bytes.
    pub memory: Option<NonZeroU64>,
}

impl Settings {
    /// What the host does not tell has its default.
    pub fn at(set: Option<ParameterSet>, time: f64) -> Self {
        let values = Values { set, time };
        let input = match values.choice(controls::INPUT, 3, 0) {
            1 => InputColor::Srgb,
            2 => InputColor::Linear,
            _ => InputColor::ByHost,
        };
        let megabytes = values.integer(controls::MEMORY, 0).clamp(0, controls::MOST_MEMORY);
        let look = values.look();
        let steady = values.integer(controls::STEADY, controls::DEFAULT_STEADY);
        Self {
            style: values.style(controls::STYLE, controls::STYLE_FILE),
            second_style: values.style(controls::SECOND_STYLE, controls::SECOND_STYLE_FILE),
            mix: values.double(controls::STYLE_MIX, 0.5).clamp(0.0, 1.0),
            painting: engine::settings()
                .iter()
                .filter_map(|setting| Some((setting.name, values.setting(setting)?)))
                .collect(),
            input,
            steady: if look == LookChoice::Own {
                0
            } else {
                steady.clamp(0, controls::MOST_STEADY)
            },
            look,
            device: DEVICES[values.choice(controls::DEVICE, DEVICES.len(), 0)].0,
            memory: NonZeroU64::new(megabytes as u64 * 1_000_000),
        }
    }

    /// Whether nothing is painted: the painting is invisible.
    pub fn is_invisible(&self) -> bool {
        self.number("opacity").is_some_and(|opacity| opacity <= 0.0)
    }

    /// The value of one of the engine's settings that is a number or a choice.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.painting.iter().find_map(|(known, value)| match value {
            Value::Number(value) if *known == name => Some(*value),
            _ => None,
        })
    }

    /// The engine's settings for a painting.
    pub fn for_painting(&self) -> Result<impasto_client::Settings, Failure> {
        let mut settings = impasto_client::Settings::new(&engine::library()?)?;
        for (name, value) in &self.painting {
            match value {
                Value::Number(value) => settings.set_number(name, *value)?,
                Value::Text(text) => settings.set_text(name, text)?,
            }
        }
        Ok(settings)
    }
}

/// Which controls have an effect.
pub fn used(set: ParameterSet) -> Vec<(&'static CStr, bool)> {
    let values = Values { set: Some(set), time: 0.0 };
    let style = |name| values.choice(name, usize::MAX, 0);
    let look = values.choice(controls::LOOK, 4, 0);
    vec![
        (controls::STYLE_FILE, style(controls::STYLE) == 1),
        (controls::SECOND_STYLE_FILE, style(controls::SECOND_STYLE) == 1),
        (controls::STYLE_MIX, style(controls::SECOND_STYLE) != 0),
        (controls::LOOK_FRAME, look == 1),
        (controls::LOOK_FRAMES, look == 2),
        (controls::LOOK_FILE, look == 3),
        (controls::STEADY, look != 0),
    ]
}

struct Values {
    set: Option<ParameterSet>,
    time: f64,
}

impl Values {
    fn double(&self, name: &CStr, default: f64) -> f64 {
        self.set.and_then(|set| set.double(name, self.time)).unwrap_or(default)
    }

    fn integer(&self, name: &CStr, default: i32) -> i32 {
        self.set.and_then(|set| set.integer(name, self.time)).unwrap_or(default)
    }

    /// A place below `count`.
    fn choice(&self, name: &CStr, count: usize, default: usize) -> usize {
        let told = usize::try_from(self.integer(name, default as i32)).ok();
        told.filter(|&place| place < count).unwrap_or(default)
    }

    /// Without spaces around it; `None` for nothing.
    fn text(&self, name: &CStr) -> Option<String> {
        let text = self.set.and_then(|set| set.string(name, self.time))?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn file(&self, name: &CStr) -> Option<PathBuf> {
        self.text(name).map(PathBuf::from)
    }

    /// The value of a setting of the engine.
    fn setting(&self, setting: &Setting) -> Option<Value> {
        let name = script_name(setting);
        Some(match &setting.kind {
            SettingKind::Float { default, .. } => {
                Value::Number(setting.nearest(self.double(name, *default)))
            }
            SettingKind::Integer { default, .. } => {
                let told = self.integer(name, *default as i32);
                Value::Number(setting.nearest(told.into()))
            }
            SettingKind::Choice { choices, default } => {
                Value::Number(self.choice(name, choices.len(), *default) as f64)
            }
            SettingKind::Text { default, .. } => {
                Value::Text(self.text(name).unwrap_or_else(|| (*default).to_owned()))
            }
            _ => return None,
        })
    }

    fn style(&self, name: &CStr, file: &CStr) -> StyleChoice {
        let styles = engine::styles();
        let default = if name == controls::STYLE { controls::first_style() } else { 0 };
        match self.choice(name, STYLES_BEFORE.len() + styles.len(), default) {
            0 => StyleChoice::None,
            1 => self.file(file).map_or(StyleChoice::None, StyleChoice::File),
            place => StyleChoice::Named(&styles[place - STYLES_BEFORE.len()].name),
        }
    }

    fn look(&self) -> LookChoice {
        match self.choice(controls::LOOK, 4, 0) {
            1 => LookChoice::Frame(self.integer(controls::LOOK_FRAME, 1).into()),
            2 => {
                let frames = self.double(controls::LOOK_FRAMES, controls::DEFAULT_LOOK_FRAMES);
                LookChoice::Smoothed(frames.clamp(0.5, controls::MOST_LOOK_FRAMES))
            }
            3 => LookChoice::Picture(self.file(controls::LOOK_FILE).unwrap_or_default()),
            _ => LookChoice::Own,
        }
    }
}
