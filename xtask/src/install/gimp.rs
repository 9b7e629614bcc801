//! The GIMP filter: a small program in GIMP's folder of plug-ins, and the engine, ONNX Runtime and
//! the networks, which it finds beside itself or in the user's folder of data.

mod everybody;
mod users;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::gegl;
use super::item::Item;
use super::layout::{files, is_about_us, networks, notices, runtimes};
use super::manual;
use super::{Place, check_writable, staged};
use crate::cargo::{self, Built};
use crate::interface;
use crate::repo::Repo;
use crate::runtime;
use crate::setup::setup;
use crate::translations;
use users::User;

/// The folder of plug-ins' own folder, and the program in it: GIMP wants them to have one name.
/// The folder of data has it, too.
const NAME: &str = "impasto-gimp";
/// The list of what was installed, in each of these folders.
const OWN_LIST: &str = "install-manifest.txt";
/// The same under a prefix, where Impasto itself may be installed, too.
const PREFIX_LIST: &str = "share/impasto/gimp-install-manifest.txt";
/// What AppStream and the programs that read it call the filter.
const ID: &str = "org.gimp.GIMP.Plugin.Impasto";

/// Where to.
pub enum To<'a> {
    /// Every GIMP of the current user.
    User,
    /// Everybody's GIMP under a prefix, whose folder of plug-ins may be named.
    Prefix { prefix: &'a Path, folder: Option<&'a Path>, stage: Option<&'a Path> },
    /// A folder of plug-ins.
    Folder { folder: &'a Path, stage: Option<&'a Path> },
}

impl<'a> To<'a> {
    pub fn new(
        prefix: Option<&'a Path>,
        folder: Option<&'a Path>,
        stage: Option<&'a Path>,
    ) -> Result<Self> {
        match (prefix, folder, stage) {
            (Some(prefix), folder, stage) => Ok(Self::Prefix { prefix, folder, stage }),
            (None, Some(folder), stage) => Ok(Self::Folder { folder, stage }),
            (None, None, None) => Ok(Self::User),
            (None, None, Some(_)) => bail!(
                "installing for the current user goes to no other folder. Give a --prefix beside \
                 --destdir"
            ),
        }
    }
}

/// Installs the filter; returns the folders that hold its program.
pub fn install(repo: &Repo, to: &To<'_>) -> Result<Vec<PathBuf>> {
    let parts = parts(to)?;
    // Before the long build.
    for part in &parts {
        check_writable(&part.folder).context("installing the GIMP filter")?;
    }
    setup(&runtime::CPU, repo)?;
    let built = cargo::build(repo)?;
    for part in &parts {
        let items = part.items(repo, &built)?;
        part.place()
            .put(&items)
            .with_context(|| format!("installing into {}", part.folder.display()))?;
    }
    Ok(parts.iter().filter_map(Part::program_folder).collect())
}

/// Removes what [`install`] put there, and nothing else; returns the folders that held the program.
pub fn uninstall(to: &To<'_>) -> Result<Vec<PathBuf>> {
    let mut parts = parts(to)?;
    if let To::User = to {
        parts.retain(|part| part.folder.join(part.place().list).is_file());
    }
    ensure!(!parts.is_empty(), "uninstalling the GIMP filter: it is not installed for this user");
    for part in &parts {
        part.place()
            .remove_all()
            .with_context(|| format!("uninstalling from {}", part.folder.display()))?;
        if part.place().list != PREFIX_LIST {
            // GIMP's own folder above it stays; one that holds others' files stays, too.
            let _ = fs::remove_dir(&part.folder);
        }
    }
    Ok(parts.iter().filter_map(Part::program_folder).collect())
}

/// One folder to install into, and what of the filter belongs there.
struct Part {
    folder: PathBuf,
    what: What,
}

enum What {
    /// What the program finds in the user's folder of data.
    Data,
    /// The program with the catalogues of its words alone.
    Program,
    /// The layer effect's module alone.
    Module,
    /// All, in one folder.
    Whole,
    /// All in this folder below the prefix, and what tells of it.
    ForEverybody(PathBuf),
}

fn parts(to: &To<'_>) -> Result<Vec<Part>> {
    match to {
        To::User => {
            let mut parts = Vec::new();
            for User { plug_ins, data } in users::find(NAME)? {
                if gegl::IS_MADE {
                    let folder = gegl::users_folder(&data);
                    parts.push(Part { folder, what: What::Module });
                }
                parts.push(Part { folder: data, what: What::Data });
                let programs = plug_ins.into_iter();
                parts.extend(programs.map(|folder| Part { folder, what: What::Program }));
            }
            Ok(parts)
        }
        To::Folder { folder, stage } => {
            Ok(vec![Part { folder: staged(*stage, &folder.join(NAME))?, what: What::Whole }])
        }
        To::Prefix { prefix, folder, stage } => {
            let plug_ins = match folder {
                Some(folder) => everybody::below(prefix, folder)?,
                None => everybody::plug_ins(prefix),
            };
            let what = What::ForEverybody(plug_ins.join(NAME));
            Ok(vec![Part { folder: staged(*stage, prefix)?, what }])
        }
    }
}

impl Part {
    fn place(&self) -> Place<'_> {
        let list = match self.what {
            What::ForEverybody(_) => PREFIX_LIST,
            What::Module => gegl::OWN_LIST,
            _ => OWN_LIST,
        };
        Place { folder: &self.folder, list }
    }

    fn program_folder(&self) -> Option<PathBuf> {
        match &self.what {
            What::Data | What::Module => None,
            What::Program | What::Whole => Some(self.folder.clone()),
            What::ForEverybody(plug_in) => Some(self.folder.join(plug_in)),
        }
    }

    fn items(&self, repo: &Repo, built: &Built) -> Result<Vec<Item>> {
        let here = Path::new("");
        Ok(match &self.what {
            What::Data => data(repo, built, here)?,
            What::Program => program(repo, built, here)?,
            What::Module => vec![gegl::module(built, here)?],
            What::Whole => whole(repo, built, here)?,
            What::ForEverybody(plug_in) => {
                let mut items = whole(repo, built, plug_in)?;
                items.extend(descriptions(repo));
                if let (true, Some(to)) = (gegl::IS_MADE, gegl::everybodys_folder(plug_in)) {
                    items.push(gegl::module(built, &to)?);
                }
                items
            }
        })
    }
}

fn whole(repo: &Repo, built: &Built, to: &Path) -> Result<Vec<Item>> {
    let mut items = data(repo, built, to)?;
    items.extend(program(repo, built, to)?);
    Ok(items)
}

fn program(repo: &Repo, built: &Built, to: &Path) -> Result<Vec<Item>> {
    let filter = built.gimp_filter.as_ref();
    let filter = filter.context("cargo made no GIMP filter. Restore it in the workspace")?;
    let mut items = vec![Item::program(filter, to.join(NAME))];
    items.extend(catalogues(repo, to)?);
    Ok(items)
}

/// The words of all languages, where GIMP looks for them: beside the program in the folder `to`.
pub fn catalogues(repo: &Repo, to: &Path) -> Result<Vec<Item>> {
    let items = translations::compiled(repo)?.into_iter();
    let items = items.map(|(from, place)| Item::file(from, to.join("locale").join(place)));
    Ok(items.collect())
}

fn data(repo: &Repo, built: &Built, to: &Path) -> Result<Vec<Item>> {
    let library = built.library.as_ref();
    let library = library.context("cargo made no library. Restore it in the workspace")?;
    let mut items = vec![Item::library(library, to.join(interface::library_name()))];
    items.extend(runtimes(repo, to)?);
    items.extend(networks(repo, &to.join("models"))?);
    items.extend(files(repo.root(), &to.join("doc"), is_about_us)?);
    items.push(Item::text(manual::page(repo)?, to.join("doc").join(manual::NAME)));
    items.extend(notices(repo, &to.join("doc"))?);
    Ok(items)
}

/// What programs that install software read.
fn descriptions(repo: &Repo) -> [Item; 3] {
    let icons = Path::new("share/icons/hicolor");
    [
        (format!("{ID}.metainfo.xml"), Path::new("share/metainfo").to_owned()),
        (format!("{ID}.svg"), icons.join("scalable/apps")),
        (format!("{ID}.png"), icons.join("128x128/apps")),
    ]
    .map(|(name, folder)| {
        Item::file(repo.root().join("plugin-gimp").join(&name), folder.join(name))
    })
}
