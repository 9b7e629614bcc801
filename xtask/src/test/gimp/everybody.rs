//! The filter as it is installed for everybody: GIMP finds it among its own plug-ins, with nothing
//! in the user's folders, and programs that install software find what tells of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use walkdir::WalkDir;

use super::session::{in_root, in_root_with};
use crate::repo::Repo;
use crate::root_folder::RootFolder;
use crate::test::installed_files;
use crate::test::xtask::xtask;

/// Where Debian's GIMP looks, below `/usr`.
const PLUG_INS: &str = "lib/x86_64-linux-gnu/gimp/3.0/plug-ins";
const METAINFO: &str = "share/metainfo/org.gimp.GIMP.Plugin.Impasto.metainfo.xml";

/// Paints with a filter that lies beside GIMP's own plug-ins, in a copy of their folder: the root
/// folder stays as it is.
pub fn run(repo: &Repo, root: &RootFolder, shared: &Path, version: &str) -> Result<()> {
    let prefix = shared.join("everybody").join(version);
    let plug_ins = prefix.join(PLUG_INS);
    copy(&root.outside("/usr").join(PLUG_INS), &plug_ins)?;
    let before = contents(&prefix);

    let home = shared.join("nobody");
    fs::create_dir_all(&home)?;
    let install = ["install".as_ref(), "--gimp".as_ref(), "--prefix".as_ref(), prefix.as_ref()];
    xtask(repo, &home, &install)?;
    installed_files::check(repo, &plug_ins.join("impasto-gimp"))?;
    paint(root, shared, &plug_ins, version)?;
    validate(root, shared, version)?;

    xtask(repo, &home, &[&install[..], &["--uninstall".as_ref()]].concat())?;
    let left: Vec<_> =
        contents(&prefix).into_iter().filter(|path| !before.contains(path)).collect();
    ensure!(left.is_empty(), "uninstalling left {left:?}. Correct xtask/src/install/gimp.rs");
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status();
    ensure!(status.context("cp could not be started")?.success(), "cannot copy GIMP's plug-ins");
    Ok(())
}

fn contents(folder: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(folder).into_iter().filter_map(Result::ok);
    entries.map(|entry| entry.into_path()).collect()
}

fn paint(root: &RootFolder, shared: &Path, plug_ins: &Path, version: &str) -> Result<()> {
    let console = format!("gimp-console-{version}");
    let script = r#"
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "/shared/photo.png")))
       (layer (vector-ref (car (gimp-image-get-layers image)) 0)))
  (plug-in-impasto #:run-mode RUN-NONINTERACTIVE #:image image #:drawables (vector layer))
  (gimp-file-save RUN-NONINTERACTIVE image "/shared/everybody.png"))"#;
    let arguments = ["-n", "-i", "-d", "--batch-interpreter", "plug-in-script-fu-eval"];
    let there = format!("/usr/{PLUG_INS}");
    let command = [&[console.as_str()][..], &arguments, &["-b", script, "--quit"]].concat();
    let output = in_root_with(root, shared, (plug_ins, &there), &command)?;
    let (photo, painting) = (shared.join("photo.png"), shared.join("everybody.png"));
    if !painting.is_file() {
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        bail!("GIMP found no filter that was installed for everybody");
    }
    ensure!(fs::read(photo)? != fs::read(&painting)?, "everybody's filter painted nothing");
    fs::remove_file(painting)?;
    Ok(())
}

/// What AppStream's own program says, where the root folder has it. The project has no homepage
/// so far; nothing else may be amiss.
fn validate(root: &RootFolder, shared: &Path, version: &str) -> Result<()> {
    if !root.outside("/usr/bin/appstreamcli").exists() {
        return Ok(());
    }
    let file = format!("/shared/everybody/{version}/{METAINFO}");
    let output = in_root(
        root,
        shared,
        &[
            "appstreamcli",
            "validate",
            "--no-net",
            "--strict",
            "--explain",
            "--override=url-homepage-missing=pedantic",
            &file,
        ],
    )?;
    let words = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "appstreamcli refuses the metainfo:\n{words}");
    Ok(())
}
