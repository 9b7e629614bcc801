//! `cargo xtask install`: Impasto under a prefix, and away again.

mod binary;
mod development;
pub mod editors;
mod gegl;
pub mod gimp;
mod item;
mod layout;
mod manifest;
mod manual;
pub mod ofx;
pub mod windows;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use crate::cargo;
use crate::replace;
use crate::repo::Repo;
use crate::runtime;
use crate::setup::setup;
pub use binary::sources;
use item::{Item, What};
use layout::layout;
use manifest::Manifest;

/// Where the list of what was installed is under the prefix.
const LIST: &str = "share/impasto/install-manifest.txt";

/// A folder to install into, and the list of what was installed, relative to it.
struct Place<'a> {
    folder: &'a Path,
    list: &'static str,
}

/// Builds Impasto and installs it with all it needs at run time.
pub fn install(repo: &Repo, prefix: &Path) -> Result<()> {
    let attempt = || format!("installing into {}", prefix.display());
    // Before the long build.
    check_writable(prefix).with_context(attempt)?;
    setup(&runtime::CPU, repo)?;
    let built = cargo::build(repo)?;
    let items = layout(repo, &built).with_context(attempt)?;
    Place { folder: prefix, list: LIST }.put(&items).with_context(attempt)
}

/// Removes what [`install`] put there, and nothing else.
pub fn uninstall(prefix: &Path) -> Result<()> {
    let place = Place { folder: prefix, list: LIST };
    place.remove_all().with_context(|| format!("uninstalling from {}", prefix.display()))
}

/// Where packagers collect what will lie at `path` on other machines.
pub fn staged(stage: Option<&Path>, path: &Path) -> Result<PathBuf> {
    let Some(stage) = stage else {
        return Ok(path.to_path_buf());
    };
    let path = std::path::absolute(path)?;
    let below_root = path.components().filter(|part| matches!(part, Component::Normal(_)));
    Ok(stage.join(below_root.collect::<PathBuf>()))
}

fn check_writable(prefix: &Path) -> Result<()> {
    let prefix = std::path::absolute(prefix)?;
    let existing = prefix.ancestors().find(|folder| folder.symlink_metadata().is_ok());
    let existing = existing.unwrap_or(&prefix);
    tempfile::tempfile_in(existing).map(drop).map_err(|error| unwritable(existing, &error))
}

impl Place<'_> {
    /// The list is written first, with all that will be there: an installation that is cut short
    /// can be removed too.
    fn put(&self, items: &[Item]) -> Result<()> {
        let (prefix, list) = (self.folder, Path::new(self.list));
        let list_path = prefix.join(list);
        let old = Manifest::read(&list_path)?.unwrap_or_default();
        let mut new = Manifest { folders: old.folders.clone(), ..Manifest::default() };
        new.files.extend(items.iter().map(|item| item.to.clone()));
        let targets = items.iter().map(|item| item.to.as_path()).chain([list]);
        new.folders.extend(missing_folders(targets, prefix));

        let mut either = new.clone();
        either.files.extend(old.files.iter().cloned());
        make_parent(prefix, list)?;
        either.write(&list_path)?;

        for item in items {
            make_parent(prefix, &item.to)?;
            put(&item.what, &prefix.join(&item.to))
                .map_err(|error| unwritable(&item.to, &error))?;
        }
        for file in old.files.difference(&new.files) {
            remove(prefix, file)?;
        }
        remove_unused_folders(&mut new, list, prefix);
        new.write(&list_path)
    }

    fn remove_all(&self) -> Result<()> {
        let (prefix, list) = (self.folder, Path::new(self.list));
        let Some(manifest) = Manifest::read(&prefix.join(list))? else {
            bail!(
                "there is no {} in it, so nothing was installed there. \
                 Give the --prefix that was given to install",
                self.list
            );
        };
        for file in &manifest.files {
            remove(prefix, file)?;
        }
        remove(prefix, list)?;
        // A parent sorts before its children.
        for folder in manifest.folders.iter().rev() {
            // One that has others' files stays.
            let _ = fs::remove_dir(prefix.join(folder));
        }
        Ok(())
    }
}

/// Those that installing made, once, and that nothing is in any more.
fn remove_unused_folders(manifest: &mut Manifest, list: &Path, prefix: &Path) {
    let is_used = |folder: &Path| {
        list.starts_with(folder) || manifest.files.iter().any(|file| file.starts_with(folder))
    };
    let unused: Vec<_> =
        manifest.folders.iter().filter(|folder| !is_used(folder)).cloned().collect();
    // A parent sorts before its children.
    for folder in unused.iter().rev() {
        // One that has others' files stays, and may be removed another time.
        if fs::remove_dir(prefix.join(folder)).is_ok() {
            manifest.folders.remove(folder);
        }
    }
}

fn put(what: &What, destination: &Path) -> io::Result<()> {
    match what {
        What::File(from) => replace::file(from, destination, false),
        What::Program(from) => replace::file(from, destination, true),
        What::Built { from, is_program } => binary::put(from, destination, *is_program),
        What::Text(text) => replace::text(text, destination),
        What::Link(name) => replace::link(name, destination),
    }
}

fn missing_folders<'a>(files: impl Iterator<Item = &'a Path>, prefix: &Path) -> BTreeSet<PathBuf> {
    files
        .flat_map(|file| file.ancestors().skip(1))
        .filter(|folder| !folder.as_os_str().is_empty() && !prefix.join(folder).exists())
        .map(Path::to_path_buf)
        .collect()
}

fn make_parent(prefix: &Path, file: &Path) -> Result<()> {
    let path = prefix.join(file);
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    replace::make_folder(folder).map_err(|error| unwritable(folder, &error))
}

fn remove(prefix: &Path, file: &Path) -> Result<()> {
    match fs::remove_file(prefix.join(file)) {
        Err(error) if error.kind() != ErrorKind::NotFound => bail!(
            "cannot remove {} ({error}). Try again with the rights of its owner",
            file.display()
        ),
        _ => Ok(()),
    }
}

fn unwritable(path: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!("cannot write {} ({error}). Choose a --prefix that you may write to", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use walkdir::WalkDir;

    fn source(folder: &Path, to: &str) -> PathBuf {
        let from = folder.join(to.replace('/', "-"));
        fs::write(&from, to).unwrap();
        from
    }

    fn file(folder: &Path, to: &str) -> Item {
        Item::file(source(folder, to), to)
    }

    fn program(folder: &Path, to: &str) -> Item {
        Item::new(What::Program(source(folder, to)), to)
    }

    fn place(items: impl AsRef<[Item]>, prefix: &Path) -> Result<()> {
        Place { folder: prefix, list: LIST }.put(items.as_ref())
    }

    fn contents(folder: &Path) -> BTreeSet<PathBuf> {
        let entries = WalkDir::new(folder).min_depth(1).into_iter();
        entries.map(|e| e.unwrap().path().strip_prefix(folder).unwrap().to_path_buf()).collect()
    }

    #[test]
    fn uninstalling_removes_exactly_what_was_installed() {
        let source = tempfile::tempdir().unwrap();
        let prefix = tempfile::tempdir().unwrap();
        let prefix = prefix.path();
        fs::create_dir_all(prefix.join("share/impasto")).unwrap();
        fs::create_dir(prefix.join("bin")).unwrap();
        fs::write(prefix.join("share/impasto/mine"), "mine").unwrap();
        let before = contents(prefix);

        let items = [
            program(source.path(), "bin/impasto"),
            file(source.path(), "lib/impasto/libonnxruntime.so"),
            file(source.path(), "share/impasto/models/deep/a.onnx"),
        ];
        place(&items, prefix).unwrap();
        for item in &items {
            assert_eq!(
                fs::read_to_string(prefix.join(&item.to)).unwrap(),
                item.to.to_str().unwrap()
            );
        }
        fs::create_dir(prefix.join("lib/other")).unwrap();
        uninstall(prefix).unwrap();

        let mut after = before;
        after.extend(["lib".into(), "lib/other".into()]);
        assert_eq!(contents(prefix), after);
    }

    #[test]
    fn installing_again_removes_what_is_no_longer_part() {
        let source = tempfile::tempdir().unwrap();
        let prefix = tempfile::tempdir().unwrap();
        let prefix = prefix.path();
        let old = file(source.path(), "share/impasto/models/deep/old.onnx");
        let kept = program(source.path(), "bin/impasto");

        place([old, kept], prefix).unwrap();
        place([program(source.path(), "bin/impasto")], prefix).unwrap();
        assert!(prefix.join("bin/impasto").is_file());
        assert!(!prefix.join("share/impasto/models").exists());
        uninstall(prefix).unwrap();
        assert!(contents(prefix).is_empty());
    }

    #[test]
    #[cfg(unix)]
    fn links_are_replaced_and_removed_and_what_they_lead_to_stays() {
        let source = tempfile::tempdir().unwrap();
        let prefix = tempfile::tempdir().unwrap();
        let prefix = prefix.path();
        let link = |to: &str| Item::new(What::Link(to.to_owned()), "lib/a.so");

        place([file(source.path(), "lib/a.so.1"), link("a.so.1")], prefix).unwrap();
        place([file(source.path(), "lib/a.so.2"), link("a.so.2")], prefix).unwrap();
        assert_eq!(fs::read_link(prefix.join("lib/a.so")).unwrap(), Path::new("a.so.2"));
        assert_eq!(fs::read_to_string(prefix.join("lib/a.so")).unwrap(), "lib/a.so.2");

        fs::write(prefix.join("lib/mine"), "mine").unwrap();
        fs::remove_file(prefix.join("lib/a.so")).unwrap();
        replace::link("mine", &prefix.join("lib/a.so")).unwrap();
        uninstall(prefix).unwrap();
        assert_eq!(contents(prefix), ["lib".into(), "lib/mine".into()].into());
    }

    #[test]
    #[cfg(unix)]
    fn everybody_may_read_and_run_what_is_installed() {
        use std::os::unix::fs::PermissionsExt;

        let source = tempfile::tempdir().unwrap();
        let prefix = tempfile::tempdir().unwrap();
        let prefix = prefix.path();
        let items = [program(source.path(), "bin/impasto"), file(source.path(), "share/a")];
        place(&items, prefix).unwrap();
        let mode = |name| fs::metadata(prefix.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode("bin/impasto"), 0o755);
        assert_eq!(mode("share/a"), 0o644);
        assert_eq!(mode(LIST), 0o644);
    }

    #[test]
    fn what_is_staged_lies_below_the_stage() {
        let usr = Path::new("/usr");
        let staged = |stage: &str| staged(Some(Path::new(stage)), usr).unwrap();
        assert_eq!(staged("/tmp/stage"), Path::new("/tmp/stage/usr"));
        assert_eq!(staged("stage"), Path::new("stage/usr"));
        assert_eq!(super::staged(None, usr).unwrap(), usr);
    }

    #[test]
    fn a_prefix_that_cannot_be_written_is_refused_before_the_build() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let message = check_writable(&file.join("prefix")).unwrap_err().to_string();
        assert!(message.contains(&*file.to_string_lossy()), "{message}");
        assert!(message.ends_with("Choose a --prefix that you may write to"), "{message}");
    }

    #[test]
    fn a_list_that_reaches_outside_the_prefix_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let prefix = folder.path().join("prefix");
        fs::create_dir_all(prefix.join("share/impasto")).unwrap();
        fs::write(folder.path().join("mine"), "mine").unwrap();
        fs::write(prefix.join(LIST), "bin/impasto\n../mine\n").unwrap();
        uninstall(&prefix).unwrap_err();
        assert!(folder.path().join("mine").exists());
    }

    #[test]
    fn uninstalling_where_nothing_is_installed_says_so() {
        let prefix = tempfile::tempdir().unwrap();
        let message = format!("{:#}", uninstall(prefix.path()).unwrap_err());
        assert!(message.contains(LIST), "{message}");
    }
}
