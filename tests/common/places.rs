//! Where tests find things.

use std::path::{Path, PathBuf};

/// A folder for what outlives a test; not the user's own folders.
pub fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// The checkout, whatever package the test belongs to.
pub fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().find(|folder| folder.join("models/manifest.toml").is_file()).unwrap()
}

/// ONNX Runtime's library, as `.cargo/config.toml` or the caller names it.
pub fn library() -> PathBuf {
    std::env::var_os("IMPASTO_ONNXRUNTIME").expect("run the tests with cargo").into()
}

pub fn example(name: &str) -> PathBuf {
    root().join("examples").join(name)
}

/// Whether permissions mean nothing to this process, as they do to root.
#[cfg(unix)]
pub fn may_everything() -> bool {
    use std::os::unix::fs::PermissionsExt;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o000)).unwrap();
    std::fs::File::open(file.path()).is_ok()
}
