//! The filter's words in a GIMP that speaks German.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::session::{in_root, judge};
use crate::root_folder::RootFolder;

/// A program in a root folder speaks German with these variables, once [`provide`] was called.
pub const GERMAN: [&str; 2] = ["LANG=de_DE.UTF-8", "LOCPATH=/shared/locales"];

/// Cases in GIMP's Python.
pub fn run(root: &RootFolder, shared: &Path, version: &str) -> Result<()> {
    provide(root, shared)?;
    let results = shared.join("language.txt");
    // That of another GIMP.
    let _ = fs::remove_file(&results);
    let console = format!("gimp-console-{version}");
    let script = "exec(open('/shared/language.py').read())";
    let gimp = [&console, "-n", "-i", "-d", "--batch-interpreter=python-fu-eval", "-b", script];
    let output = in_root(root, shared, &[&GERMAN[..], &gimp, &["--quit"]].concat())?;
    judge(&results, &output)
}

/// Makes a German locale, which the root folder lacks: the one that it has under another name, as
/// messages follow the name alone, and those of the C locale are not translated.
pub fn provide(root: &RootFolder, shared: &Path) -> Result<()> {
    let locale = shared.join("locales/de_DE.utf8");
    if locale.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(locale.parent().unwrap_or(shared))?;
    let from = root.outside("/usr/lib/locale/C.utf8");
    let status = Command::new("cp").arg("-a").arg(from).arg(&locale).status();
    ensure!(status.context("cp could not be started")?.success(), "cannot copy a locale");
    Ok(())
}
