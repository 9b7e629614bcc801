//! What is painted in: loaded once for the process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use impasto_client::{Cancel, Engine, Pixels, Run, Style};

use crate::failure::Failure;
use crate::settings::Settings;
use crate::style_choice::StyleChoice;

/// One of the styles that are mixed.
pub enum Source<'a> {
    Named(&'static str),
    File(PathBuf),
    Picture(StylePicture<'a>),
}

/// The picture at the input Style.
#[derive(Clone, Copy)]
pub struct StylePicture<'a> {
    pub pixels: Pixels<'a>,
    /// How much wider than high a pixel is shown.
    pub pixel_aspect: f64,
    /// Of all that it shows.
    pub hash: u128,
}

/// A file as it is now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileState {
    path: PathBuf,
    changed: Option<SystemTime>,
    length: u64,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Named(&'static str),
    File(FileState),
    Picture(u128),
}

/// More than a project has; each holds its picture, or a megabyte that was measured of it.
const MOST_STYLES: usize = 256;

fn known() -> MutexGuard<'static, BTreeMap<Key, Arc<Style>>> {
    static KNOWN: Mutex<BTreeMap<Key, Arc<Style>>> = Mutex::new(BTreeMap::new());
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets all styles, to free memory.
pub fn forget() {
    known().clear();
}

impl FileState {
    pub fn of(path: &Path) -> Self {
        let file = std::fs::metadata(path).ok();
        Self {
            path: path.to_owned(),
            changed: file.as_ref().and_then(|file| file.modified().ok()),
            length: file.map_or(0, |file| file.len()),
        }
    }
}

/// What to mix, and how much of each; nothing where no style is chosen. A `picture` goes before
/// the chosen style.
///
/// # Errors
/// A [`Failure`] for a style that cannot be used.
pub fn sources<'a>(
    settings: &Settings,
    picture: Option<StylePicture<'a>>,
) -> Result<Vec<(Source<'a>, f32)>, Failure> {
    let chosen = |choice: &StyleChoice| match choice {
        StyleChoice::None => Ok(None),
        StyleChoice::Named(name) => Ok(Some(Source::Named(name))),
        StyleChoice::File(path) => Ok(Some(Source::File(path.clone()))),
        StyleChoice::Unusable(why) => Err(Failure::new(why)),
    };
    let first = match picture {
        Some(picture) => Some(Source::Picture(picture)),
        None => chosen(&settings.style)?,
    };
    Ok(match (first, chosen(&settings.second_style)?) {
        (Some(first), Some(second)) => {
            let mix = settings.mix as f32;
            let both = [(first, 1.0 - mix), (second, mix)];
            both.into_iter().filter(|(_, weight)| *weight > 0.0).collect()
        }
        (first, second) => first.or(second).into_iter().map(|source| (source, 1.0)).collect(),
    })
}

/// The mixed style, if all of it is loaded.
pub fn loaded(sources: &[(Source<'_>, f32)]) -> Result<Option<Arc<Style>>, Failure> {
    let known = known();
    let styles: Option<Vec<_>> = sources
        .iter()
        .map(|(source, weight)| Some((Arc::clone(known.get(&source.key())?), *weight)))
        .collect();
    drop(known);
    styles.map(|styles| mixed(&styles)).transpose()
}

/// Loads what is not loaded yet, and mixes.
pub fn load(
    engine: &Engine,
    sources: &[(Source<'_>, f32)],
    cancel: &Cancel,
) -> Result<Arc<Style>, Failure> {
    let mut styles = Vec::new();
    for (source, weight) in sources {
        let key = source.key();
        let found = known().get(&key).cloned();
        let style = match found {
            Some(style) => style,
            None => {
                let style = Arc::new(source.load(engine, cancel)?);
                let mut known = known();
                if known.len() >= MOST_STYLES {
                    known.clear();
                }
                known.insert(key, Arc::clone(&style));
                style
            }
        };
        styles.push((style, *weight));
    }
    mixed(&styles)
}

fn mixed(styles: &[(Arc<Style>, f32)]) -> Result<Arc<Style>, Failure> {
    if let [(style, _)] = styles {
        return Ok(Arc::clone(style));
    }
    let parts: Vec<_> = styles.iter().map(|(style, weight)| (&**style, *weight)).collect();
    Ok(Arc::new(Style::mix(&parts)?))
}

impl Source<'_> {
    fn key(&self) -> Key {
        match self {
            Self::Named(name) => Key::Named(name),
            Self::File(path) => Key::File(FileState::of(path)),
            Self::Picture(picture) => Key::Picture(picture.hash),
        }
    }

    fn load(&self, engine: &Engine, cancel: &Cancel) -> Result<Style, Failure> {
        let run = Run::new().cancel(cancel);
        Ok(match self {
            Self::Named(name) => Style::from_name(engine, name)?,
            Self::File(path) => Style::from_file(engine, path, run)?,
            Self::Picture(StylePicture { pixels, pixel_aspect, .. }) => {
                let run = run.scale((1.0 / pixel_aspect) as f32, 1.0);
                Style::from_pixels(engine, pixels, Some("Style"), run)?
            }
        })
    }
}
