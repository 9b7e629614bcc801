//! The suite of the video editors on MLT: Kdenlive and Shotcut of Debian sid, in a root folder, in
//! whose windows a style is chosen with the mouse.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::mlt::until_written;
use super::ran::Ran;
use super::xtask::xtask;
use crate::install::ofx::BUNDLE;
use crate::pictures;
use crate::repo::Repo;
use crate::root_folder::{EDITORS, RootFolder, SHARED, limited};

/// What is chosen, as it is kept, and as a list of MLT's has it.
const KEPT: &str = "<property name=\"style_name\">ink</property>";
const LABEL: &str = "<property name=\"style\">Ink (Drawn for Impasto)</property>";
const ANOTHER: &str = "<property name=\"style_name\">mosaic</property>";

/// Longer than a script takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

struct Editors<'a> {
    root: &'a RootFolder,
    shared: &'a Path,
}

pub fn run(repo: &Repo) -> Result<Ran> {
    if cfg!(not(all(target_os = "linux", target_arch = "x86_64"))) {
        return Ok(Ran::Skipped("the bundle is made for Linux on x86-64".to_owned()));
    }
    if let Some(why) = RootFolder::obstacle() {
        return Ok(Ran::Skipped(format!("{why}: nothing was tried in Kdenlive and Shotcut")));
    }
    let root = RootFolder::provide(repo, &EDITORS)?;
    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;
    let shared = work.path();
    let home = shared.join("home");
    fs::create_dir(&home)?;
    let install = ["install", "--ofx", "--prefix"].map(OsStr::new);
    xtask(repo, &home, &[&install[..], &[shared.as_ref()]].concat())?;
    for (from, to) in [
        ("tests/hosts/gimp/screen.sh", "screen.sh"),
        ("tests/hosts/editors/editor.sh", "editor.sh"),
        ("tests/hosts/editors/kdenlive.sh", "kdenlive.sh"),
        ("tests/hosts/editors/shotcut.sh", "shotcut.sh"),
        ("tests/hosts/editors/clip.mlt", "clip.mlt"),
    ] {
        fs::copy(repo.root().join(from), shared.join(to)).with_context(|| from.to_owned())?;
    }
    let photo = pictures::read(&repo.root().join("examples/photo.png"))?;
    photo.part(120, 90, 320, 240).write(&shared.join("photo.png"))?;
    let editors = Editors { root: &root, shared };
    let clip = ["photo.png", "out=24", "-consumer", "avformat:clip.mp4", "vcodec=mpeg4", "an=1"];
    editors.inside("melt", &[&["-silent"], &clip[..]].concat())?;

    for (script, chosen, again) in [
        ("kdenlive.sh", "chosen.kdenlive", "again.kdenlive"),
        ("shotcut.sh", "chosen.mlt", "again.mlt"),
    ] {
        let outcome = editors.inside("sh", &[script]);
        editors.keep_screenshots(repo, script)?;
        outcome.with_context(|| script.to_owned())?;
        editors.judge(chosen, again).with_context(|| script.to_owned())?;
        println!("{script}: passed");
    }

    let uninstall = ["install", "--ofx", "--uninstall", "--prefix"].map(OsStr::new);
    xtask(repo, &home, &[&uninstall[..], &[shared.as_ref()]].concat())?;
    let data = home.join(".local/share");
    for left in ["kdenlive/effects/impasto.xml", "Meltytech/Shotcut/extensions/filters/impasto"] {
        ensure!(!data.join(left).exists(), "uninstalling left {left}");
    }
    ensure!(!shared.join(BUNDLE).exists(), "uninstalling left the bundle");
    Ok(Ran::Whole)
}

impl Editors<'_> {
    fn inside(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let mut command = self.root.command(self.shared, "env");
        command.arg(format!("OFX_PLUGIN_PATH={SHARED}")).arg(format!("HOME={SHARED}/home"));
        command.arg("QT_QPA_PLATFORM=offscreen").arg(program).args(arguments);
        let output =
            limited(&command, PATIENCE).output().context("timeout could not be started")?;
        if !output.status.success() {
            bail!(
                "{program} failed ({}): {}{}",
                output.status,
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(())
    }

    /// The style is kept by its name, is there again, and is what is rendered.
    fn judge(&self, chosen: &str, again: &str) -> Result<()> {
        for name in [chosen, again] {
            let project = self.read(name)?;
            ensure!(project.contains(KEPT), "{name} does not keep the style that was chosen");
        }
        let rendered = self.rendered(chosen)?;
        ensure!(rendered == self.rendered(again)?, "{again} is rendered otherwise");
        let ending = chosen.rsplit('.').next().unwrap_or_default();
        let with = |what: &str| -> Result<Vec<u8>> {
            let name = format!("other.{ending}");
            fs::write(self.shared.join(&name), self.read(chosen)?.replace(KEPT, what))?;
            self.rendered(&name)
        };
        ensure!(rendered == with(LABEL)?, "the style is another than the one that was chosen");
        ensure!(rendered != with(ANOTHER)?, "the style is not what is painted in");
        Ok(())
    }

    fn read(&self, name: &str) -> Result<String> {
        fs::read_to_string(self.shared.join(name)).with_context(|| format!("reading {name}"))
    }

    /// The first frame of a project, as melt renders it: the samples.
    fn rendered(&self, name: &str) -> Result<Vec<u8>> {
        let out = self.shared.join("rendered.png");
        let _ = fs::remove_file(&out);
        let consumer = ["-consumer", "avformat:rendered.png", "vcodec=png", "an=1", "update=1"];
        let arguments = [&["-silent", name, "out=0"], &consumer[..], &["real_time=-1"]].concat();
        until_written(|| self.inside("melt", &arguments), || Ok(out.exists()))?;
        fs::read(&out).with_context(|| format!("melt rendered nothing of {name}"))
    }

    fn keep_screenshots(&self, repo: &Repo, script: &str) -> Result<()> {
        let name = script.trim_end_matches(".sh");
        let (from, to) = (self.shared.join(name), repo.target().join("editor-screenshots"));
        fs::create_dir_all(&to)?;
        for entry in fs::read_dir(from).into_iter().flatten() {
            let path = entry?.path();
            if path.extension() == Some(OsStr::new("png")) {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                fs::copy(&path, to.join(format!("{name}-{file}")))?;
            }
        }
        println!("screenshots are in {}", to.display());
        Ok(())
    }
}
