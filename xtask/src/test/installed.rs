//! The suite that installs Impasto and paints with nothing but what was installed.

use std::ffi::OsStr;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use walkdir::WalkDir;

use super::installed_files;
use super::ran::Ran;
use super::xtask::xtask;
use crate::repo::Repo;

pub fn run(repo: &Repo) -> Result<Ran> {
    if cfg!(not(target_os = "linux")) {
        return Ok(Ran::Skipped("the installed layout is that of Linux".to_owned()));
    }
    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;
    let prefix = work.path().join("prefix");
    installed(repo, &["--prefix".as_ref(), prefix.as_ref()], &prefix, |prefix| {
        paint(repo, prefix, work.path(), "cpu")
    })?;
    for_packagers(repo, work.path())?;
    if cfg!(target_arch = "x86_64") {
        let folder = work.path().join("nodes");
        installed(
            repo,
            &["--ofx".as_ref(), "--prefix".as_ref(), folder.as_ref()],
            &folder,
            |_| Ok(()),
        )?;
    }
    Ok(Ran::Whole)
}

/// The GIMP filter for another machine's `/usr`, in a folder of plug-ins that no rule knows.
fn for_packagers(repo: &Repo, work: &Path) -> Result<()> {
    let stage = work.join("stage");
    let plug_ins = "lib/elsewhere/gimp/3.0/plug-ins";
    let options = ["--gimp", "--prefix", "/usr", "--folder", plug_ins, "--destdir"];
    let options = options.map(OsStr::new).into_iter().chain([stage.as_ref()]);
    installed(repo, &options.collect::<Vec<_>>(), &stage.join("usr"), |prefix| {
        let id = "org.gimp.GIMP.Plugin.Impasto";
        for file in [
            format!("{plug_ins}/impasto-gimp/impasto-gimp"),
            format!("share/metainfo/{id}.metainfo.xml"),
            format!("share/icons/hicolor/scalable/apps/{id}.svg"),
            format!("share/icons/hicolor/128x128/apps/{id}.png"),
        ] {
            ensure!(prefix.join(&file).is_file(), "packagers get no {file}");
        }
        Ok(())
    })
}

/// Installs with these options, looks at what is in `folder`, and uninstalls it again.
fn installed(
    repo: &Repo,
    options: &[&OsStr],
    folder: &Path,
    look: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    let home = tempfile::tempdir()?;
    let command = |more: &[&OsStr]| {
        xtask(repo, home.path(), &[&[OsStr::new("install")], options, more].concat())
    };
    command(&[])?;
    installed_files::check(repo, folder)?;
    look(folder)?;
    command(&[OsStr::new("--uninstall")])?;
    let left = WalkDir::new(folder).min_depth(1).into_iter().filter_map(Result::ok).next();
    if let Some(left) = left {
        bail!("uninstalling left {}. Correct xtask/src/install/", left.path().display());
    }
    Ok(())
}

/// Paints with what is installed, which alone may help.
pub fn paint(repo: &Repo, prefix: &Path, work: &Path, device: &str) -> Result<()> {
    let photo = repo.root().join("examples/photo.png");
    let home = tempfile::tempdir_in(work)?;
    let painting = work.join("out.png");

    let status = Command::new(prefix.join("bin/impasto"))
        .arg("paint")
        .arg(&photo)
        .args(["--style", "great-wave", "--device", device, "--out"])
        .arg(&painting)
        .current_dir(home.path())
        // No variable may help it to find what was installed.
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home.path())
        .status()
        .context("the installed program could not be started")?;
    if !status.success() {
        bail!("the installed program failed ({status}). Correct what it says above");
    }
    let (given, made) = (png_size(&photo)?, png_size(&painting)?);
    if given != made {
        bail!("the painting has {made:?} pixels, the photo {given:?}. They must be the same");
    }
    Ok(())
}

fn png_size(path: &Path) -> Result<(u32, u32)> {
    let attempt = || format!("reading {}", path.display());
    let file = File::open(path).with_context(attempt)?;
    let reader = png::Decoder::new(BufReader::new(file)).read_info().with_context(attempt)?;
    Ok(reader.info().size())
}
