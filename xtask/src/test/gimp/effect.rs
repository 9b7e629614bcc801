//! The layer effect in GIMP, without windows and with one.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::session::{in_root, judge};
use crate::repo::Repo;
use crate::root_folder::RootFolder;

/// Cases in GIMP's Python, which reads what GIMP and the program that paints say.
pub fn run(root: &RootFolder, shared: &Path, version: &str) -> Result<()> {
    let folder = shared.join("effect");
    make_anew(&folder)?;
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

/// Undo and redo, which only keys do. The screenshot stays under `target/gimp-screenshots/`.
pub fn run_in_window(repo: &Repo, root: &RootFolder, shared: &Path) -> Result<()> {
    let folder = shared.join("effect_window");
    make_anew(&folder)?;
    let mut output = in_root(root, shared, &["sh", "/shared/effect_window.sh"])?;
    output.stderr = fs::read(folder.join("gimp.log")).context("reading what GIMP says")?;
    let kept = repo.target().join("gimp-screenshots");
    fs::create_dir_all(&kept)?;
    // Without it, what went wrong is told below.
    let _ = fs::copy(folder.join("layer-effect.png"), kept.join("layer-effect.png"));
    judge(&folder.join("results.txt"), &output)
}

fn make_anew(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir(folder)?)
}
