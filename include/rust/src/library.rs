//! Finding and loading `libimpasto`.
#![allow(unsafe_code)]

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::mem::ManuallyDrop;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::error::{Error, Result, Status};
use crate::ffi::{Functions, VersionNumber, module_path};
use crate::parameters::Parameter;
use crate::version::Version;

/// Names the library by its file.
const ENVIRONMENT_VARIABLE: &str = "IMPASTO_LIBRARY";

#[cfg(windows)]
const FILE_NAMES: [&str; 1] = ["impasto.dll"];
#[cfg(target_os = "macos")]
const FILE_NAMES: [&str; 1] = ["libimpasto.dylib"];
/// The first carries the major version of the interface.
#[cfg(not(any(windows, target_os = "macos")))]
const FILE_NAMES: [&str; 2] = ["libimpasto.so.0", "libimpasto.so"];

/// Folders from the module's own, nearest first.
const BESIDE_MODULE: [&str; 4] = ["", "lib", "../lib", "../lib/impasto"];

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

/// The loaded library. There is one a process; it is never unloaded.
#[derive(Clone, Copy)]
pub struct Library(&'static Loaded);

struct Loaded {
    functions: Functions,
    version: Version,
    path: PathBuf,
}

static LOADED: OnceLock<Loaded> = OnceLock::new();

impl Library {
    /// Loads the library `explicit`, else the one that the environment variable `IMPASTO_LIBRARY`
    /// names, else the first of [`Library::places`] that exists. A library that was loaded before
    /// is returned at once. A failure is tried again at the next call.
    ///
    /// # Errors
    /// `Library`, with words that name the file, or all places, and the cure.
    pub fn load(explicit: Option<&Path>) -> Result<Self> {
        static LOADING: Mutex<()> = Mutex::new(());
        if let (None, Some(loaded)) = (explicit, LOADED.get()) {
            return Ok(Self(loaded));
        }
        let _one_at_a_time = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
        let path = find(explicit)?;
        match LOADED.get() {
            Some(loaded) if explicit.is_none() || loaded.path == path => Ok(Self(loaded)),
            Some(loaded) => {
                open(path.clone())?;
                Err(refused(
                    &path,
                    &format!("comes too late: '{}' is loaded", loaded.path.display()),
                ))
            }
            None => {
                let loaded = open(path)?;
                Ok(Self(LOADED.get_or_init(|| loaded)))
            }
        }
    }

    /// The files that are looked for, in this order, where none is named: beside the program or
    /// shared library that contains this crate, in its install prefix, in the system's folders.
    /// Never in the working directory. Loads nothing.
    pub fn places() -> Vec<PathBuf> {
        folders().iter().flat_map(|folder| FILE_NAMES.map(|name| folder.join(name))).collect()
    }

    /// The library's version.
    pub fn version(&self) -> Version {
        self.0.version
    }

    /// The library's file.
    pub fn path(&self) -> &'static Path {
        &self.0.path
    }

    /// The parameters of a painting, in the order in which controls should stand. Loads neither
    /// ONNX Runtime nor a network.
    pub fn parameters(&self) -> Vec<Parameter> {
        self.functions().parameters()
    }

    pub(crate) fn functions(&self) -> &'static Functions {
        &self.0.functions
    }
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library").field("path", &self.path()).finish_non_exhaustive()
    }
}

fn folders() -> Vec<PathBuf> {
    let module = module_path().and_then(|module| resolved(&module).ok());
    let own = module.as_deref().and_then(Path::parent);
    let beside = own.into_iter().flat_map(|own| BESIDE_MODULE.map(|place| below(own, place)));
    beside.chain(SYSTEM_FOLDERS.map(PathBuf::from)).collect()
}

/// `own` with `place` after it, without the dots, which people find hard to read.
fn below(own: &Path, place: &str) -> PathBuf {
    match (place.strip_prefix("../"), own.parent()) {
        (Some(place), Some(parent)) => parent.join(place),
        _ if place.is_empty() => own.to_owned(),
        _ => own.join(place),
    }
}

/// The full path of the library, links resolved.
fn find(explicit: Option<&Path>) -> Result<PathBuf> {
    let environment = || std::env::var_os(ENVIRONMENT_VARIABLE).filter(|path| !path.is_empty());
    let named = explicit.map(Path::to_owned).or_else(|| environment().map(PathBuf::from));
    if let Some(named) = named {
        let path =
            resolved(&named).map_err(|e| refused(&named, &format!("cannot be read ({e})")))?;
        return if path.is_file() { Ok(path) } else { Err(refused(&path, "is not a file")) };
    }
    let found = Library::places().into_iter().find(|place| place.is_file());
    found.and_then(|place| resolved(&place).ok()).ok_or_else(|| {
        let folders: Vec<_> = folders().iter().map(|f| f.display().to_string()).collect();
        let (names, folders) = (FILE_NAMES.join(" nor "), folders.join(", "));
        let what = format!("cannot find Impasto's library: no {names} is in {folders}; {CURE}");
        Error::new(Status::Library, what)
    })
}

/// The full path of a file that exists, links resolved. On Windows links are rare, and resolving
/// gives names that begin with `\\?\`, which not all of its functions take.
fn resolved(path: &Path) -> std::io::Result<PathBuf> {
    path.metadata()?;
    if cfg!(windows) { std::path::absolute(path) } else { path.canonicalize() }
}

/// Loads the library at `path`, an absolute one, and refuses what this crate cannot use.
fn open(path: PathBuf) -> Result<Loaded> {
    let is_truncated =
        is_truncated(&path).map_err(|e| refused(&path, &format!("cannot be read ({e})")))?;
    if is_truncated {
        return Err(refused(&path, "is truncated"));
    }
    // SAFETY: running a library's constructors is what loading means; the path comes from the
    // user or from an installation, as any plug-in's does.
    let library = unsafe { load(&path) }.map_err(|e| {
        let why = std::error::Error::source(&e).map_or(e.to_string(), ToString::to_string);
        refused(&path, &format!("is not a library that can be loaded here ({why})"))
    })?;
    // Never unloaded: ONNX Runtime does not survive that.
    let library = ManuallyDrop::new(library);

    // SAFETY: every version of Impasto has the function with this type; no other library uses the
    // name.
    let number = unsafe { library.get::<VersionNumber>("impasto_version_number\0") }
        .map_err(|_| refused(&path, "is not Impasto (it has no impasto_version_number)"))?;
    // SAFETY: it takes nothing and returns a number.
    let version = Version::from_number(unsafe { number() });
    if !version.serves() {
        let Version { major, minor, .. } = Version::NEEDED;
        let why = format!(
            "is Impasto {version}, but {major}.{minor} or a later version {major} is needed"
        );
        return Err(refused(&path, &why));
    }
    // SAFETY: the version says that it has the interface, and the library stays.
    let functions = unsafe { Functions::look_up(&library) }.map_err(|missing| {
        refused(&path, &format!("is a damaged Impasto {version} (it has no {missing})"))
    })?;
    Ok(Loaded { functions, version, path })
}

/// Whether an ELF file ends before its table of sections, which linkers put last. The loader maps
/// such a file and dies of a bus error.
fn is_truncated(path: &Path) -> std::io::Result<bool> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut header = [0; 64];
    // 64-bit little-endian ELF (System V ABI, figure 4-3): e_shoff, e_shentsize, e_shnum.
    if file.read_exact(&mut header).is_err() || !header.starts_with(b"\x7fELF\x02\x01") {
        return Ok(false);
    }
    let number = |at: Range<usize>| header[at].iter().rev().fold(0, |n, &b| n << 8 | u64::from(b));
    let table = number(0x3a..0x3c) * number(0x3c..0x3e);
    Ok(number(0x28..0x30).saturating_add(table) > length)
}

fn refused(path: &Path, why: &str) -> Error {
    let what = format!("cannot load Impasto's library: '{}' {why}; {CURE}", path.display());
    Error::new(Status::Library, what)
}

/// # Safety
/// The library's constructors may run.
#[cfg(unix)]
unsafe fn load(path: &Path) -> Result<libloading::Library, libloading::Error> {
    use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
    // SAFETY: this function's own condition. What is missing is told now, not in the midst.
    unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map(Into::into)
}

/// # Safety
/// The library's constructors may run.
#[cfg(windows)]
unsafe fn load(path: &Path) -> Result<libloading::Library, libloading::Error> {
    use libloading::os::windows::{
        LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR, LOAD_LIBRARY_SEARCH_SYSTEM32, Library,
    };
    // Libraries that this one needs come from its own folder or the system's.
    let flags = LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32;
    // SAFETY: this function's own condition.
    unsafe { Library::load_with_flags(path, flags) }.map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_absolute_and_nearest_first() {
        let own = resolved(&module_path().unwrap()).unwrap().parent().unwrap().to_owned();
        let places = Library::places();
        assert!(places.iter().all(|place| place.is_absolute()));
        assert!(places[0].starts_with(&own));
        assert_eq!(below(Path::new("/opt/bin"), "../lib"), Path::new("/opt/lib"));
        assert_eq!(below(Path::new("/opt/bin"), ""), Path::new("/opt/bin"));
        assert_eq!(below(Path::new("/"), "../lib"), Path::new("/../lib"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_first_name_carries_the_major_version() {
        assert_eq!(FILE_NAMES[0], format!("libimpasto.so.{}", Version::NEEDED.major));
    }
}
