//! Where ONNX Runtime's library may lie.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::{Cure, Error, ErrorKind, Result};

/// Names the library by its file.
pub(crate) const ENVIRONMENT_VARIABLE: &str = "IMPASTO_ONNXRUNTIME";

#[cfg(windows)]
const FILE_NAME: &str = "onnxruntime.dll";
#[cfg(target_os = "macos")]
const FILE_NAME: &str = "libonnxruntime.dylib";
#[cfg(not(any(windows, target_os = "macos")))]
const FILE_NAME: &str = "libonnxruntime.so";

/// The system's folders of libraries. The loader is always given a full path: a bare name would
/// let the working directory or `PATH` decide on Windows.
#[cfg(windows)]
const SYSTEM_FOLDERS: [&str; 0] = [];
#[cfg(not(windows))]
const SYSTEM_FOLDERS: [&str; 5] = [
    "/usr/local/lib",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
];

/// A version of ONNX Runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuntimeVersion {
    /// 1 so far.
    pub major: u32,
    /// The C interface's version.
    pub minor: u32,
    /// Bug fixes.
    pub patch: u32,
}

impl RuntimeVersion {
    /// The oldest version whose C interface the engine uses.
    pub const OLDEST: Self = Self { major: 1, minor: ort::MINOR_VERSION, patch: 0 };

    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(['.', '-', '+']).map(|part| part.parse().ok());
        let mut next = || parts.next().flatten();
        Some(Self { major: next()?, minor: next()?, patch: next().unwrap_or(0) })
    }
}

impl fmt::Display for RuntimeVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// The library's full path: `explicit`, else the environment's, else the first that exists beside
/// our own library, in its install prefix, or in the system's folders.
pub(super) fn locate(explicit: Option<&Path>) -> Result<PathBuf> {
    let named = explicit.map(|path| (path.to_owned(), "the path given".to_owned())).or_else(|| {
        let path = std::env::var_os(ENVIRONMENT_VARIABLE).filter(|path| !path.is_empty())?;
        Some((PathBuf::from(path), ENVIRONMENT_VARIABLE.to_owned()))
    });
    if let Some((path, origin)) = named {
        return std::path::absolute(&path).ok().filter(|path| path.exists()).ok_or_else(|| {
            let what = format!(
                "cannot load ONNX Runtime: '{}' ({origin}) does not exist; {CURE}",
                path.display()
            );
            Error::new(ErrorKind::Runtime, what)
        });
    }
    let folders = beside_module().into_iter().chain(SYSTEM_FOLDERS.iter().map(PathBuf::from));
    let candidates = Candidates::new(folders.map(|folder| folder.join(FILE_NAME)));
    candidates.find(Path::exists).ok_or_else(|| {
        let what = format!("cannot load ONNX Runtime: none of {candidates} exists");
        Error::new(ErrorKind::Runtime, what).cured(Cure::Installation, CURE)
    })
}

pub(super) const CURE: &str = "name a library of ONNX Runtime 1.24 or later with the engine's \
                               option runtime_path or the variable IMPASTO_ONNXRUNTIME";

/// Where a file may lie, nearest first, no place twice.
pub(crate) struct Candidates(Vec<PathBuf>);

impl Candidates {
    pub fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let mut candidates = Vec::new();
        for path in paths {
            if !candidates.contains(&path) {
                candidates.push(path);
            }
        }
        Self(candidates)
    }

    /// The first that is what is sought.
    pub fn find(&self, is_it: impl Fn(&Path) -> bool) -> Option<PathBuf> {
        self.0.iter().find(|path| is_it(path)).cloned()
    }
}

impl fmt::Display for Candidates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let looked: Vec<_> = self.0.iter().map(|path| path.display().to_string()).collect();
        f.write_str(&looked.join(", "))
    }
}

/// Folders that belong to our own library or program, nearest first.
pub(super) fn beside_module() -> Vec<PathBuf> {
    let Some(folder) = module_folder() else {
        return Vec::new();
    };
    let mut folders = vec![folder.clone(), folder.join("impasto")];
    if let Some(prefix) = folder.parent() {
        folders.push(prefix.join("lib/impasto"));
    }
    folders
}

/// The folder of the library or program that holds this code, links resolved; never the working
/// directory.
pub(crate) fn module_folder() -> Option<PathBuf> {
    let module = mapped_file()
        .or_else(process_path::get_dylib_path)
        .filter(|path| path.is_absolute())
        .or_else(|| std::env::current_exe().ok())?;
    // On Windows links are rare, and resolving gives names that begin with `\\?\`, which not all of
    // its functions take.
    let module = if cfg!(windows) { Some(module) } else { module.canonicalize().ok() };
    Some(module?.parent()?.to_owned())
}

/// The file that this code was mapped from, as Linux knows it. The loader's own answer (`dladdr`)
/// is relative where the library was opened by a relative path, and says not to what.
fn mapped_file() -> Option<PathBuf> {
    let own = mapped_file as *const () as usize;
    let maps = std::fs::read_to_string("/proc/self/maps").ok()?;
    maps.lines().find_map(|line| {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let start = usize::from_str_radix(start, 16).ok()?;
        let end = usize::from_str_radix(end, 16).ok()?;
        (start..end).contains(&own).then(|| rest.find('/').map(|at| PathBuf::from(&rest[at..])))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_numbers() {
        let parse = RuntimeVersion::parse;
        assert_eq!(parse("1.31.1").map(|v| v.to_string()).as_deref(), Some("1.31.1"));
        assert!(parse("1.9.0") < parse("1.24.0"));
        assert_eq!(parse("1.25.0-dev"), Some(RuntimeVersion { major: 1, minor: 25, patch: 0 }));
        assert_eq!(parse("one"), None);
    }

    #[test]
    fn no_place_is_named_twice() {
        let candidates = Candidates::new(["/a/x", "/b/x", "/a/x"].map(PathBuf::from));
        assert_eq!(candidates.to_string(), "/a/x, /b/x");
        assert_eq!(candidates.find(|path| path.starts_with("/b")), Some("/b/x".into()));
        assert_eq!(candidates.find(|_| false), None);
    }

    #[test]
    fn own_folder_is_found() {
        assert!(module_folder().is_some_and(|folder| folder.is_absolute() && folder.is_dir()));
    }
}
