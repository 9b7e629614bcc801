//! The engine: one for each device in the process, whatever a host does to instances. Nothing of it
//! is ever unloaded.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use impasto_client::{Engine, EngineOptions, Library, Place, Result, Setting, StyleEntry};

/// `libimpasto`. Loading it loads neither ONNX Runtime nor a network.
pub fn library() -> Result<Library> {
    Library::load(None)
}

/// The engine of a device, called as [`EngineOptions::device`] has it.
pub fn engine(device: &str) -> Result<Arc<Engine>> {
    static ENGINES: Mutex<BTreeMap<String, Arc<Engine>>> = Mutex::new(BTreeMap::new());
    let mut engines = ENGINES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(engine) = engines.get(device) {
        return Ok(Arc::clone(engine));
    }
    #[cfg(windows)]
    crate::pin::pin();
    let options = EngineOptions { device: Some(device.to_owned()), ..EngineOptions::default() };
    let engine = Arc::new(Engine::new(&library()?, &options)?);
    engines.insert(device.to_owned(), Arc::clone(&engine));
    Ok(engine)
}

/// The settings of a painting but those for programs that hold no picture; none where the engine
/// is missing, which the first painting says.
pub fn settings() -> &'static [Setting] {
    static SETTINGS: OnceLock<Vec<Setting>> = OnceLock::new();
    let load = |library: Library| {
        let all = library.settings().into_iter();
        all.filter(|setting| setting.place != Place::Programs).collect()
    };
    match library() {
        Ok(library) => SETTINGS.get_or_init(|| load(library)),
        Err(_) => &[],
    }
}

/// The shipped styles and after them the user's own; none where they cannot be found.
pub fn styles() -> &'static [StyleEntry] {
    static STYLES: OnceLock<Vec<StyleEntry>> = OnceLock::new();
    if let Some(styles) = STYLES.get() {
        return styles;
    }
    match engine("auto").and_then(|engine| engine.styles()) {
        Ok(styles) => STYLES.get_or_init(|| styles),
        Err(_) => &[],
    }
}
