//! Loading `libimpasto`.
#![allow(unsafe_code)]

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::mem::ManuallyDrop;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::error::Result;
use crate::ffi::{Functions, VersionNumber};
use crate::log::Log;
use crate::places::{find, places, refused};
use crate::setting::Setting;
use crate::version::Version;

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
        Self::load_near(explicit, &[])
    }

    /// As [`Library::load`] without a file, which here is looked for in folders of the host's own,
    /// too: after those of the program or shared library, before the user's and the system's.
    ///
    /// # Errors
    /// As [`Library::load`].
    pub fn load_from(own: &[PathBuf]) -> Result<Self> {
        Self::load_near(None, own)
    }

    fn load_near(explicit: Option<&Path>, own: &[PathBuf]) -> Result<Self> {
        static LOADING: Mutex<()> = Mutex::new(());
        if let (None, Some(loaded)) = (explicit, LOADED.get()) {
            return Ok(Self(loaded));
        }
        let _one_at_a_time = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
        let path = find(explicit, own)?;
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
    /// shared library that contains this crate, in its install prefix, in the user's `.local/lib`,
    /// in the system's folders. Never in the working directory. Loads nothing.
    pub fn places() -> Vec<PathBuf> {
        places(&[])
    }

    /// The library's version.
    pub fn version(&self) -> Version {
        self.0.version
    }

    /// The library's file.
    pub fn path(&self) -> &'static Path {
        &self.0.path
    }

    /// The settings of a painting, in the order in which controls should stand. Loads neither ONNX
    /// Runtime nor a network.
    pub fn settings(&self) -> Vec<Setting> {
        self.functions().settings()
    }

    /// The setting called `name`; `None` where there is none.
    pub fn setting(&self, name: &str) -> Option<Setting> {
        self.functions().setting(name)
    }

    /// Hands the log messages of the process to `log`, and to no other from then on; `None` for
    /// nobody. When this returns, no other thread is in the former one any more.
    pub fn set_log(&self, log: Option<Log>) {
        self.functions().set_log(log);
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
    if !version.serves(Version::NEEDED) {
        let why = format!("is Impasto {version}, but {} is needed", Version::NEEDED.needed());
        return Err(refused(&path, &why));
    }
    // SAFETY: the version says that the library has the interface of the header, and it is never
    // unloaded.
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

/// # Safety
/// The library's constructors may run.
#[cfg(unix)]
unsafe fn load(path: &Path) -> Result<libloading::Library, libloading::Error> {
    use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
    // What is missing is told now, not in the midst.
    // SAFETY: the caller lets the library's constructors run.
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
    // SAFETY: the caller lets the library's constructors run.
    unsafe { Library::load_with_flags(path, flags) }.map(Into::into)
}
