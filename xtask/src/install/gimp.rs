//! The GIMP filter: one plug-in folder with the program, the engine, ONNX Runtime and the
//! networks.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::item::{Item, What};
use super::layout::{files, is_about_us, notices, runtimes, tree};
use super::{Place, check_writable};
use crate::cargo::{self, Built};
use crate::interface;
use crate::repo::Repo;
use crate::runtime;
use crate::setup::setup;

/// The folder, and the program in it: GIMP wants them to have one name.
const NAME: &str = "impasto-gimp";
/// The list of what was installed, in the plug-in folder.
const OWN_LIST: &str = "install-manifest.txt";
/// The same under a prefix, where Impasto itself may be installed, too.
const PREFIX_LIST: &str = "share/impasto/gimp-install-manifest.txt";
/// Where GIMP looks for plug-ins under the prefix that it was built for; 3.2 looks there too.
const PREFIX_FOLDER: &str = "lib/gimp/3.0/plug-ins";
const METAINFO: &str = "org.gimp.GIMP.Plugin.Impasto.metainfo.xml";

/// Installs the filter under a prefix, else for the current user; returns the plug-in folders.
pub fn install(repo: &Repo, prefix: Option<&Path>) -> Result<Vec<PathBuf>> {
    let folders = match prefix {
        Some(prefix) => vec![prefix.to_path_buf()],
        None => plug_in_folders()?,
    };
    // Before the long build.
    for folder in &folders {
        check_writable(folder).context("installing the GIMP filter")?;
    }
    setup(&runtime::CPU, repo)?;
    let built = cargo::build(repo)?;
    for folder in &folders {
        let to =
            if prefix.is_some() { Path::new(PREFIX_FOLDER).join(NAME) } else { PathBuf::new() };
        let mut items = plug_in(repo, &built, &to)?;
        if prefix.is_some() {
            let metainfo = repo.root().join("plugin-gimp").join(METAINFO);
            items.push(Item::file(metainfo, Path::new("share/metainfo").join(METAINFO)));
        }
        place(folder, prefix.is_some())
            .put(&items)
            .with_context(|| format!("installing into {}", folder.display()))?;
    }
    Ok(folders)
}

/// Removes what [`install`] put there, and nothing else; returns the plug-in folders.
pub fn uninstall(prefix: Option<&Path>) -> Result<Vec<PathBuf>> {
    let folders = match prefix {
        Some(prefix) => vec![prefix.to_path_buf()],
        None => {
            let mut folders = plug_in_folders()?;
            folders.retain(|folder| folder.join(OWN_LIST).is_file());
            folders
        }
    };
    if folders.is_empty() {
        bail!("uninstalling the GIMP filter: it is not installed for this user");
    }
    for folder in &folders {
        place(folder, prefix.is_some())
            .remove_all()
            .with_context(|| format!("uninstalling from {}", folder.display()))?;
        if prefix.is_none() {
            // GIMP's own folder above it stays; one that holds others' files stays, too.
            let _ = fs::remove_dir(folder);
        }
    }
    Ok(folders)
}

fn place(folder: &Path, is_prefix: bool) -> Place<'_> {
    Place { folder, list: if is_prefix { PREFIX_LIST } else { OWN_LIST } }
}

fn plug_in(repo: &Repo, built: &Built, to: &Path) -> Result<Vec<Item>> {
    let (Some(filter), Some(library)) = (&built.gimp_filter, &built.library) else {
        bail!("cargo made no GIMP filter or no library. Restore them in the workspace");
    };
    let mut items = vec![
        Item::new(What::Program(filter.clone()), to.join(NAME)),
        Item::file(library, to.join(interface::library_name())),
    ];
    items.extend(runtimes(repo, to)?);
    items.extend(tree(&repo.models(), &to.join("models"))?);
    items.extend(files(repo.root(), &to.join("doc"), is_about_us)?);
    items.extend(notices(repo, &to.join("doc"))?);
    Ok(items)
}

/// The plug-in folder of the filter in each of the user's folders of GIMP 3.
fn plug_in_folders() -> Result<Vec<PathBuf>> {
    let parents = settings_folders(|name| env::var_os(name).map(PathBuf::from));
    let mut folders = Vec::new();
    for parent in &parents {
        let entries = fs::read_dir(parent).into_iter().flatten().filter_map(Result::ok);
        folders.extend(entries.map(|entry| entry.path()).filter(|path| is_of_gimp_3(path)));
    }
    folders.sort();
    if folders.is_empty() {
        let parents: Vec<_> = parents.iter().map(|path| path.display().to_string()).collect();
        bail!(
            "looking for GIMP 3: there is no folder of its settings (3.0, 3.2, ...) in {}. Start \
             GIMP once, and try again",
            parents.join(", ")
        );
    }
    Ok(folders.into_iter().map(|folder| folder.join("plug-ins").join(NAME)).collect())
}

fn is_of_gimp_3(folder: &Path) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let minor = name.strip_prefix("3.").and_then(|minor| minor.parse::<u32>().ok());
    minor.is_some() && folder.is_dir()
}

/// The folders in which GIMP keeps a folder for each version: its own, and Flatpak's and Snap's.
fn settings_folders(variable: impl Fn(&str) -> Option<PathBuf>) -> Vec<PathBuf> {
    let home = variable("HOME");
    let below_home = |path: &str| home.as_ref().map(|home| home.join(path));
    let own = variable("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
    [
        own.or_else(|| below_home(".config")).map(|config| config.join("GIMP")),
        below_home(".var/app/org.gimp.GIMP/config/GIMP"),
        below_home("snap/gimp/current/.config/GIMP"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_gimp_3_are_known_by_their_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["2.10", "3.0", "3.2", "3.x", "4.0"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let is = |name: &str| is_of_gimp_3(&folder.path().join(name));
        assert_eq!(
            ["2.10", "3.0", "3.2", "3.x", "4.0", "3.9"].map(is),
            [false, true, true, false, false, false]
        );
    }

    #[test]
    fn settings_lie_below_home_or_where_the_variable_says() {
        let folders = settings_folders(|name| (name == "HOME").then(|| "/home/a".into()));
        assert_eq!(folders[0], Path::new("/home/a/.config/GIMP"));
        assert_eq!(folders.len(), 3);
        let folders = settings_folders(|name| (name == "XDG_CONFIG_HOME").then(|| "/c".into()));
        assert_eq!(folders, [Path::new("/c/GIMP")]);
    }
}
