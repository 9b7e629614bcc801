//! The layer effect in GIMP without windows.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::session::{in_root, judge};
use crate::root_folder::RootFolder;

/// Cases in GIMP's Python, which reads what GIMP and the program that paints say.
pub fn run(root: &RootFolder, shared: &Path, version: &str) -> Result<()> {
    let folder = shared.join("effect");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir(&folder)?;
    let console = format!("gimp-console-{version}");
    let script = format!(
        "PLUG_IN = '/shared/home/.config/GIMP/{version}/plug-ins/impasto-gimp'; \
         DATA = '/shared/home/.local/share/impasto-gimp'; LOG = '/shared/effect/gimp.log'; \
         exec(open('/shared/effect.py').read())"
    );
    let gimp = [&console, "-n", "-i", "-d", "--batch-interpreter=python-fu-eval", "-b", &script];
    let logged = ["sh", "-c", r#"exec "$@" 2>/shared/effect/gimp.log"#, "sh"];
    let mut output = in_root(root, shared, &[&logged[..], &gimp, &["--quit"]].concat())?;
    output.stderr = fs::read(folder.join("gimp.log"))?;
    judge(&folder.join("results.txt"), &output)
}
