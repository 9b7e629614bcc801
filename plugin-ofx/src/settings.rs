//! The values of the controls at a time, within their ranges.

use std::cell::RefCell;
use std::ffi::CStr;
use std::num::NonZeroU64;
use std::path::PathBuf;

use impasto_client::{Setting, SettingKind};

use crate::color::InputColor;
use crate::controls::{self, DEVICES, INPUTS, LOOKS, script_name};
use crate::engine;
use crate::failure::Failure;
use crate::host::{Effect, ParameterSet};
use crate::look;
use crate::style_choice::{self, StyleChoice};

/// What the frames share.
#[derive(Debug, Clone, PartialEq)]
pub enum LookChoice {
    Own,
    Frame(f64),
    /// The distance in frames at which a frame counts for 1/e.
    Smoothed(f64),
    Picture(PathBuf),
}

const OPACITY: &str = "opacity";

/// A value of one of the engine's settings.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of a choice its place.
    Number(f64),
    Text(String),
}

#[derive(Debug, Clone)]
pub struct Settings {
    /// Why nothing can be painted: a choice that this version does not have.
    pub unknown: Option<String>,
    /// What was set and cannot be, with what is done instead.
    pub note: Option<String>,
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
    pub fn at(effect: Effect, time: f64) -> Self {
        let set = effect.parameters();
        let values = Values { set, time, unknown: RefCell::default() };
        let input = match values.choice(controls::INPUT, INPUTS.len(), 0) {
            1 => InputColor::Srgb,
            2 => InputColor::Linear,
            _ => InputColor::ByHost,
        };
        let megabytes = values.integer(controls::MEMORY, 0).clamp(0, controls::MOST_MEMORY);
        let painting: Vec<_> = engine::settings()
            .iter()
            .filter_map(|setting| Some((setting.name, values.setting(setting)?)))
            .collect();
        // Other methods have no look.
        let mut look = if values.method().is_fast() { values.look() } else { LookChoice::Own };
        let mut note = None;
        if let LookChoice::Frame(frame) = &mut look {
            let nearest = look::nearest_frame(effect, *frame);
            if nearest != *frame {
                note = Some(format!(
                    "the look is locked to frame {nearest}: the shot has no frame {frame}. Choose \
                     another, or press 'Use this frame'"
                ));
                *frame = nearest;
            }
        }
        let steady = values.integer(controls::STEADY, controls::DEFAULT_STEADY);
        let device = DEVICES[values.choice(controls::DEVICE, DEVICES.len(), 0)].0;
        Self {
            style: style_choice::FIRST.choice(set, time),
            second_style: style_choice::SECOND.choice(set, time),
            mix: values.double(controls::STYLE_MIX, 0.5).clamp(0.0, 1.0),
            painting,
            input,
            steady: if look == LookChoice::Own {
                0
            } else {
                steady.clamp(0, controls::MOST_STEADY)
            },
            look,
            device,
            memory: NonZeroU64::new(megabytes as u64 * 1_000_000),
            unknown: values.unknown.into_inner(),
            note,
        }
    }

    /// Whether nothing is painted: the painting is invisible.
    pub fn is_invisible(&self) -> bool {
        self.opacity() <= 0.0
    }

    /// How much of the painting covers the picture, 0 to 1.
    pub fn opacity(&self) -> f64 {
        self.number(OPACITY).unwrap_or(1.0)
    }

    /// The engine's settings but the opacity, which neither looks nor what is painted depends on:
    /// with it animated, they stay the same.
    pub fn without_opacity(&self) -> impl Iterator<Item = &(&'static str, Value)> {
        self.painting.iter().filter(|(name, _)| *name != OPACITY)
    }

    /// The value of one of the engine's settings that is a number or a choice.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.painting.iter().find_map(|(known, value)| match value {
            Value::Number(value) if *known == name => Some(*value),
            _ => None,
        })
    }

    /// The engine's settings for a painting; one that `is_opaque` is blended afterwards.
    pub fn for_painting(&self, is_opaque: bool) -> Result<impasto_client::Settings, Failure> {
        let mut settings = impasto_client::Settings::new(&engine::library()?)?;
        for (name, value) in &self.painting {
            match value {
                Value::Number(value) => settings.set_number(name, *value)?,
                Value::Text(text) => settings.set_text(name, text)?,
            }
        }
        if is_opaque {
            settings.set_number(OPACITY, 1.0)?;
        }
        Ok(settings)
    }
}

/// Whether paintings go quicker in the order of frames: neighbours are kept.
pub fn prefers_order(set: ParameterSet) -> bool {
    let values = Values { set: Some(set), time: 0.0, unknown: RefCell::default() };
    let look = values.choice(controls::LOOK, LOOKS.len(), 0);
    let steady = values.integer(controls::STEADY, controls::DEFAULT_STEADY);
    values.method().is_fast() && look != 0 && (look == 2 || steady > 0)
}

/// Which controls have an effect.
pub fn used(set: ParameterSet) -> Vec<(&'static CStr, bool)> {
    let values = Values { set: Some(set), time: 0.0, unknown: RefCell::default() };
    let method = values.method();
    let look = values.choice(controls::LOOK, LOOKS.len(), 0);
    let has_look = |place| method.is_fast() && look == place;
    let mut used = vec![
        (controls::STYLE_FILE, style_choice::FIRST.is_file(set)),
        (controls::SECOND_STYLE_FILE, style_choice::SECOND.is_file(set)),
        (controls::STYLE_MIX, !style_choice::SECOND.is_none(set)),
        (controls::LOOK, method.is_fast()),
        (controls::LOOK_FRAME, has_look(1)),
        (controls::USE_FRAME, has_look(1)),
        (controls::LOOK_FRAMES, has_look(2)),
        (controls::LOOK_FILE, has_look(3)),
        (controls::STEADY, method.is_fast() && look != 0),
    ];
    let settings = engine::settings().iter();
    used.extend(settings.map(|setting| (script_name(setting), method.has(setting))));
    used
}

/// The name of a method, as the engine calls it.
#[derive(Clone, Copy)]
struct Method(&'static str);

impl Method {
    fn is_fast(self) -> bool {
        self.0 == "fast"
    }

    fn has(self, setting: &Setting) -> bool {
        match self.0 {
            "optimize" => setting.methods.optimize,
            "studio" => setting.methods.studio,
            _ => setting.methods.fast,
        }
    }
}

struct Values {
    set: Option<ParameterSet>,
    time: f64,
    /// Words for the first choice that this version does not have.
    unknown: RefCell<Option<String>>,
}

impl Values {
    fn double(&self, name: &CStr, default: f64) -> f64 {
        self.set.and_then(|set| set.double(name, self.time)).unwrap_or(default)
    }

    fn integer(&self, name: &CStr, default: i32) -> i32 {
        self.set.and_then(|set| set.integer(name, self.time)).unwrap_or(default)
    }

    /// A place below `count`; another is noted, and is the default.
    fn choice(&self, name: &CStr, count: usize, default: usize) -> usize {
        let told = self.integer(name, default as i32);
        let place = usize::try_from(told).ok().filter(|&place| place < count);
        if place.is_none() {
            self.unknown.borrow_mut().get_or_insert_with(|| {
                let name = name.to_string_lossy();
                format!(
                    "cannot paint: this version of Impasto has no choice {told} of {name}. Choose \
                     another, or install the version that the project was made with"
                )
            });
        }
        place.unwrap_or(default)
    }

    fn method(&self) -> Method {
        let setting = engine::settings().iter().find(|setting| setting.name == "method");
        let choices = setting.and_then(|setting| match &setting.kind {
            SettingKind::Choice { choices, default } => Some((choices, *default)),
            _ => None,
        });
        Method(choices.map_or("fast", |(choices, default)| {
            choices[self.choice(c"method", choices.len(), default)].name
        }))
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

    fn look(&self) -> LookChoice {
        match self.choice(controls::LOOK, LOOKS.len(), 0) {
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
