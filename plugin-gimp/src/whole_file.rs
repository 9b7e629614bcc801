//! Files that are written whole or not at all.

use std::fs;
use std::io;
use std::path::Path;

/// Writes a file in place of an older one.
///
/// # Errors
/// What kept it from being written; the older one is as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension(format!("{}.new", std::process::id()));
    let written = fs::write(&new, bytes).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // What is half written is of no use to anybody.
        let _ = fs::remove_file(&new);
    }
    written
}
