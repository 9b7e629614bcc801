//! One thing to install.

use std::path::PathBuf;

/// What, and to where.
pub struct Item {
    pub what: What,
    /// Relative to the prefix.
    pub to: PathBuf,
}

pub enum What {
    File(PathBuf),
    Program(PathBuf),
    Text(String),
    /// A symbolic link to a name in its own folder.
    Link(String),
}

impl Item {
    pub fn new(what: What, to: impl Into<PathBuf>) -> Self {
        Self { what, to: to.into() }
    }

    pub fn file(from: impl Into<PathBuf>, to: impl Into<PathBuf>) -> Self {
        Self::new(What::File(from.into()), to)
    }
}
