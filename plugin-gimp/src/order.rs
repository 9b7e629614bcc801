//! What a call asks for, read from its arguments.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use impasto_client::{Engine, EngineOptions, Library, Result, Run, SettingKind, Settings, Style};

use crate::arguments::{
    DEVICE, MIX, NO_STYLE, SECOND_STYLE, SECOND_STYLE_FILE, STYLE, STYLE_FILE, STYLE_LAYER,
    settings,
};
use crate::ffi::Config;
use crate::picture::{Picture, shrink};

/// A good length of a style layer's longer side: strokes that are finer cannot be painted.
pub const LONGEST_STYLE_SIDE: u32 = 2048;

/// What a call asks for. It holds all that is needed, so that it can go to another thread.
#[derive(Debug, Clone)]
pub struct Order {
    /// One style or two.
    pub style: StyleChoice,
    /// The values of the engine's settings.
    pub settings: Settings,
    /// What paints.
    pub device: String,
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

impl Order {
    /// Reads the values of a call's arguments. A style layer's longer side is read with `longest`
    /// pixels at most.
    ///
    /// # Errors
    /// Words for a style layer that cannot be read, or a text that is no value of its setting.
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
            settings: values(config, library).map_err(|error| error.to_string())?,
            device: config.text(DEVICE),
        })
    }

    /// An engine on the chosen device. Nothing is loaded yet.
    ///
    /// # Errors
    /// `Argument` for a device that there cannot be.
    pub fn engine(&self, library: Library) -> Result<Engine> {
        let device = Some(self.device.trim()).filter(|device| !device.is_empty());
        let device = device.map(str::to_owned);
        Engine::new(&library, &EngineOptions { device, ..EngineOptions::default() })
    }

    /// The settings for a preview, cut short where the painting would take minutes.
    ///
    /// # Errors
    /// Only for a defect in the library.
    pub fn preview_settings(&self) -> Result<Settings> {
        let mut settings = self.settings.clone();
        let changes = match settings.text("method")? {
            "optimize" => &PREVIEW[..],
            "studio" => &STUDIO_PREVIEW,
            _ => &[],
        };
        for (name, text) in changes {
            settings.set_text(name, text)?;
        }
        Ok(settings)
    }
}

/// Settings with which the optimise method shows in seconds what it would paint.
const PREVIEW: [(&str, &str); 3] = [("schedule", ""), ("resolution", "192"), ("iterations", "60")];

/// The same for the studio method: its composition at the first size.
const STUDIO_PREVIEW: [(&str, &str); 1] = [("schedule", "128:40")];

fn values(config: &Config, library: &Library) -> Result<Settings> {
    let mut values = Settings::new(library)?;
    for setting in settings(library) {
        let name = setting.name;
        match setting.kind {
            SettingKind::Float { .. } | SettingKind::Integer { .. } => {
                values.set_number(name, setting.nearest(config.number(name)))?;
            }
            SettingKind::Choice { .. } => values.set_choice(name, &config.text(name))?,
            SettingKind::Text { .. } => values.set_text(name, config.text(name).trim())?,
            // A kind of a newer library: its default is used.
            _ => {}
        }
    }
    Ok(values)
}

impl StyleChoice {
    /// The styles, mixed if there are two.
    ///
    /// # Errors
    /// `Style`, `Picture` or `File` for what cannot be used, `Cancelled`.
    pub fn style<'r>(&self, engine: &Engine, run: impl Fn() -> Run<'r>) -> Result<Style> {
        let first = self.first.style(engine, run())?;
        match &self.second {
            None => Ok(first),
            Some((second, share)) => {
                let second = second.style(engine, run())?;
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
    fn style(&self, engine: &Engine, run: Run<'_>) -> Result<Style> {
        match self {
            Self::Named(name) => Style::from_name(engine, name),
            Self::File(path) => Style::from_file(engine, path, run),
            Self::Layer(picture, name) => {
                Style::from_pixels(engine, &picture.view()?, Some(name), run)
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
