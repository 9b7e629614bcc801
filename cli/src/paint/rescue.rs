//! Paintings whose file cannot be written after all: the disk is full, the folder is gone.

use std::env;
use std::path::{Path, PathBuf};

use impasto::image::Picture;
use impasto::{Error, Result};

use super::files::{self, is_standard};

/// Names that are tried in a folder.
const NAMES: u32 = 100;

/// Writes a painting, to another folder where it cannot be; returns what its format could not keep.
///
/// # Errors
/// Of the file that was wanted, with the one that keeps the painting.
pub fn write(painted: &Picture, output: &Path, jpeg_quality: u8) -> Result<Vec<String>> {
    files::write(painted, output, jpeg_quality)
        .map_err(|e| elsewhere(painted, output, jpeg_quality, e))
}

/// Writes the painting to another folder, and says so in the error of the first.
fn elsewhere(painted: &Picture, output: &Path, jpeg_quality: u8, error: Error) -> Error {
    if is_standard(output) {
        return error;
    }
    let folders = [env::current_dir().ok(), Some(env::temp_dir())].into_iter().flatten();
    let free = folders.filter_map(|folder| free_name(&folder, output));
    let kept = free.into_iter().find(|path| files::write(painted, path, jpeg_quality).is_ok());
    match kept {
        Some(kept) => {
            let what = format!("the painting is kept as '{}'", kept.display());
            Error::caused(error.kind(), what, error)
        }
        None => error,
    }
}

/// A file in a folder that is not there yet, with the ending of the one that was wanted.
fn free_name(folder: &Path, output: &Path) -> Option<PathBuf> {
    let stem = output.file_stem()?.to_string_lossy();
    let ending = output.extension()?.to_string_lossy();
    let named = |number| folder.join(format!("{stem}-kept-{number}.{ending}"));
    (1..=NAMES).map(named).find(|path| !path.exists())
}
