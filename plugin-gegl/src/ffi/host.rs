//! What the process is, and the folders that it knows of.

use std::ffi::{CStr, OsStr, c_uint};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use libloading::os::unix::Library;

use super::tables::Text;

/// In GIMP: the folder of the user's settings, and that of its own plug-ins. Elsewhere none.
pub fn gimp_folders() -> Vec<PathBuf> {
    let process = Library::this();
    ["gimp_directory\0", "gimp_plug_in_directory\0"]
        .into_iter()
        .filter_map(|name| {
            // SAFETY: both take nothing, and return a path that ends with NUL and stays.
            unsafe {
                let function = process.get::<unsafe extern "C" fn() -> Text>(name).ok()?;
                let path = function();
                (!path.is_null()).then(|| path_of(CStr::from_ptr(path)))
            }
        })
        .collect()
}

/// Whether this is GIMP 3.0, which cannot tell its plug-ins of properties that are files: they would
/// see neither these nor any behind them.
pub fn is_gimp_3_0() -> bool {
    let process = Library::this();
    let number = |name| {
        // SAFETY: in GIMP's process it is a number that never changes.
        unsafe { process.get::<*const c_uint>(name).ok().map(|number| **number) }
    };
    number("gimp_major_version\0") == Some(3) && number("gimp_minor_version\0") == Some(0)
}

/// The file of this module.
pub fn own_path() -> Option<PathBuf> {
    process_path::get_dylib_path()
}

fn path_of(text: &CStr) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(text.to_bytes()))
}
