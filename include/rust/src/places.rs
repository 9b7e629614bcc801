//! Where `libimpasto` lies.

use std::path::{Path, PathBuf};

use crate::error::{Cure, Error, Result, Status};
use crate::ffi::module_path;

/// Names the library by its file.
const ENVIRONMENT_VARIABLE: &str = "IMPASTO_LIBRARY";

#[cfg(windows)]
const FILE_NAMES: [&str; 1] = ["impasto.dll"];
#[cfg(target_os = "macos")]
const FILE_NAMES: [&str; 1] = ["libimpasto.dylib"];
/// The first carries the version of the interface.
#[cfg(not(any(windows, target_os = "macos")))]
const FILE_NAMES: [&str; 2] = ["libimpasto.so.0.2", "libimpasto.so"];

/// Folders from the module's own, nearest first.
const BESIDE_MODULE: [&str; 4] = ["", "lib", "../lib", "../lib/impasto"];

/// In the user's home, where `cargo xtask install --prefix ~/.local` puts it.
#[cfg(windows)]
const IN_HOME: [&str; 0] = [];
#[cfg(not(windows))]
const IN_HOME: [&str; 1] = [".local/lib"];

#[cfg(windows)]
const SYSTEM_FOLDERS: [&str; 0] = [];
#[cfg(not(windows))]
const SYSTEM_FOLDERS: [&str; 5] = [
    "/usr/local/lib",
    "/usr/lib",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
];

const CURE: &str = "install Impasto (`cargo xtask install`), or name its library with the variable \
                    IMPASTO_LIBRARY";

/// The files that are looked for where none is named, nearest first. The host's own folders come
/// right after those that belong to its program or shared library.
pub fn places(own: &[PathBuf]) -> Vec<PathBuf> {
    folders(own).iter().flat_map(|folder| FILE_NAMES.map(|name| folder.join(name))).collect()
}

/// The full path of the library, links resolved: the file `explicit`, else the one that the
/// environment names, else the first of [`places`] that exists.
pub fn find(explicit: Option<&Path>, own: &[PathBuf]) -> Result<PathBuf> {
    let environment = || std::env::var_os(ENVIRONMENT_VARIABLE).filter(|path| !path.is_empty());
    let named = explicit.map(Path::to_owned).or_else(|| environment().map(PathBuf::from));
    if let Some(named) = named {
        let path =
            resolved(&named).map_err(|e| refused(&named, &format!("cannot be read ({e})")))?;
        return if path.is_file() { Ok(path) } else { Err(refused(&path, "is not a file")) };
    }
    let found = places(own).into_iter().find(|place| place.is_file());
    found.and_then(|place| resolved(&place).ok()).ok_or_else(|| {
        let folders: Vec<_> = folders(own).iter().map(|f| f.display().to_string()).collect();
        let (names, folders) = (FILE_NAMES.join(" nor "), folders.join(", "));
        failed(format!("cannot find Impasto's library: no {names} is in {folders}"))
    })
}

/// The error of a file that cannot be used.
pub fn refused(path: &Path, why: &str) -> Error {
    failed(format!("cannot load Impasto's library: '{}' {why}", path.display()))
}

fn failed(failure: String) -> Error {
    Error::new(Status::Library, format!("{failure}; {CURE}")).cured(Cure::Installation, failure)
}

fn folders(own: &[PathBuf]) -> Vec<PathBuf> {
    let module = module_path().and_then(|module| resolved(&module).ok());
    let folder = module.as_deref().and_then(Path::parent);
    let beside = folder.into_iter().flat_map(|own| BESIDE_MODULE.map(|place| below(own, place)));
    let own = own.iter().filter(|folder| folder.is_absolute()).cloned();
    let home = std::env::home_dir().filter(|home| home.is_absolute());
    let in_home = home.into_iter().flat_map(|home| IN_HOME.map(|place| home.join(place)));
    beside.chain(own).chain(in_home).chain(SYSTEM_FOLDERS.map(PathBuf::from)).collect()
}

/// `own` with `place` after it, without the dots, which people find hard to read.
fn below(own: &Path, place: &str) -> PathBuf {
    match (place.strip_prefix("../"), own.parent()) {
        (Some(place), Some(parent)) => parent.join(place),
        _ if place.is_empty() => own.to_owned(),
        _ => own.join(place),
    }
}

/// The full path of a file that exists, links resolved. On Windows links are rare, and resolving
/// gives names that begin with `\\?\`, which not all of its functions take.
fn resolved(path: &Path) -> std::io::Result<PathBuf> {
    path.metadata()?;
    if cfg!(windows) { std::path::absolute(path) } else { path.canonicalize() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::Version;

    #[test]
    fn places_are_absolute_and_nearest_first() {
        let own = resolved(&module_path().unwrap()).unwrap().parent().unwrap().to_owned();
        let places = places(&[]);
        assert!(places.iter().all(|place| place.is_absolute()));
        assert!(places[0].starts_with(&own));
        assert_eq!(below(Path::new("/opt/bin"), "../lib"), Path::new("/opt/lib"));
        assert_eq!(below(Path::new("/opt/bin"), ""), Path::new("/opt/bin"));
        assert_eq!(below(Path::new("/"), "../lib"), Path::new("/../lib"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_first_name_carries_the_version_of_the_interface() {
        let Version { major, minor, .. } = Version::NEEDED;
        assert_eq!(FILE_NAMES[0], format!("libimpasto.so.{major}.{minor}"));
    }

    #[cfg(unix)]
    #[test]
    fn the_hosts_folder_comes_before_the_users_and_that_before_the_systems() {
        let home = std::env::home_dir().filter(|home| home.is_absolute()).unwrap();
        let places = places(&["/data/host", "relative"].map(PathBuf::from));
        assert!(places.iter().all(|place| place.is_absolute()));
        let at = |folder: &Path| places.iter().position(|p| p.parent() == Some(folder)).unwrap();
        assert_eq!(at(Path::new("/data/host")), BESIDE_MODULE.len() * FILE_NAMES.len());
        assert!(at(Path::new("/data/host")) < at(&home.join(".local/lib")));
        assert!(at(&home.join(".local/lib")) < at(Path::new("/usr/local/lib")));
    }
}
