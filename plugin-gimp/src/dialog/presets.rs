//! Values that are kept under a name: those that come with the filter and the user's own.

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::ffi::gimp_folder;
use crate::whole_file;
use crate::words::msgid;

/// The longest name.
const LONGEST: usize = 80;

/// A value of a setting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Number(f64),
    Text(&'static str),
}

/// Values that come with the filter: they change the look and leave the style.
pub struct BuiltIn {
    pub name: &'static str,
    pub values: &'static [(&'static str, Value)],
}

use Value::{Number, Text};

/// What every look has, where it says nothing else.
pub const USUAL: [(&str, Value); 12] = [
    ("method", Text("fast")),
    ("strength", Number(0.7)),
    ("grain", Number(0.5)),
    ("brush-size", Number(0.0)),
    ("detail", Number(0.5)),
    ("turbulence", Number(0.3)),
    ("layers", Number(0.0)),
    ("abstraction", Number(0.5)),
    ("keep-faces", Number(0.5)),
    ("keep-color", Text("none")),
    ("plain-areas", Text("keep")),
    ("opacity", Number(1.0)),
];

pub const BUILT_IN: [BuiltIn; 7] = [
    BuiltIn { name: msgid("Usual"), values: &[] },
    BuiltIn {
        name: msgid("Gentle"),
        values: &[
            ("strength", Number(0.4)),
            ("abstraction", Number(0.25)),
            ("turbulence", Number(0.15)),
        ],
    },
    BuiltIn {
        name: msgid("Bold strokes"),
        values: &[
            ("strength", Number(0.95)),
            ("grain", Number(0.9)),
            ("abstraction", Number(0.75)),
            ("layers", Number(4.0)),
        ],
    },
    BuiltIn {
        name: msgid("Swirling sky"),
        values: &[("turbulence", Number(0.9)), ("strength", Number(0.85))],
    },
    BuiltIn {
        name: msgid("Drawing kept"),
        values: &[
            ("abstraction", Number(0.1)),
            ("detail", Number(1.0)),
            ("keep-faces", Number(0.9)),
            ("grain", Number(0.25)),
        ],
    },
    BuiltIn { name: msgid("Photograph's colours"), values: &[("keep-color", Text("match"))] },
    BuiltIn { name: msgid("Studio"), values: &[("method", Text("studio"))] },
];

/// The user's own presets, one file each, and the list of those that they like best.
pub struct Presets {
    folder: PathBuf,
}

impl Presets {
    /// Those in the folder of GIMP's settings.
    pub fn of_user() -> Self {
        Self { folder: gimp_folder().join("impasto").join("presets") }
    }

    /// Their names.
    ///
    /// # Errors
    /// Where the folder cannot be read; one that is not there has none.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let names = entries.filter_map(|entry| {
            let path = entry.ok()?.path();
            let is_preset = path.extension().is_some_and(|ending| ending == ENDING);
            is_preset.then(|| path.file_stem().map(|name| name.to_string_lossy().into_owned()))?
        });
        let mut names: Vec<_> = names.collect();
        names.sort_by_key(|name| name.to_lowercase());
        Ok(names)
    }

    /// The values of one, as they were kept.
    pub fn read(&self, name: &str) -> io::Result<String> {
        fs::read_to_string(self.path(name))
    }

    /// Keeps values under a name, over what it named before; whole or not at all.
    pub fn write(&self, name: &str, values: &str) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        whole_file::write(&self.path(name), values.as_bytes())
    }

    /// Takes one away, from those that the user likes best, too: a name that comes again later is
    /// another's.
    pub fn remove(&self, name: &str, id: &str) -> io::Result<()> {
        fs::remove_file(self.path(name))?;
        self.set_favourite(id, false)
    }

    /// The ids of those that the user likes best.
    pub fn favourites(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.join(FAVOURITES)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Puts one among those, or takes it away.
    pub fn set_favourite(&self, id: &str, is_favourite: bool) -> io::Result<()> {
        let mut all = self.favourites();
        all.retain(|known| known != id);
        if is_favourite {
            all.push(id.to_owned());
        }
        fs::create_dir_all(&self.folder)?;
        whole_file::write(&self.folder.join(FAVOURITES), all.join("\n").as_bytes())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.{ENDING}"))
    }
}

/// A name that a file can have; `None` where nothing is left of it.
pub fn file_name(name: &str) -> Option<String> {
    let plain = |letter: char| {
        if letter.is_control() || "/\\:*?\"<>|".contains(letter) { ' ' } else { letter }
    };
    let name: String = name.chars().map(plain).take(LONGEST).collect();
    let name = name.trim().trim_start_matches('.').trim_end_matches('.').trim();
    (!name.is_empty()).then(|| name.to_owned())
}

const ENDING: &str = "preset";
const FAVOURITES: &str = "favourites.txt";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_files() {
        assert_eq!(file_name(" a/b: c? ").as_deref(), Some("a b  c"));
        assert_eq!(file_name("../.."), None);
        assert_eq!(file_name("Été 2").as_deref(), Some("Été 2"));
        assert_eq!(file_name(&"x".repeat(500)).map(|name| name.len()), Some(LONGEST));
    }

    #[test]
    fn presets_are_kept_read_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let presets = Presets { folder: folder.path().join("impasto/presets") };
        assert!(presets.names().unwrap().is_empty());
        for name in ["sky", "Été"] {
            presets.write(name, &format!("({name})")).unwrap();
        }
        presets.write("sky", "(strength 1)").unwrap();
        assert_eq!(presets.names().unwrap(), ["sky", "Été"]);
        assert_eq!(presets.read("sky").unwrap(), "(strength 1)");
        presets.set_favourite("own:sky", true).unwrap();
        presets.set_favourite("ours:Gentle", true).unwrap();
        assert_eq!(presets.favourites(), ["own:sky", "ours:Gentle"]);
        presets.remove("sky", "own:sky").unwrap();
        assert_eq!(presets.names().unwrap(), ["Été"]);
        assert_eq!(presets.favourites(), ["ours:Gentle"]);
        assert!(presets.read("sky").is_err());
    }

    #[test]
    fn what_presets_change_has_a_usual_value() {
        for preset in &BUILT_IN {
            for (name, _) in preset.values {
                assert!(USUAL.iter().any(|(usual, _)| usual == name), "{}: {name}", preset.name);
            }
        }
    }
}
