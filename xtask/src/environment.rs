//! The variables with which a program built here finds what it needs, and leaves the user's alone.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::devices;
use crate::repo::Repo;
use crate::runtime::LIBRARY;

/// Tells `command` where ONNX Runtime and the networks are, unless the caller already does.
pub fn give(command: &mut Command, repo: &Repo) {
    let mut unless_set = |name: &str, value: PathBuf| {
        if env::var_os(name).is_none() {
            command.env(name, value);
        }
    };
    unless_set("IMPASTO_ONNXRUNTIME", devices::runtime_in_use(repo).join(LIBRARY));
    if devices::OPENVINO.is_set_up(repo) {
        let library = devices::OPENVINO.folder_in(repo).join(devices::OPENVINO_LIBRARY);
        unless_set("IMPASTO_OPENVINO", library);
    }
    unless_set("IMPASTO_MODELS", repo.models());
}

/// Gives `command` a home of its own: the user's styles do not change what it does, it leaves
/// nothing, and two runs do not meet.
pub fn give_home(command: &mut Command, home: &Path) {
    for name in ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env_remove(name);
    }
    command.env("HOME", home);
}
