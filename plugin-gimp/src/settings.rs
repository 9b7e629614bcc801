//! What a call asks for, read from its arguments.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use impasto_client::{
    Cancel, Engine, EngineOptions, Library, Log, LogLevel, PaintOptions, ParameterKind, Style,
};

use crate::arguments::{
    DEVICE, MIX, NEW_LAYER, NO_STYLE, OUTPUT, SECOND_STYLE, SECOND_STYLE_FILE, STYLE, STYLE_FILE,
    STYLE_LAYER, parameters,
};
use crate::ffi::Config;
use crate::picture::{Picture, shrink};

/// A good length of a style layer's longer side: strokes that are finer cannot be painted.
pub const LONGEST_STYLE_SIDE: u32 = 2048;

/// What a call asks for. It holds all that is needed, so that it can go to another thread.
#[derive(Debug, Clone)]
pub struct Settings {
    /// One style or two.
    pub style: StyleChoice,
    /// Values of the engine's parameters, as [`PaintOptions::set`] takes them.
    pub values: Vec<(&'static str, f64)>,
    /// What paints.
    pub device: String,
    /// Whether the painting is a new layer.
    pub is_new_layer: bool,
}

/// One style, or two by the second's share.
#[derive(Debug, Clone)]
pub struct StyleChoice {
    first: Source,
    second: Option<(Source, f32)>,
}

/// Where a style comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// The engine knows it by name.
    Named(String),
    /// A picture file, or a saved style.
    File(PathBuf),
    /// A layer's pixels and its name.
    Layer(Arc<Picture>, String),
}

impl Settings {
    /// Reads the values of a call's arguments. A style layer's longer side is read with `longest`
    /// pixels at most.
    ///
    /// # Errors
    /// Words for a style layer that cannot be read.
    pub fn read(config: &Config, library: &Library, longest: u32) -> Result<Self, String> {
        let layer = match config.drawable(STYLE_LAYER) {
            Some(layer) => {
                let picture = Picture::of_layer(&layer, shrink(layer.whole(), longest))?;
                Some(Source::Layer(Arc::new(picture), layer.name()))
            }
            None => None,
        };
        let file = |name| config.file(name).map(Source::File);
        let first = layer.or_else(|| file(STYLE_FILE));
        let first = first.unwrap_or_else(|| Source::Named(config.text(STYLE)));
        let named =
            || Some(config.text(SECOND_STYLE)).filter(|name| !["", NO_STYLE].contains(&&**name));
        let second = file(SECOND_STYLE_FILE).or_else(|| named().map(Source::Named));
        let share = config.number(MIX) as f32;
        Ok(Self {
            style: StyleChoice { first, second: second.map(|second| (second, share)) },
            values: values(config, library),
            device: config.text(DEVICE),
            is_new_layer: config.text(OUTPUT) == NEW_LAYER,
        })
    }

    /// An engine on the chosen device. Nothing is loaded yet.
    ///
    /// # Errors
    /// `Argument` for a device that there cannot be.
    pub fn engine(&self, library: Library) -> impasto_client::Result<Engine> {
        let say = |_, message: &str| eprintln!("impasto-gimp: {message}");
        let device = Some(self.device.trim()).filter(|device| !device.is_empty());
        let options = EngineOptions {
            device: device.map(str::to_owned),
            log: Some(Log::new(LogLevel::Warning, say)),
            ..EngineOptions::default()
        };
        Engine::new(&library, &options)
    }

    /// The values in the engine's terms.
    ///
    /// # Errors
    /// `Argument` for a value outside its range.
    pub fn options(&self, library: &Library) -> impasto_client::Result<PaintOptions> {
        let mut options = PaintOptions::new(library)?;
        for &(name, value) in &self.values {
            options.set(name, value)?;
        }
        Ok(options)
    }

    /// As [`Settings::options`], cut short for a preview where the painting would take minutes.
    ///
    /// # Errors
    /// `Argument` for a value outside its range.
    pub fn preview_options(&self, library: &Library) -> impasto_client::Result<PaintOptions> {
        let mut options = self.options(library)?;
        if self.values.iter().any(|&(name, value)| name == "method" && value > 0.0) {
            for (name, value) in PREVIEW {
                options.set(name, value)?;
            }
        }
        Ok(options)
    }
}

/// Settings with which the optimise method shows in seconds what it would paint.
const PREVIEW: [(&str, f64); 2] = [("resolution", 192.0), ("iterations", 60.0)];

fn values(config: &Config, library: &Library) -> Vec<(&'static str, f64)> {
    let value = |name: &str, kind: &ParameterKind| match kind {
        ParameterKind::Float { .. } | ParameterKind::Integer { .. } => Some(config.number(name)),
        ParameterKind::Choice { choices, .. } => {
            let chosen = config.text(name);
            let place = choices.iter().position(|choice| choice.name == chosen)?;
            Some(place as f64)
        }
        _ => None,
    };
    let parameters = parameters(library).into_iter();
    parameters.filter_map(|p| Some((p.name, value(p.name, &p.kind)?))).collect()
}

impl StyleChoice {
    /// The styles, mixed if there are two.
    ///
    /// # Errors
    /// `Style`, `Picture` or `File` for what cannot be used, `Cancelled`.
    pub fn style(&self, engine: &Engine, cancel: Option<&Cancel>) -> impasto_client::Result<Style> {
        let first = self.first.style(engine, cancel)?;
        match &self.second {
            None => Ok(first),
            Some((second, share)) => {
                let second = second.style(engine, cancel)?;
                Style::mix(&[(&first, 1.0 - share), (&second, *share)])
            }
        }
    }

    /// What a layer in the style is called.
    pub fn title(&self, engine: &Engine) -> String {
        let first = self.first.title(engine);
        match &self.second {
            Some((second, share)) if *share > 0.0 => {
                format!("{first} + {}", second.title(engine))
            }
            _ => first,
        }
    }

    /// The files that it was taken from.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let both = [Some(&self.first), self.second.as_ref().map(|(second, _)| second)];
        both.into_iter().flatten().filter_map(|source| match source {
            Source::File(path) => Some(path.as_path()),
            Source::Named(_) | Source::Layer(..) => None,
        })
    }
}

impl Source {
    fn style(&self, engine: &Engine, cancel: Option<&Cancel>) -> impasto_client::Result<Style> {
        match self {
            Self::Named(name) => Style::from_name(engine, name),
            Self::File(path) => Style::from_file(engine, path, cancel),
            Self::Layer(picture, name) => {
                Style::from_pixels(engine, &picture.view()?, Some(name), cancel)
            }
        }
    }

    fn title(&self, engine: &Engine) -> String {
        match self {
            Self::Named(name) => {
                let entries = engine.styles().unwrap_or_default();
                let entry = entries.into_iter().find(|entry| entry.name == *name);
                let title = entry.map(|entry| entry.title).filter(|title| !title.is_empty());
                title.unwrap_or_else(|| name.clone())
            }
            Self::File(path) => path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            Self::Layer(_, name) => name.clone(),
        }
    }
}
