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
    /// A program or library that Cargo made here.
    Built {
        from: PathBuf,
        is_program: bool,
    },
    Text(String),
    /// A symbolic link to a name in its own folder.
    Link(String),
}

impl Item {
    pub fn new(what: What, to: impl Into<PathBuf>) -> Self {
        Self { what, to: to.into() }
    }

    /// A program that Cargo made here.
    pub fn program(from: impl Into<PathBuf>, to: impl Into<PathBuf>) -> Self {
        Self::new(What::Built { from: from.into(), is_program: true }, to)
    }

    /// A library that Cargo made here.
    pub fn library(from: impl Into<PathBuf>, to: impl Into<PathBuf>) -> Self {
        Self::new(What::Built { from: from.into(), is_program: false }, to)
    }

    pub fn text(text: String, to: impl Into<PathBuf>) -> Self {
        Self::new(What::Text(text), to)
    }

    pub fn file(from: impl Into<PathBuf>, to: impl Into<PathBuf>) -> Self {
        Self::new(What::File(from.into()), to)
    }
}
