//! The suite of a render farm: a shot that Slurm, the real one, shares out among tasks, of which one
//! is killed, is the same as the shot that one process paints.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};

use super::ran::Ran;
use super::xtask::xtask;
use crate::pictures;
use crate::repo::Repo;
use crate::root_folder::{RootFolder, SHARED, TRIXIE, limited};

/// As the job in examples/farm has them.
const FIRST: u32 = 1001;
const FRAMES: u32 = 24;

/// Longer than all of it takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

pub fn run(repo: &Repo) -> Result<Ran> {
    if cfg!(not(all(target_os = "linux", target_arch = "x86_64"))) {
        return Ok(Ran::Skipped("the root folder is one of Linux on x86-64".to_owned()));
    }
    if let Some(why) = RootFolder::obstacle() {
        return Ok(Ran::Skipped(format!("{why}: nothing was tried in Slurm")));
    }
    let root = RootFolder::provide(repo, &TRIXIE)?;
    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;
    let shared = work.path();
    let prefix = shared.join("impasto");
    let install = ["install", "--prefix"].map(OsStr::new);
    xtask(repo, shared, &[&install[..], &[prefix.as_ref()]].concat())?;

    let job = shared.join("job");
    fs::create_dir_all(job.join("shot"))?;
    write_shot(repo, &job.join("shot"))?;
    fs::copy(repo.root().join("examples/farm/slurm.sh"), job.join("slurm-job.sh"))?;
    fs::copy(repo.root().join("tests/hosts/farm/slurm.sh"), shared.join("slurm.sh"))?;
    paint_at_once(&prefix, &job)?;

    let mut inside = root.command(shared, "env");
    inside
        .arg(format!("HOME={SHARED}/home"))
        .arg(format!("PATH={SHARED}/impasto/bin:/usr/sbin:/usr/bin:/sbin:/bin"))
        .args(["sh", "slurm.sh"]);
    let output = limited(&inside, PATIENCE).output().context("timeout could not be started")?;
    let outcome = match output.status.success() {
        true => compare(shared, &job),
        false => Err(anyhow!("Slurm's script failed ({})", output.status)),
    };
    outcome.with_context(|| {
        let log = |name: &str| fs::read_to_string(shared.join(name)).unwrap_or_default();
        format!(
            "{}{}{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
            log("slurmctld.log"),
            log("slurmd.log")
        )
    })?;
    Ok(Ran::Whole)
}

/// A camera that moves over the photograph.
fn write_shot(repo: &Repo, folder: &Path) -> Result<()> {
    let photo = pictures::read(&repo.root().join("examples/photo.png"))?;
    for frame in 0..FRAMES {
        let path = folder.join(format!("shot.{}.png", FIRST + frame));
        photo.part(100 + 4 * frame, 120, 160, 120).write(&path)?;
    }
    Ok(())
}

fn paint_at_once(prefix: &Path, job: &Path) -> Result<()> {
    let status = Command::new(prefix.join("bin/impasto"))
        .args(["paint", "shot/shot.####.png", "--style", "starry-night"])
        .args(["--out", "expected/shot.####.png"])
        .current_dir(job)
        .env_clear()
        .env("HOME", job)
        .status()
        .context("impasto could not be started")?;
    ensure!(status.success(), "painting the shot at once failed ({status})");
    Ok(())
}

/// A task was killed; all frames are there, nothing else is, and each is the same to the byte.
fn compare(shared: &Path, job: &Path) -> Result<()> {
    ensure!(shared.join("killed").exists(), "no task was killed in mid-work");
    let names = |folder: &str| -> Result<Vec<_>> {
        let entries = fs::read_dir(job.join(folder)).with_context(|| folder.to_owned())?;
        let mut names: Vec<_> =
            entries.map(|entry| Ok(entry?.file_name())).collect::<Result<_>>()?;
        names.sort();
        Ok(names)
    };
    let (expected, painted) = (names("expected")?, names("painted")?);
    ensure!(expected.len() == FRAMES as usize, "one process painted {} frames", expected.len());
    ensure!(painted == expected, "the farm left {painted:?}");
    for name in &expected {
        let read = |folder: &str| fs::read(job.join(folder).join(name));
        let name = name.to_string_lossy();
        ensure!(read("expected")? == read("painted")?, "the farm paints {name} in another way");
    }
    println!("{FRAMES} frames of four tasks, one of them killed, are those of one process");
    Ok(())
}
