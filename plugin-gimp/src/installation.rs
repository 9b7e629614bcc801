//! Where the filter's own files lie.

use std::path::PathBuf;

use impasto_client::{Library, Result};

/// The folder of the engine, ONNX Runtime and the networks below the user's folder of data, where
/// one copy serves every GIMP of the user.
const FOLDER: &str = "impasto-gimp";

/// The engine: beside this program, else where the user's GIMPs share it.
///
/// # Errors
/// `Library`, with words for who uses GIMP.
pub fn library() -> Result<Library> {
    Library::load_from(&shared().into_iter().collect::<Vec<_>>())
}

fn shared() -> Option<PathBuf> {
    Some(dirs::data_dir()?.join(FOLDER))
}
