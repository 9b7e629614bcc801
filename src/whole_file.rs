//! Files that appear whole or not at all.

use std::io::Write;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};

/// Writes a file beside the one that is wanted and renames it when it is complete.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |e: std::io::Error| {
        Error::caused(ErrorKind::File, format!("cannot write '{}'", path.display()), e)
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut part = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    part.write_all(bytes).map_err(failed)?;
    part.persist(path).map_err(|e| failed(e.error))?;
    Ok(())
}

/// Makes a folder and those above it.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| {
        let what = format!("cannot make the folder '{}'", folder.display());
        Error::caused(ErrorKind::File, what, e)
    })
}
