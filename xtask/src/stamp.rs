//! What a runtime's folder holds, written beside it so that a second setup need not look closer.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::runtime::LIBRARY;

/// Its name in that folder.
pub const FILE: &str = "stamp.toml";

/// The origin of a library in place.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    pub version: String,
    pub wheel_sha256: String,
    pub library_sha256: String,
    pub library_bytes: u64,
}

impl Stamp {
    pub fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE);
        fs::write(&path, toml::to_string(self)?)
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// The stamp of a folder whose library is still the one stamped, as far as its size tells.
    /// A folder without one, or with another's, is simply not set up.
    pub fn read(folder: &Path) -> Option<Self> {
        let stamp: Self = toml::from_str(&fs::read_to_string(folder.join(FILE)).ok()?).ok()?;
        let library = fs::metadata(folder.join(LIBRARY)).ok()?;
        (library.is_file() && library.len() == stamp.library_bytes).then_some(stamp)
    }
}
