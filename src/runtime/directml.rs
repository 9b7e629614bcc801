//! DirectML's library, which must be there before ONNX Runtime's.

#[cfg(windows)]
mod windows {
    #![allow(unsafe_code)]

    use std::path::Path;

    use crate::error::{Error, ErrorKind, Result};
    use crate::runtime::open;

    /// Loads the DirectML.dll beside ONNX Runtime, where there is one: left to itself, Windows
    /// takes the older one of its system folder (onnxruntime issue 18831).
    ///
    /// # Errors
    /// `Runtime` for a file that is no library for this machine.
    pub fn preload(runtime: &Path) -> Result<()> {
        let path = runtime.with_file_name("DirectML.dll");
        if !path.exists() {
            return Ok(());
        }
        // SAFETY: running a library's constructors is what loading means; it lies beside the
        // runtime that the user or our installation chose.
        let library = unsafe { open::library(&path) }.map_err(|e| {
            let what = format!(
                "cannot load '{}'; restore it from the Python package onnxruntime-directml",
                path.display()
            );
            Error::caused(ErrorKind::Runtime, what, e)
        })?;
        // Never unloaded, as ONNX Runtime is not.
        std::mem::forget(library);
        Ok(())
    }
}

#[cfg(windows)]
pub(super) use windows::preload;

#[cfg(not(windows))]
pub(super) fn preload(_: &std::path::Path) -> crate::error::Result<()> {
    Ok(())
}
