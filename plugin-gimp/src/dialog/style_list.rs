//! The styles to choose from: those that the engine knows, the user's own pictures, and the layers
//! of open images.

use std::path::PathBuf;

use impasto_client::StyleEntry;

use crate::arguments::{
    NO_STYLE, SECOND_STYLE, SECOND_STYLE_FILE, SECOND_STYLE_LAYER, STYLE, STYLE_FILE, STYLE_LAYER,
};
use crate::ffi::{Config, Drawable, Image};
use crate::kept_style;
use crate::order;
use crate::recent;
use crate::words::tr;

/// The most layers that are offered.
const MOST_LAYERS: usize = 24;

/// A style to choose.
#[derive(Debug, Clone)]
pub struct Choice {
    pub source: Source,
    pub title: String,
    /// More of it, for who wants to know.
    pub help: String,
    /// A small picture of it.
    pub thumbnail: Option<PathBuf>,
}

/// Where it comes from.
#[derive(Debug, Clone)]
pub enum Source {
    Named(String),
    File(PathBuf),
    Layer(Drawable),
}

/// The arguments of one of the two styles. A layer goes before a file, and that before a name.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    name: &'static str,
    file: &'static str,
    layer: &'static str,
}

pub const FIRST: Slot = Slot { name: STYLE, file: STYLE_FILE, layer: STYLE_LAYER };
pub const SECOND: Slot =
    Slot { name: SECOND_STYLE, file: SECOND_STYLE_FILE, layer: SECOND_STYLE_LAYER };

/// All there are, for painting `target`.
pub fn choices(styles: &[StyleEntry], config: &Config, target: &Drawable) -> Vec<Choice> {
    let mut choices: Vec<_> = styles.iter().map(of_engine).collect();
    let mut files = recent::files();
    // One that a script or an older choice named.
    for slot in [FIRST, SECOND] {
        files.extend(config.file(slot.file).filter(|file| !files.contains(file)));
    }
    choices.extend(files.into_iter().map(of_file));
    let layers = Image::all().into_iter().flat_map(|image| {
        let name = image.name();
        image.layers().into_iter().map(move |layer| of_layer(layer, &name))
    });
    let others = layers.filter(|choice| match &choice.source {
        Source::Layer(layer) => layer.id() != target.id(),
        _ => true,
    });
    choices.extend(others.take(MOST_LAYERS));
    choices
}

impl Choice {
    /// What no other choice is called.
    pub fn id(&self) -> String {
        match &self.source {
            Source::Named(name) => named(name),
            Source::File(path) => file(path.clone()),
            Source::Layer(layer) => of_item(layer),
        }
    }

    /// Whether all words of a search are in its title or help.
    pub fn matches(&self, search: &str) -> bool {
        let all = format!("{} {}", self.title, self.help).to_lowercase();
        search.to_lowercase().split_whitespace().all(|word| all.contains(word))
    }
}

impl Source {
    /// With a layer's pixels, its longer side `longest` at most.
    ///
    /// # Errors
    /// Words for a layer that cannot be read.
    pub fn read(&self, longest: u32) -> Result<order::Source, String> {
        Ok(match self {
            Self::Named(name) => order::Source::Named(name.clone()),
            Self::File(path) => order::Source::File(path.clone()),
            Self::Layer(layer) => order::Source::of_layer(layer, longest)?,
        })
    }
}

impl Slot {
    /// The id of the choice that the arguments name; that of [`NO_STYLE`] for none.
    pub fn current(self, config: &Config) -> String {
        let layer = config.drawable(self.layer).map(|layer| of_item(&layer));
        let file = || config.file(self.file).map(file);
        layer.or_else(file).unwrap_or_else(|| named(&config.text(self.name)))
    }

    pub fn has_file(self, config: &Config) -> bool {
        config.file(self.file).is_some()
    }

    /// Has the arguments name a choice, or none, and nothing else.
    pub fn choose(self, config: &Config, choice: Option<&Source>) {
        let (name, file, layer) = match choice {
            None => (Some(NO_STYLE), None, None),
            Some(Source::Named(name)) => (Some(name.as_str()), None, None),
            Some(Source::File(path)) => (None, Some(path.as_path()), None),
            Some(Source::Layer(layer)) => (None, None, Some(layer)),
        };
        // What is as it is to be stays untouched: each change is heard.
        if let Some(name) = name
            && config.text(self.name) != name
        {
            config.set_text(self.name, name);
        }
        if config.file(self.file).as_deref() != file {
            config.set_file(self.file, file);
        }
        let id = |layer: &Drawable| layer.id();
        if config.drawable(self.layer).as_ref().map(id) != layer.map(id) {
            config.set_drawable(self.layer, layer);
        }
    }
}

/// The id of no style.
pub fn none() -> String {
    named(NO_STYLE)
}

fn named(name: &str) -> String {
    format!("name:{name}")
}

fn file(path: PathBuf) -> String {
    format!("file:{}", path.display())
}

fn of_item(layer: &Drawable) -> String {
    format!("layer:{}", layer.id())
}

fn of_engine(style: &StyleEntry) -> Choice {
    let title = if style.title.is_empty() { &style.name } else { &style.title };
    let mut help = vec![tr(title), tr(&style.painter), style.year.clone()];
    help.retain(|part| !part.is_empty());
    Choice {
        source: Source::Named(style.name.clone()),
        title: tr(title),
        help: help.join(", "),
        thumbnail: style.thumbnail.clone(),
    }
}

fn of_file(path: PathBuf) -> Choice {
    Choice {
        title: kept_style::layer_name(&path)
            .unwrap_or_else(|| path.file_stem().unwrap_or_default().to_string_lossy().into_owned()),
        help: path.to_string_lossy().into_owned(),
        thumbnail: Some(path.clone()),
        source: Source::File(path),
    }
}

fn of_layer(layer: Drawable, image: &str) -> Choice {
    let title = layer.name();
    let help = format!("{}: {title}, {image}", tr("Layer"));
    Choice { source: Source::Layer(layer), title, help, thumbnail: None }
}
