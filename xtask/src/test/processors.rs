//! The suites of other processors: this one's instructions are taken away by an emulator, so that
//! what holds on a new processor is known to hold on an old one.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::ran::Ran;
use crate::cargo::{self, cargo};
use crate::environment;
use crate::pictures::{self, Picture};
use crate::repo::Repo;
use crate::tools;

/// As the emulator calls them, and what they have.
const PROCESSORS: [(&str, &str); 2] = [("Nehalem", "no AVX"), ("Haswell", "AVX2, no AVX-512")];

/// Compares tiles with the whole, which no other program computed, in large pictures: with it an
/// emulator takes hours.
const OF_ITSELF: &str = "tiles_of_any_size_and_offset_give_the_whole_gradient";

/// Of the golden tests the one with a small network.
const SMALL: &str = "a_slim_networks_losses_and_gradients_are_those_of_automatic_differentiation";

const EMULATOR: &str = "qemu-x86_64";

/// How far a painting may be from this processor's: roundings of single precision.
const MOST: f64 = 2.0;

/// The operators, a small painting, and the optimise method's gradients.
pub fn run(repo: &Repo) -> Result<Ran> {
    if let Some(skipped) = obstacle() {
        return Ok(skipped);
    }
    let work = tempfile::tempdir().context("making a temporary folder. Check TMPDIR")?;
    let photo = work.path().join("photo.png");
    let whole = pictures::read(&repo.root().join("examples/photo.png"))?;
    whole.part(200, 100, 128, 96).write(&photo)?;
    let program = cargo::build(repo)?.program;
    let expected = painting(repo, &photo, Command::new(&program))?;
    for (processor, what) in PROCESSORS {
        println!("a painting on a processor with {what}:");
        let mut emulated = Command::new(EMULATOR);
        emulated.args(["-cpu", processor]).arg(&program);
        let found = painting(repo, &photo, emulated)?;
        let most = 255.0 * found.most_difference(&expected)?;
        println!("it differs by {most:.0}/255 at most");
        ensure!(most <= MOST, "a painting on a processor with {what} differs by {most:.0}/255");
    }
    for (processor, what) in PROCESSORS {
        println!("operators and gradients on a processor with {what}:");
        test(repo, processor, &["runtime::operators::", SMALL])?;
    }
    Ok(Ran::Whole)
}

/// What other programs computed for the optimise method.
pub fn golden(repo: &Repo) -> Result<Ran> {
    if let Some(skipped) = obstacle() {
        return Ok(skipped);
    }
    for (processor, what) in PROCESSORS {
        println!("a processor with {what}:");
        test(repo, processor, &["optimize::golden::", "--skip", OF_ITSELF])?;
    }
    Ok(Ran::Whole)
}

fn obstacle() -> Option<Ran> {
    if cfg!(not(all(target_os = "linux", target_arch = "x86_64"))) {
        return Some(Ran::Skipped("the emulator is set up for Linux on x86-64".into()));
    }
    let is_missing = !tools::provide(&[EMULATOR]).is_empty();
    is_missing.then(|| Ran::Skipped("there is no qemu-x86_64: `apt-get install qemu-user`".into()))
}

fn test(repo: &Repo, processor: &str, tests: &[&str]) -> Result<()> {
    let status = cargo(repo, "test")
        .env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER", format!("{EMULATOR} -cpu {processor}"))
        // Of all packages: fewer would be built with other features, and anew.
        .args(["--release", "--workspace", "--lib", "--"])
        .args(tests)
        .status()
        .context("cargo could not be started. Run this as `cargo xtask`")?;
    if !status.success() {
        bail!("cargo test on an emulated {processor} failed. Correct what it says above");
    }
    Ok(())
}

/// The samples of a painting by the program that `command` starts.
fn painting(repo: &Repo, photo: &Path, mut command: Command) -> Result<Picture> {
    let out = photo.with_file_name("painting.png");
    command.arg("paint").arg(photo).args(["--style", "ink", "--quiet", "--out"]).arg(&out);
    environment::give(&mut command, repo);
    environment::give_home(&mut command, &photo.with_file_name("home"));
    let done = command.output().context("the program could not be started")?;
    if !done.status.success() {
        bail!("painting failed: {}", String::from_utf8_lossy(&done.stderr).trim());
    }
    pictures::read(&out)
}
