//! What a call asks for, read from its arguments.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use impasto_client::{
    Engine, EngineOptions, Library, Result as Made, Run, SettingKind, Settings, Style,
};

use crate::arguments::{
    DEVICE, MIX, NO_STYLE, SECOND_STYLE, SECOND_STYLE_FILE, SECOND_STYLE_LAYER, STYLE, STYLE_FILE,
    STYLE_LAYER, settings,
};
use crate::ffi::{Config, Drawable};
use crate::installation;
use crate::kept_style;
use crate::picture::{Picture, shrink};
use crate::target::with_effects;
use crate::words::{tr, tr_with};

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
#[derive(Debug, Clone, PartialEq)]
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
        let first = picture_of(config, STYLE_LAYER, STYLE_FILE, longest)?;
        let first = first.unwrap_or_else(|| Source::Named(config.text(STYLE)));
        let named =
            || Some(config.text(SECOND_STYLE)).filter(|name| !["", NO_STYLE].contains(&&**name));
        let second = picture_of(config, SECOND_STYLE_LAYER, SECOND_STYLE_FILE, longest)?;
        let second = second.or_else(|| named().map(Source::Named));
        let share = config.number(MIX) as f32;
        Ok(Self {
            style: StyleChoice { first, second: second.map(|second| (second, share)) },
            settings: values(config, library).map_err(|error| installation::words(&error))?,
            device: config.text(DEVICE),
        })
    }

    /// An engine on the chosen device. Nothing is loaded yet.
    ///
    /// # Errors
    /// `Argument` for a device that there cannot be.
    pub fn engine(&self, library: Library) -> Made<Engine> {
        let device = Some(self.device.trim()).filter(|device| !device.is_empty());
        let device = device.map(str::to_owned);
        Engine::new(&library, &EngineOptions { device, ..EngineOptions::default() })
    }

    /// Whether the fast method paints, whose settings a preview follows at once.
    pub fn is_fast(&self) -> bool {
        self.settings.text("method").is_ok_and(|method| method == "fast")
    }

    /// Why nothing can be painted so, in words; `None` where all seems well. It is quick: no
    /// network is loaded, and of styles no picture is read.
    pub fn obstacle(&self, engine: &Engine) -> Option<String> {
        let needs_more = self.settings.text("method").is_ok_and(|method| method != "fast");
        let painted = self.style.painted().into_iter();
        painted.filter_map(|(source, _)| source.obstacle(engine, needs_more)).next()
    }

    /// The settings for a preview, cut short where the painting would take minutes.
    ///
    /// # Errors
    /// Only for a defect in the library.
    pub fn preview_settings(&self) -> Made<Settings> {
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

/// A style's layer, else its file.
fn picture_of(
    config: &Config,
    layer: &str,
    file: &str,
    longest: u32,
) -> Result<Option<Source>, String> {
    match config.drawable(layer) {
        Some(layer) => Source::of_layer(&layer, longest).map(Some),
        None => Ok(config.file(file).map(Source::File)),
    }
}

/// A style layer as it is seen, its longer side with `longest` pixels at most.
///
/// # Errors
/// Words for one that cannot be read, and one on which nothing is seen.
pub fn style_picture(layer: &Drawable, longest: u32) -> Result<Picture, String> {
    let copy = with_effects(layer)?;
    let seen = copy.as_deref().unwrap_or(layer);
    let picture = Picture::of_layer(seen, shrink(seen.whole(), longest))?;
    if picture.is_transparent() {
        return Err(tr_with(
            "cannot take the style of the layer '%s': it is wholly transparent. Choose a layer \
             with something on it",
            &layer.name(),
        ));
    }
    Ok(picture)
}

fn values(config: &Config, library: &Library) -> Made<Settings> {
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
    /// One style.
    pub fn only(first: Source) -> Self {
        Self { first, second: None }
    }

    /// Two styles, the second with its share.
    #[cfg(target_os = "linux")]
    pub fn mixed(first: Source, second: Source, share: f32) -> Self {
        Self { first, second: Some((second, share)) }
    }

    /// Where the styles come from; the second with its share.
    #[cfg(target_os = "linux")]
    pub fn sources(&self) -> (&Source, Option<(&Source, f32)>) {
        (&self.first, self.second.as_ref().map(|(second, share)| (second, *share)))
    }

    /// The styles, mixed if there are two.
    ///
    /// # Errors
    /// `Style`, `Picture` or `File` for what cannot be used, `Cancelled`.
    pub fn style<'r>(&self, engine: &Engine, run: impl Fn() -> Run<'r>) -> Made<Arc<Style>> {
        self.style_of(|source| source.style(engine, run()).map(Arc::new))
    }

    /// As [`StyleChoice::style`], of styles that `read` gives for what they come from.
    pub fn style_of(&self, read: impl FnMut(&Source) -> Made<Arc<Style>>) -> Made<Arc<Style>> {
        let (sources, shares): (Vec<_>, Vec<_>) = self.painted().into_iter().unzip();
        let mut styles = sources.into_iter().map(read).collect::<Made<Vec<_>>>()?;
        if styles.len() == 1 {
            return Ok(styles.remove(0));
        }
        let parts: Vec<_> = styles.iter().map(|style| &**style).zip(shares).collect();
        Style::mix(&parts).map(Arc::new)
    }

    /// Those that have a share in the painting, with their shares.
    fn painted(&self) -> Vec<(&Source, f32)> {
        let Some((second, share)) = &self.second else { return vec![(&self.first, 1.0)] };
        let mut both = vec![(&self.first, 1.0 - share), (second, *share)];
        both.retain(|(_, share)| *share > 0.0);
        both
    }

    /// What a layer in the style is called.
    pub fn title(&self, engine: &Engine) -> String {
        let titles = self.painted().into_iter().map(|(source, _)| source.title(engine));
        titles.collect::<Vec<_>>().join(" + ")
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
    /// A layer's pixels, its longer side with `longest` pixels at most.
    ///
    /// # Errors
    /// Words for a layer that cannot be read.
    pub fn of_layer(layer: &Drawable, longest: u32) -> Result<Self, String> {
        Ok(Self::Layer(Arc::new(style_picture(layer, longest)?), layer.name()))
    }

    /// The style.
    ///
    /// # Errors
    /// `Style`, `Picture` or `File` for what cannot be used, `Cancelled`.
    pub fn style(&self, engine: &Engine, run: Run<'_>) -> Made<Style> {
        match self {
            Self::Named(name) => Style::from_name(engine, name),
            Self::File(path) => Style::from_file(engine, path, run),
            Self::Layer(picture, name) => {
                Style::from_pixels(engine, &picture.view()?, Some(name), run)
            }
        }
    }

    fn obstacle(&self, engine: &Engine, needs_more: bool) -> Option<String> {
        if let Self::File(path) = self
            && !path.is_file()
        {
            return Some(gone(path));
        }
        let style = match self {
            Self::Named(name) => Style::from_name(engine, name),
            Self::File(path) if is_saved_style(path) => Style::from_file(engine, path, Run::new()),
            Self::File(_) | Self::Layer(..) => return None,
        };
        match style {
            Err(error) => Some(installation::words(&error)),
            // Where it is a code alone, no part of a painting can be optimised in it either.
            Ok(style) if needs_more && style.masked(None, None).is_err() => Some(tr_with(
                "cannot paint with this method: of the style '%s' the picture is not known, which \
                 only the fast method does without. Choose the picture itself as the style, or the \
                 fast method",
                &self.title(engine),
            )),
            Ok(_) => None,
        }
    }

    fn title(&self, engine: &Engine) -> String {
        match self {
            Self::Named(name) => {
                let entries = engine.styles().unwrap_or_default();
                let entry = entries.into_iter().find(|entry| entry.name == *name);
                let title = entry.map(|entry| entry.title).filter(|title| !title.is_empty());
                title.map_or_else(|| name.clone(), |title| tr(&title))
            }
            Self::File(path) => kept_style::layer_name(path).unwrap_or_else(|| {
                path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
            }),
            Self::Layer(_, name) => name.clone(),
        }
    }
}

fn is_saved_style(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "toml")
}

fn gone(path: &Path) -> String {
    match kept_style::layer_name(path) {
        Some(layer) => tr_with(
            "cannot paint: the picture that was kept of the style layer '%s' is gone. Open the \
             dialog (Filters > Artistic > Neural Style Transfer), and choose a style again",
            &layer,
        ),
        None => tr_with(
            "cannot paint: the style picture '%s' is not there any more. Put it back, or open the \
             dialog (Filters > Artistic > Neural Style Transfer), and choose another style",
            &path.to_string_lossy(),
        ),
    }
}
