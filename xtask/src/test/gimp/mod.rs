//! The suite that installs the GIMP filter and uses it in real GIMPs: 3.0 of Debian trixie and 3.2
//! of sid, each in a root folder.

mod batch;
mod compare;
mod effect;
mod everybody;
mod language;
mod session;
mod window;

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::installed_files;
use super::ran::Ran;
use super::xtask::xtask;
use crate::repo::Repo;
use crate::root_folder::{RootFolder, SID, TRIXIE};
use session::{data, plug_in, settings};

/// What GIMP's settings say: no dialog but ours.
const SETTINGS: &str = "(check-updates no)\n(show-welcome-dialog no)\n";

/// What GEGL loads into that user's GIMPs.
const MODULE: &str = ".local/share/gegl-0.4/plug-ins/impasto.so";

pub fn run(repo: &Repo) -> Result<Ran> {
    if let Some(why) = RootFolder::obstacle() {
        return Ok(Ran::Skipped(format!("{why}: nothing was tried in GIMP 3.0 and 3.2")));
    }
    let gimps = [(&TRIXIE, "3.0"), (&SID, "3.2")];
    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;
    let shared = work.path();
    for (_, version) in gimps {
        let settings = settings(shared, version);
        fs::create_dir_all(&settings)?;
        fs::write(settings.join("gimprc"), SETTINGS)?;
    }
    for (from, to) in [
        ("examples/photo.png", "photo.png"),
        ("examples/styles/ink.png", "style.png"),
        ("tests/hosts/gimp/batch.py", "batch.py"),
        ("tests/hosts/gimp/cases.py", "cases.py"),
        ("tests/hosts/gimp/effect.py", "effect.py"),
        ("tests/hosts/gimp/effect_window.py", "effect_window.py"),
        ("tests/hosts/gimp/effect_window.sh", "effect_window.sh"),
        ("tests/hosts/gimp/screen.sh", "screen.sh"),
        ("tests/hosts/gimp/sizes.py", "sizes.py"),
        ("tests/hosts/gimp/sizes.sh", "sizes.sh"),
        ("tests/hosts/gimp/language.py", "language.py"),
        ("tests/hosts/gimp/window.py", "window.py"),
        ("tests/hosts/gimp/window.sh", "window.sh"),
    ] {
        fs::copy(repo.root().join(from), shared.join(to)).with_context(|| from.to_owned())?;
    }
    install(repo, shared)?;

    for (debian, version) in gimps {
        let root = RootFolder::provide(repo, debian)?;
        batch::run(repo, &root, shared, version).with_context(|| format!("GIMP {version}"))?;
        language::run(&root, shared, version)
            .with_context(|| format!("GIMP {version} in German"))?;
        effect::run(&root, shared, version)
            .with_context(|| format!("GIMP {version}, layer effect"))?;
        everybody::run(repo, &root, shared, version)
            .with_context(|| format!("GIMP {version}, for everybody"))?;
        if version == "3.2" {
            window::run(repo, &root, shared).context("GIMP 3.2 in a window")?;
            window::run_sizes(repo, &root, shared).context("GIMP 3.2 on other screens")?;
            effect::run_in_window(repo, &root, shared)
                .context("GIMP 3.2 in a window, layer effect")?;
        }
    }

    xtask(repo, &shared.join("home"), &["install", "--gimp", "--uninstall"].map(OsStr::new))?;
    let folders = gimps.map(|(_, version)| plug_in(shared, version));
    let rest = [data(shared), shared.join("home").join(MODULE)];
    if let Some(left) = folders.iter().chain(&rest).find(|path| path.exists()) {
        bail!("uninstalling left {}. Correct xtask/src/install/gimp.rs", left.display());
    }
    Ok(Ran::Whole)
}

/// For a user of both GIMPs, one of which has the filter as it was installed before: all in the
/// folder of plug-ins.
fn install(repo: &Repo, shared: &Path) -> Result<()> {
    let home = shared.join("home");
    let old = plug_in(shared, "3.0");
    let plug_ins = old.parent().context("a plug-in lies in a folder")?;
    fs::create_dir_all(plug_ins)?;
    let whole = ["install", "--gimp", "--folder"].map(OsStr::new);
    xtask(repo, &home, &[&whole[..], &[plug_ins.as_ref()]].concat())?;
    installed_files::check(repo, &old)?;

    xtask(repo, &home, &["install", "--gimp"].map(OsStr::new))?;
    installed_files::check(repo, &data(shared))?;
    installed_files::check(repo, &home.join(MODULE).with_file_name(""))?;
    for version in ["3.0", "3.2"] {
        let folder = plug_in(shared, version);
        installed_files::check(repo, &folder)?;
        let mut names: Vec<_> = fs::read_dir(&folder)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<Result<_>>()?;
        names.sort();
        if names != ["impasto-gimp", "install-manifest.txt", "locale"] {
            bail!("{} holds {names:?}, not the program and its catalogues alone", folder.display());
        }
    }
    Ok(())
}
