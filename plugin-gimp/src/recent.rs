//! The user's recent style files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::ffi::gimp_folder;
use crate::whole_file;

const MOST: usize = 24;

/// Those that are still there, the last one used first.
pub fn files() -> Vec<PathBuf> {
    let text = fs::read_to_string(list()).unwrap_or_default();
    text.lines().map(PathBuf::from).filter(|path| path.is_file()).collect()
}

/// Puts a file that was used at the head of the list.
pub fn remember(file: &Path) {
    change(|files| {
        files.retain(|known| known != file);
        files.insert(0, file.to_owned());
        files.truncate(MOST);
    });
}

/// Takes a file from the list.
pub fn forget(file: &Path) {
    change(|files| files.retain(|known| known != file));
}

fn change(change: impl FnOnce(&mut Vec<PathBuf>)) {
    let mut files = files();
    change(&mut files);
    let lines: Vec<_> = files.iter().filter_map(|file| file.to_str()).collect();
    if let Err(error) = whole_file::write(&list(), lines.join("\n").as_bytes()) {
        eprintln!("impasto-gimp: cannot write {} ({error})", list().display());
    }
}

fn list() -> PathBuf {
    gimp_folder().join("impasto-recent-styles.txt")
}
