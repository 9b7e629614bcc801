//! The ONNX Runtimes we take from PyPI: one row each, pinned by SHA-256.

use std::env::consts::{ARCH, OS};
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::repo::Repo;

/// The name every runtime's library has once in place, whatever its wheel calls it.
pub const LIBRARY: &str = "libonnxruntime.so";

/// A pinned ONNX Runtime.
pub struct Runtime {
    /// Its package on PyPI.
    pub package: &'static str,
    pub version: &'static str,
    /// The library's path inside the wheel.
    pub library: &'static str,
    /// Its folder under `target/`.
    pub folder: &'static str,
    pub wheels: &'static [Wheel],
}

/// The wheel for one kind of machine.
pub struct Wheel {
    /// As [`std::env::consts::ARCH`] has it.
    pub arch: &'static str,
    /// The wheel's platform tag, for pip.
    pub platform: &'static str,
    pub sha256: &'static str,
}

/// What Impasto runs on.
pub const CPU: Runtime = Runtime {
    package: "onnxruntime",
    version: "1.31.1",
    library: "onnxruntime/capi/libonnxruntime.so.1.31.1",
    folder: "onnxruntime",
    wheels: &[
        Wheel {
            arch: "x86_64",
            platform: "manylinux_2_28_x86_64",
            sha256: "1f3dea47f2f0e5117c2404cea7d21fd253ae7836a3bf167a501cdfbb2600d536",
        },
        Wheel {
            arch: "aarch64",
            platform: "manylinux_2_28_aarch64",
            sha256: "0b9a492176886992e0e875f06bc0367e333f5fff11711a2d642e18b02f3009cc",
        },
    ],
};

/// Older than Impasto can use: the tests check that it is refused with a sentence.
pub const TOO_OLD: Runtime = Runtime {
    package: "onnxruntime",
    version: "1.19.2",
    library: "onnxruntime/capi/libonnxruntime.so.1.19.2",
    folder: "onnxruntime-1.19",
    wheels: &[
        Wheel {
            arch: "x86_64",
            platform: "manylinux_2_28_x86_64",
            sha256: "477b93df4db467e9cbf34051662a4b27c18e131fa1836e05974eae0d6e4cf29b",
        },
        Wheel {
            arch: "aarch64",
            platform: "manylinux_2_28_aarch64",
            sha256: "d2d366fbcc205ce68a8a3bde2185fd15c604d9645888703785b61ef174265168",
        },
    ],
};

impl Runtime {
    /// The wheel for the machine we are on.
    pub fn wheel(&self) -> Result<&'static Wheel> {
        let wheel = self.wheels.iter().find(|wheel| OS == "linux" && wheel.arch == ARCH);
        let Some(wheel) = wheel else {
            bail!(
                "there is no pinned wheel for {OS} on {ARCH}. Get ONNX Runtime {} by other means \
                 and set IMPASTO_ONNXRUNTIME to the full path of its library",
                self.version
            );
        };
        Ok(wheel)
    }

    pub fn folder_in(&self, repo: &Repo) -> PathBuf {
        repo.target().join(self.folder)
    }

    pub fn library_in(&self, repo: &Repo) -> PathBuf {
        self.folder_in(repo).join(LIBRARY)
    }
}
