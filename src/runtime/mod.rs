//! ONNX Runtime: finding and loading its library, choosing a device, running networks.

mod arena;
mod binding;
mod cuda;
mod device;
mod directml;
mod library;
mod open;
mod openvino;
mod openvino_cpu;
pub mod operators;
mod plugin;
mod probe;
mod provider;
mod session;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

pub use binding::{Binding, Loop};
pub use device::{Device, DeviceStatus, Precision};
pub use library::RuntimeVersion;
pub use session::{Halve, Input, Network, Outputs, Session};

pub(crate) use library::module_folder;

use crate::error::{Error, ErrorKind, Result};
use plugin::Plugin;

/// The loaded library and its environment: one a process, never unloaded, since ONNX Runtime's
/// threads and static destructors do not survive that.
pub struct Runtime {
    environment: ort::environment::Environment,
    path: PathBuf,
    version: RuntimeVersion,
    /// Plug-in providers by their library's path. A library is registered once a process.
    plugins: Mutex<HashMap<PathBuf, Plugin>>,
    /// Whether CUDA's libraries were looked for, and which are missing.
    cuda_libraries: OnceLock<Vec<String>>,
}

static LOADED: OnceLock<Arc<Runtime>> = OnceLock::new();
static LOADING: Mutex<()> = Mutex::new(());

impl Runtime {
    /// Loads ONNX Runtime from `explicit`, or the environment's, the one beside our own library or
    /// the system's. Later calls return the library that is loaded already, whatever their
    /// argument.
    ///
    /// # Errors
    /// `Runtime`: no library found, not a library, without read permission, or too old.
    pub fn load(explicit: Option<&Path>) -> Result<Arc<Self>> {
        // A panic while loading leaves nothing half-made behind the lock.
        let _one_at_a_time = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(loaded) = LOADED.get() {
            return Ok(Arc::clone(loaded));
        }
        let path = library::locate(explicit)?;
        probe::forbid_telemetry();
        directml::preload(&path)?;
        let version = probe::probe(&path)?;
        let failed = |e: String| {
            let what = format!("cannot start ONNX Runtime from '{}': {e}", path.display());
            Error::new(ErrorKind::Runtime, what)
        };
        let environment = ort::init_from(&path)
            .map_err(|e| failed(e.to_string()))?
            .with_name("impasto")
            .with_telemetry(false)
            .with_logger(Arc::new(|level, _category, _id, _location, message| {
                log::log!(target: "onnxruntime", session::log_level(level), "{message}");
            }))
            .build()
            .map_err(|e| failed(e.message().to_owned()))?;
        arena::share(&environment).map_err(|e| failed(e.message().to_owned()))?;
        log::info!("ONNX Runtime {version} from {}", path.display());
        let runtime = Arc::new(Self {
            environment,
            path,
            version,
            plugins: Mutex::default(),
            cuda_libraries: OnceLock::new(),
        });
        Ok(Arc::clone(LOADED.get_or_init(|| runtime)))
    }

    /// The library's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The library's version.
    pub fn version(&self) -> RuntimeVersion {
        self.version
    }
}
