//! The OpenFX node: a bundle with the engine, ONNX Runtime and the networks, which may lie
//! anywhere.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::editors;
use super::item::Item;
use super::layout::{files, is_about_us, networks, notices, runtimes};
use super::{check_writable, make_parent, put};
use crate::cargo::build;
use crate::interface;
use crate::replace;
use crate::repo::Repo;
use crate::runtime;
use crate::setup::setup;

/// The bundle's folder. Hosts want the file in it to have the same name.
pub const BUNDLE: &str = "Impasto.ofx.bundle";
const NODE: &str = "Impasto.ofx";

/// Where the node's shared library lies in the bundle.
#[cfg(windows)]
pub const BINARIES: &str = "Contents/Win64";
#[cfg(target_os = "macos")]
pub const BINARIES: &str = "Contents/MacOS";
#[cfg(not(any(windows, target_os = "macos")))]
pub const BINARIES: &str = "Contents/Linux-x86-64";

#[cfg(windows)]
pub const STANDARD_FOLDER: &str = "C:/Program Files/Common Files/OFX/Plugins";
#[cfg(target_os = "macos")]
pub const STANDARD_FOLDER: &str = "/Library/OFX/Plugins";
#[cfg(not(any(windows, target_os = "macos")))]
pub const STANDARD_FOLDER: &str = "/usr/OFX/Plugins";

/// Builds the bundle and puts it into `folder`; returns it.
pub fn install(repo: &Repo, folder: &Path) -> Result<PathBuf> {
    let attempt = || format!("installing the OpenFX node into {}", folder.display());
    // Before the long build.
    check_writable(folder).with_context(attempt)?;
    setup(&runtime::CPU, repo)?;
    let built = build(repo)?;
    let engine = built.library.context("cargo made no C library")?;
    let node = built.node.context("cargo made no OpenFX node")?;
    replace::make_folder(folder).with_context(attempt)?;
    // A host that looks meanwhile sees the old bundle or the new one.
    let work = tempfile::Builder::new().prefix(".impasto-").tempdir_in(folder)?;
    let (made, destination) = (work.path().join(BUNDLE), folder.join(BUNDLE));
    let libraries = Libraries { node: &node, engine: &engine, are_for_tests: false };
    bundle(repo, &libraries, &made).with_context(attempt)?;
    replace::folder(&made, &destination, &work.path().join("old")).with_context(attempt)?;
    Ok(destination)
}

/// Removes the bundle.
pub fn uninstall(folder: &Path) -> Result<PathBuf> {
    let bundle = folder.join(BUNDLE);
    if !bundle.join(BINARIES).join(NODE).is_file() {
        bail!("uninstalling the OpenFX node: there is none at {}", bundle.display());
    }
    fs::remove_dir_all(&bundle)
        .with_context(|| format!("uninstalling the OpenFX node: {}", bundle.display()))?;
    Ok(bundle)
}

/// Where hosts look.
pub fn default_folder() -> PathBuf {
    let path = env::var_os("OFX_PLUGIN_PATH").unwrap_or_default();
    let first = env::split_paths(&path).find(|folder| folder.is_absolute());
    first.unwrap_or_else(|| PathBuf::from(STANDARD_FOLDER))
}

/// The libraries of a bundle.
pub struct Libraries<'a> {
    pub node: &'a Path,
    pub engine: &'a Path,
    /// Whether they are as Cargo made them: sanitizers tell what they find by symbols.
    pub are_for_tests: bool,
}

/// Makes a bundle of these libraries.
pub fn bundle(repo: &Repo, libraries: &Libraries<'_>, to: &Path) -> Result<()> {
    let binaries = Path::new(BINARIES);
    let icon = repo.root().join("plugin-ofx/org.impasto.Impasto.png");
    ensure!(icon.is_file(), "the icon is not in {}", icon.display());
    let library = |from: &Path, to: PathBuf| match libraries.are_for_tests {
        true => Item::file(from, to),
        false => Item::library(from, to),
    };
    let mut items = vec![
        library(libraries.node, binaries.join(NODE)),
        library(libraries.engine, binaries.join(interface::library_name())),
        Item::file(icon, "Contents/Resources/org.impasto.Impasto.png"),
    ];
    items.extend(editors::in_a_bundle(repo, Path::new("Contents/Resources")));
    items.extend(runtimes(repo, binaries)?);
    items.extend(networks(repo, &binaries.join("models"))?);
    let doc = Path::new("Contents/Resources/doc");
    items.extend(files(repo.root(), doc, is_about_us)?);
    items.extend(notices(repo, doc)?);
    for item in &items {
        make_parent(to, &item.to)?;
        put(&item.what, &to.join(&item.to))
            .with_context(|| format!("cannot write {}", item.to.display()))?;
    }
    Ok(())
}
