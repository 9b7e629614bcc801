//! The list of what was installed, by which it is removed again.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use crate::replace;

/// Paths relative to the prefix. A folder is listed only if installing made it, and stands in the
/// file with a slash at its end.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Manifest {
    pub files: BTreeSet<PathBuf>,
    pub folders: BTreeSet<PathBuf>,
}

impl Manifest {
    /// None where nothing was installed.
    pub fn read(path: &Path) -> Result<Option<Self>> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                bail!("cannot read {} ({error}). Make it readable, and try again", path.display())
            }
        };
        let mut manifest = Self::default();
        for line in text.lines().filter(|line| !line.is_empty()) {
            let (list, name) = match line.strip_suffix('/') {
                Some(name) => (&mut manifest.folders, name),
                None => (&mut manifest.files, line),
            };
            let name = PathBuf::from(name);
            // A damaged list must not reach files outside the prefix.
            if !name.components().all(|part| matches!(part, Component::Normal(_))) {
                bail!(
                    "{} lists {line:?}, which is not below the prefix. Remove that line",
                    path.display()
                );
            }
            list.insert(name);
        }
        Ok(Some(manifest))
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        let mut text = String::new();
        for (list, end) in [(&self.folders, "/\n"), (&self.files, "\n")] {
            for path in list {
                let name = path
                    .to_str()
                    .filter(|name| !name.contains('\n'))
                    .with_context(|| format!("{path:?} cannot be listed. Rename that file"))?;
                text += &name.replace('\\', "/");
                text += end;
            }
        }
        replace::text(&text, path).map_err(|error| {
            let path = path.display();
            anyhow!("cannot write {path} ({error}). Choose a --prefix that you may write to")
        })
    }
}
