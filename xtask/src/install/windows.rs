//! `cargo xtask windows`: a folder that runs on Windows wherever it is copied to.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::editors;
use super::gimp::catalogues;
use super::item::{Item, What};
use super::layout::{files, is_about_us, networks};
use super::ofx::BUNDLE;
use super::{make_parent, put};
use crate::cross::{self, Built};
use crate::devices::DIRECTML;
use crate::replace;
use crate::repo::Repo;
use crate::root_folder::{RootFolder, WINDOWS};
use crate::stamp;

/// The folder's name under `target/`.
const FOLDER: &str = "windows";

/// The plug-in's folder, and the program in it: GIMP wants them to have one name.
const GIMP: &str = "impasto-gimp";

/// Cross-compiles everything and makes the folder; returns it.
pub fn make(repo: &Repo) -> Result<PathBuf> {
    if let Some(why) = RootFolder::obstacle() {
        bail!("building for Windows: {why}. Build on Debian, as root");
    }
    let root = RootFolder::provide(repo, &WINDOWS)?;
    DIRECTML.setup(repo)?;
    let built = cross::build(repo, &root)?;

    let destination = repo.target().join(FOLDER);
    let attempt = || format!("making {}", destination.display());
    let work = tempfile::Builder::new().prefix(".windows-").tempdir_in(repo.target())?;
    let made = work.path().join("made");
    for item in &items(repo, &built).with_context(attempt)? {
        make_parent(&made, &item.to)?;
        put(&item.what, &made.join(&item.to))
            .with_context(|| format!("cannot write {}", item.to.display()))?;
    }
    replace::folder(&made, &destination, &work.path().join("old")).with_context(attempt)?;
    Ok(destination)
}

/// What the folder holds, in words.
pub fn words(folder: &Path) -> String {
    format!(
        "Impasto for Windows is in {}: the program impasto.exe and the library impasto.dll\n\
         {BUNDLE} goes to C:\\Program Files\\Common Files\\OFX\\Plugins\n\
         {GIMP} goes to %APPDATA%\\GIMP\\3.0\\plug-ins, or that of GIMP's version",
        folder.display()
    )
}

fn items(repo: &Repo, built: &Built) -> Result<Vec<Item>> {
    let here = Path::new("");
    let binaries = Path::new(BUNDLE).join("Contents/Win64");
    let resources = Path::new(BUNDLE).join("Contents/Resources");
    let gimp = Path::new(GIMP);
    let icon = "org.impasto.Impasto.png";
    let program = |file: &Path, to: PathBuf| Item::new(What::Program(file.to_owned()), to);

    let mut items = vec![
        program(&built.program, here.join("impasto.exe")),
        Item::file(&built.import_library, "lib/libimpasto.dll.a"),
        program(&built.node, binaries.join("Impasto.ofx")),
        Item::file(repo.root().join("plugin-ofx").join(icon), resources.join(icon)),
        program(&built.gimp_filter, gimp.join(GIMP).with_extension("exe")),
    ];
    items.extend(editors::in_a_bundle(repo, &resources));
    items.extend(catalogues(repo, gimp)?);
    for header in ["impasto.h", "impasto.hpp"] {
        let header = Path::new("include").join(header);
        items.push(Item::file(repo.root().join(&header), header));
    }
    for (folder, doc) in
        [(here, here.join("doc")), (&binaries, resources.join("doc")), (gimp, gimp.join("doc"))]
    {
        items.push(program(&built.library, folder.join("impasto.dll")));
        let runtime = DIRECTML.folder_in(repo);
        items.extend(files(&runtime, folder, is_library)?);
        items.extend(networks(repo, &folder.join("models"))?);
        items.extend(files(repo.root(), &doc, is_about_us)?);
        let is_notice = |name: &str| !is_library(name) && name != stamp::FILE;
        items.extend(files(&runtime, &doc.join("onnxruntime"), is_notice)?);
    }
    Ok(items)
}

fn is_library(name: &str) -> bool {
    name.ends_with(".dll")
}
