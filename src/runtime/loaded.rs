//! The loaded library.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ort::environment::Environment;

use super::library::{self, RuntimeVersion};
use super::plugin::Plugin;
use super::{arena, directml, probe, want};
use crate::error::{Error, ErrorKind, Result};

/// ONNX Runtime, for as long as someone uses it.
pub struct Runtime {
    pub(super) library: &'static Library,
    pub(super) arena: arena::Share,
}

/// The loaded library and its environment: one a process, never unloaded, since ONNX Runtime's
/// threads and static destructors do not survive that.
pub(super) struct Library {
    pub environment: Environment,
    path: PathBuf,
    version: RuntimeVersion,
    /// Plug-in providers by their library's path. A library is registered once a process.
    pub plugins: Mutex<HashMap<PathBuf, Plugin>>,
    /// Whether CUDA's libraries were looked for, and which are missing.
    pub cuda_libraries: OnceLock<Vec<String>>,
}

impl Library {
    /// The library that is loaded already, else `explicit` or the first that is found.
    fn load(explicit: Option<&Path>) -> Result<&'static Self> {
        static LOADED: OnceLock<Library> = OnceLock::new();
        static LOADING: Mutex<()> = Mutex::new(());
        // A panic while loading leaves nothing half-made behind the lock.
        let _one_at_a_time = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(loaded) = LOADED.get() {
            return Ok(loaded);
        }
        let path = library::locate(explicit)?;
        probe::forbid_telemetry();
        directml::preload(&path)?;
        let version = probe::probe(&path)?;
        let environment = ort::init_from(&path)
            .map_err(|e| cannot_start(&path, &e.to_string()))?
            .with_name("impasto")
            .with_telemetry(false)
            .with_logger(Arc::new(|level, _category, _id, _location, message| {
                log::log!(target: "onnxruntime", log_level(level), "{message}");
            }))
            .build()
            .map_err(|e| cannot_start(&path, e.message()))?;
        log::info!("ONNX Runtime {version} from {}", path.display());
        Ok(LOADED.get_or_init(|| Self {
            environment,
            path,
            version,
            plugins: Mutex::default(),
            cuda_libraries: OnceLock::new(),
        }))
    }
}

fn cannot_start(path: &Path, why: &str) -> Error {
    let what = format!("cannot start ONNX Runtime from '{}': {why}", path.display());
    let kind = if want::is_of_memory(why) { ErrorKind::Memory } else { ErrorKind::Runtime };
    Error::new(kind, what)
}

impl Runtime {
    /// Loads ONNX Runtime from `explicit`, or the environment's, the one beside our own library or
    /// the system's. Later calls use the library that is loaded already, whatever their argument.
    ///
    /// While what any call returned is held, networks share one pool of memory.
    ///
    /// # Errors
    /// `Runtime`: no library found, not a library, without read permission, or too old. `Memory`
    /// where there is too little to load it.
    pub fn load(explicit: Option<&Path>) -> Result<Arc<Self>> {
        let library = Library::load(explicit)?;
        let arena = arena::Share::new(&library.environment)
            .map_err(|e| cannot_start(&library.path, e.message()))?;
        Ok(Arc::new(Self { library, arena }))
    }

    /// The library's file.
    pub fn path(&self) -> &Path {
        &self.library.path
    }

    /// The library's version.
    pub fn version(&self) -> RuntimeVersion {
        self.library.version
    }
}

fn log_level(level: ort::logging::LogLevel) -> log::Level {
    use ort::logging::LogLevel;
    match level {
        LogLevel::Verbose => log::Level::Trace,
        // The engine turns failures into errors; the runtime's own words are for a closer look.
        LogLevel::Info | LogLevel::Warning => log::Level::Debug,
        LogLevel::Error | LogLevel::Fatal => log::Level::Debug,
    }
}
