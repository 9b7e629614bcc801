//! What is installed, and where under the prefix.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::development::development;
use super::item::Item;
use crate::cargo::Built;
use crate::devices::{self, OPENVINO};
use crate::repo::Repo;
use crate::stamp;

/// Everything to install from this checkout and its release build.
pub fn layout(repo: &Repo, built: &Built) -> Result<Vec<Item>> {
    let mut items = vec![Item::program(&built.program, "bin/impasto")];
    items.extend(runtimes(repo, Path::new("lib/impasto"))?);
    if let Some(library) = &built.library {
        items.extend(development(repo, library)?);
    }
    items.extend(networks(repo, Path::new("share/impasto/models"))?);

    let doc = Path::new("share/doc/impasto");
    items.extend(files(repo.root(), doc, is_about_us)?);
    items.extend(notices(repo, doc)?);
    Ok(items)
}

/// The libraries of ONNX Runtime and of all other devices that are set up, as the engine in the
/// folder `to` or above it looks for them.
pub fn runtimes(repo: &Repo, to: &Path) -> Result<Vec<Item>> {
    let runtime = devices::runtime_in_use(repo);
    let mut items = files(&runtime, to, is_library)?;
    items.extend(files(&runtime.join("cuda"), &to.join("cuda"), is_library)?);
    if OPENVINO.is_set_up(repo) {
        let from = OPENVINO.folder_in(repo);
        items.extend(files(&from, &to.join(OPENVINO.folder), is_library)?);
    }
    Ok(items)
}

/// The texts that belong to these libraries.
pub fn notices(repo: &Repo, doc: &Path) -> Result<Vec<Item>> {
    let is_notice = |name: &str| !is_library(name) && name != stamp::FILE;
    let mut items = files(&devices::runtime_in_use(repo), &doc.join("onnxruntime"), is_notice)?;
    if OPENVINO.is_set_up(repo) {
        items.extend(files(&OPENVINO.folder_in(repo), &doc.join(OPENVINO.folder), is_notice)?);
    }
    Ok(items)
}

fn is_library(name: &str) -> bool {
    name.ends_with(".so") || name.contains(".so.")
}

pub fn is_about_us(name: &str) -> bool {
    name == "README.md" || name == "NOTICE" || name.starts_with("LICENSE")
}

/// The wanted files of a folder, not of those below it. A folder that is not there has none.
pub fn files(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<Item>> {
    if !from.is_dir() {
        return Ok(Vec::new());
    }
    let mut items = Vec::new();
    for entry in fs::read_dir(from).with_context(|| unreadable(from))? {
        let entry = entry.with_context(|| unreadable(from))?;
        let name = entry.file_name();
        if entry.path().is_file() && name.to_str().is_some_and(&wanted) {
            items.push(Item::file(entry.path(), to.join(name)));
        }
    }
    Ok(items)
}

/// The networks and styles with what describes them, as the engine looks for them. What trains
/// them, and texts about them, stay in the checkout.
pub fn networks(repo: &Repo, to: &Path) -> Result<Vec<Item>> {
    let is_read = |name: &str| {
        let ending = Path::new(name).extension().and_then(OsStr::to_str);
        ending.is_some_and(|ending| ["onnx", "safetensors", "toml", "png"].contains(&ending))
    };
    let mut items = files(&repo.models(), to, is_read)?;
    items.extend(files(&repo.models().join("styles"), &to.join("styles"), is_read)?);
    Ok(items)
}

fn unreadable(folder: &Path) -> String {
    format!("cannot list {}", folder.display())
}
