//! Styles by name: shipped beside the networks, or added by the user.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::fast::Style;
use crate::optimize::{STATISTICS_ENDING, StyleStatistics};
use crate::whole_file;

const THUMBNAIL_ENDING: &str = "png";

/// Folders of `NAME.toml` files, each with a thumbnail `NAME.png` and, for the optimise method,
/// statistics `NAME.safetensors`.
#[derive(Debug, Clone)]
pub struct StyleLibrary {
    shipped: PathBuf,
    user: Option<PathBuf>,
}

/// A style of the library.
#[derive(Debug, Clone)]
pub struct StyleEntry {
    /// The style.
    pub style: Style,
    /// Whether the user added it.
    pub is_users: bool,
    /// A small picture of it, if there is one.
    pub thumbnail: Option<PathBuf>,
}

impl StyleLibrary {
    /// A library over the shipped styles and the user's folder, by default the one in the user's
    /// data folder.
    pub fn new(shipped: PathBuf, user: Option<PathBuf>) -> Self {
        let user = user.or_else(|| Some(dirs::data_dir()?.join("impasto").join("styles")));
        Self { shipped, user }
    }

    /// All styles by name, the user's own last. What cannot be read is left out with a warning.
    pub fn list(&self) -> Vec<StyleEntry> {
        let mut entries = Vec::new();
        for (folder, is_users) in self.folders() {
            let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
                .into_iter()
                .flatten()
                .filter_map(|entry| Some(entry.ok()?.path()))
                .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
                .collect();
            files.sort();
            for file in files {
                match entry(&file, is_users) {
                    Ok(entry) => entries.push(entry),
                    Err(e) => log::warn!("{}", e.full_message()),
                }
            }
        }
        entries
    }

    /// The style `name`; the user's own goes before a shipped one.
    ///
    /// # Errors
    /// `Style` where there is none or it cannot be read.
    pub fn find(&self, name: &str) -> Result<Style> {
        Style::from_file(&self.file(name)?)
    }

    /// The statistics of the style `name`, to optimise in it.
    ///
    /// # Errors
    /// `Style` where there is no such style, or no statistics that can be used.
    pub fn statistics(&self, name: &str) -> Result<StyleStatistics> {
        StyleStatistics::beside(&self.file(name)?)
    }

    /// The file of the style `name`.
    fn file(&self, name: &str) -> Result<PathBuf> {
        check_name(name)?;
        let mut files = self.folders().rev().map(|(folder, _)| folder.join(format!("{name}.toml")));
        if let Some(file) = files.find(|file| file.is_file()) {
            return Ok(file);
        }
        let known: Vec<_> = self.list().into_iter().map(|entry| entry.style.name).collect();
        let what = format!("cannot find the style '{name}': known are {}", known.join(", "));
        Err(Error::new(ErrorKind::Style, what))
    }

    /// Adds a style of the user's own under its name, in place of one of that name, with its
    /// statistics for the optimise method and a thumbnail given as the bytes of a PNG file.
    ///
    /// # Errors
    /// `Argument` for a name that is no plain word, `File` where it cannot be written.
    pub fn add(
        &self,
        style: &Style,
        statistics: &StyleStatistics,
        thumbnail: &[u8],
    ) -> Result<PathBuf> {
        check_name(&style.name)?;
        let folder = self.user.as_deref().ok_or_else(|| {
            let what = format!("cannot add the style '{}': there is no home folder", style.name);
            Error::new(ErrorKind::File, what)
        })?;
        whole_file::make_folder(folder)?;
        let path = folder.join(format!("{}.toml", style.name));
        let statistics = statistics.to_bytes()?;
        whole_file::write_bytes(&path.with_extension(THUMBNAIL_ENDING), thumbnail)?;
        whole_file::write_bytes(&path.with_extension(STATISTICS_ENDING), &statistics)?;
        whole_file::write_bytes(&path, style.to_text().as_bytes())?;
        Ok(path)
    }

    /// Removes a style of the user's own.
    ///
    /// # Errors
    /// `Style` where the user has none of that name, `File` where it cannot be removed.
    pub fn remove(&self, name: &str) -> Result<()> {
        check_name(name)?;
        let file = self.user.as_deref().map(|folder| folder.join(format!("{name}.toml")));
        let Some(file) = file.filter(|file| file.is_file()) else {
            let what =
                format!("cannot remove the style '{name}': you have added none of that name");
            return Err(Error::new(ErrorKind::Style, what));
        };
        let failed = |e| {
            let what = format!("cannot remove the style '{}'", file.display());
            Error::caused(ErrorKind::File, what, e)
        };
        std::fs::remove_file(&file).map_err(failed)?;
        for ending in [THUMBNAIL_ENDING, STATISTICS_ENDING] {
            match std::fs::remove_file(file.with_extension(ending)) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(e)),
                _ => (),
            }
        }
        Ok(())
    }

    fn folders(&self) -> impl DoubleEndedIterator<Item = (&Path, bool)> {
        let user = self.user.as_deref().map(|folder| (folder, true));
        [Some((self.shipped.as_path(), false)), user].into_iter().flatten()
    }
}

fn entry(file: &Path, is_users: bool) -> Result<StyleEntry> {
    let style = Style::from_file(file)?;
    let thumbnail = Some(file.with_extension(THUMBNAIL_ENDING)).filter(|path| path.is_file());
    Ok(StyleEntry { style, is_users, thumbnail })
}

/// Names become file names, so they are letters, digits, `-` and `_`.
fn check_name(name: &str) -> Result<()> {
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > 80 || !name.chars().all(plain) {
        let what = format!(
            "cannot use '{name}' as the name of a style: it consists of letters, digits, - and _"
        );
        return Err(Error::new(ErrorKind::Argument, what));
    }
    Ok(())
}
