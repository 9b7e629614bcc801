//! Where things are in this checkout.

use std::env;
use std::path::{Path, PathBuf};

/// The checkout that `cargo xtask` was called in.
pub struct Repo {
    root: PathBuf,
}

impl Repo {
    /// Finds the checkout. Cargo names it when it starts this program; the path known at build
    /// time serves a program started by hand.
    pub fn find() -> Self {
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().map_or(package.clone(), Path::to_path_buf);
        Self { root }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What is fetched or made. Fixed, unlike Cargo's own output folder, so that tests and
    /// `.cargo/config.toml` know where ONNX Runtime is whatever `CARGO_TARGET_DIR` says.
    pub fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    pub fn models(&self) -> PathBuf {
        self.root.join("models")
    }
}
