//! What is installed, and where under the prefix.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::cargo::Built;
use crate::repo::Repo;
use crate::runtime::{self, LIBRARY};
use crate::stamp;

/// One file to install.
pub struct Item {
    pub from: PathBuf,
    /// Relative to the prefix.
    pub to: PathBuf,
    pub executable: bool,
}

impl Item {
    fn new(from: impl Into<PathBuf>, to: impl Into<PathBuf>) -> Self {
        Self { from: from.into(), to: to.into(), executable: false }
    }
}

/// Everything to install from this checkout and its release build.
pub fn layout(repo: &Repo, built: &Built) -> Result<Vec<Item>> {
    let runtime = runtime::CPU.folder_in(repo);
    let mut items = vec![
        Item { executable: true, ..Item::new(&built.program, "bin/impasto") },
        Item::new(runtime.join(LIBRARY), Path::new("lib/impasto").join(LIBRARY)),
    ];
    if let Some(library) = &built.library {
        let name = library.file_name().context("the C library has no name")?;
        items.push(Item::new(library, Path::new("lib").join(name)));
    }
    items.extend(tree(&repo.models(), Path::new("share/impasto/models"))?);

    let doc = Path::new("share/doc/impasto");
    items.extend(files(repo.root(), doc, is_about_us)?);
    items.extend(files(&runtime, &doc.join("onnxruntime"), |name| {
        name != LIBRARY && name != stamp::FILE
    })?);
    items.extend(files(&repo.root().join("include"), Path::new("include"), |name| {
        name.ends_with(".h") || name.ends_with(".hpp")
    })?);
    Ok(items)
}

fn is_about_us(name: &str) -> bool {
    name == "README.md" || name == "NOTICE" || name.starts_with("LICENSE")
}

/// The wanted files of a folder, not of those below it. A folder that is not there has none.
fn files(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<Item>> {
    if !from.is_dir() {
        return Ok(Vec::new());
    }
    let mut items = Vec::new();
    for entry in fs::read_dir(from).with_context(|| unreadable(from))? {
        let entry = entry.with_context(|| unreadable(from))?;
        let name = entry.file_name();
        if entry.path().is_file() && name.to_str().is_some_and(&wanted) {
            items.push(Item::new(entry.path(), to.join(name)));
        }
    }
    Ok(items)
}

fn tree(from: &Path, to: &Path) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    let entries = WalkDir::new(from).follow_links(true).into_iter();
    for entry in entries.filter_entry(|entry| entry.file_name() != OsStr::new("__pycache__")) {
        let entry = entry.with_context(|| unreadable(from))?;
        if entry.file_type().is_file() {
            let below = entry.path().strip_prefix(from)?;
            items.push(Item::new(entry.path(), to.join(below)));
        }
    }
    Ok(items)
}

fn unreadable(folder: &Path) -> String {
    format!("cannot list {}", folder.display())
}
