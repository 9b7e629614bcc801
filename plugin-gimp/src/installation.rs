//! Where the filter's own files lie, and what a user of GIMP does where they cannot be used.

use std::path::{Path, PathBuf};

use impasto_client::{Cure, Error, Library, Result};

/// The folder of the engine, ONNX Runtime and the networks below the user's folder of data, where
/// one copy serves every GIMP of the user.
const FOLDER: &str = "impasto-gimp";

/// The engine: beside this program, else where the user's GIMPs share it.
///
/// # Errors
/// `Library`.
pub fn library() -> Result<Library> {
    Library::load_from(&shared().into_iter().collect::<Vec<_>>())
}

/// What is said of an error in GIMP: the engine's own cures are for programs and command lines.
pub fn words(error: &Error) -> String {
    error.message_with(|cure| match cure {
        Cure::Installation => Some(match folder() {
            Some(folder) => {
                format!("install the filter again, whose files lie in '{}'", folder.display())
            }
            None => "install the filter again".to_owned(),
        }),
        Cure::Device => Some("choose another device, such as auto".to_owned()),
        Cure::Limit => Some("open it in GIMP, and choose its layer as the style".to_owned()),
        _ => None,
    })
}

/// The manual page, in the language of the web.
pub fn manual() -> Option<PathBuf> {
    Some(folder()?.join("doc").join("GIMP.html"))
}

/// Where the files are, or should be.
fn folder() -> Option<PathBuf> {
    let found = library().ok().map(|library| library.path().to_owned());
    let found = found.as_deref().and_then(Path::parent).map(Path::to_owned);
    found.or_else(|| shared().filter(|folder| folder.is_dir())).or_else(own)
}

fn shared() -> Option<PathBuf> {
    Some(dirs::data_dir()?.join(FOLDER))
}

/// The plug-in's folder.
fn own() -> Option<PathBuf> {
    std::env::current_exe().ok()?.parent().map(Path::to_owned)
}
