//! The strict host of tests/hosts/ofx.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo::{self, build_shared, cargo};
use crate::install::ofx::{BUNDLE, Libraries, bundle};
use crate::pictures;
use crate::repo::Repo;
use crate::test::sanitizer::OPENVINO_IS_TOLD;

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Compiles the host under AddressSanitizer, with the runtime of Rust's compiler: a process has
/// one, and it must be as new as the newest compiler's.
pub fn build(repo: &Repo, work: &Path) -> Result<PathBuf> {
    let sources = repo.root().join("tests/hosts/ofx");
    let mut files: Vec<_> = fs::read_dir(&sources)
        .context("reading tests/hosts/ofx")?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "cpp"))
        .collect();
    files.sort();
    let objects = work.join("objects");
    fs::create_dir_all(&objects)?;
    println!("compiling the strict host ...");
    must(
        Command::new("g++")
            .args(["-std=c++17", "-O1", "-g", "-fsanitize=address", "-c"])
            .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I"])
            .arg(repo.root().join("include"))
            .args(&files)
            .current_dir(&objects),
    )?;
    let host = work.join("ofx_host");
    let objects: Vec<_> =
        fs::read_dir(&objects)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    must(
        Command::new("g++")
            .args(&objects)
            .arg("-o")
            .arg(&host)
            .args(["-rdynamic", "-Wl,--whole-archive"])
            .arg(sanitizer_runtime()?)
            .args(["-Wl,--no-whole-archive", "-ldl", "-lpthread", "-lm", "-lrt"]),
    )?;
    Ok(host)
}

/// Everything, with the node under AddressSanitizer, too. The engine's C interface is what the suite
/// `sanitizer` is about: building it in that way once more would take longer than all cases.
pub fn sanitized(repo: &Repo, host: &Path, work: &Path) -> Result<()> {
    let mut build = cargo(repo, "build");
    build
        .args(["--target", TARGET, "--target-dir"])
        // As the suite `sanitizer` does, so that what both need is built once.
        .arg(repo.target().join("sanitizer"))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zsanitizer=address --cfg=impasto_sanitized");
    let node = build_shared(&mut build, "impasto-ofx")?;
    let engine = cargo::build(repo)?.library.context("cargo made no C library")?;
    let to = work.join("sanitized").join(BUNDLE);
    bundle(repo, &Libraries { node: &node, engine: &engine, are_for_tests: true }, &to)?;
    let cases = [
        "pixels", "windows", "inputs", "hostile", "projects", "failures", "threads", "looks",
        "steady",
    ];
    start(repo, host, &to, work, &cases)
}

/// What takes long, with the bundle as it is installed.
pub fn installed(repo: &Repo, host: &Path, bundle: &Path, work: &Path) -> Result<()> {
    start(repo, host, bundle, work, &["flicker"])
}

fn start(repo: &Repo, host: &Path, bundle: &Path, work: &Path, cases: &[&str]) -> Result<()> {
    let photo = work.join("photo.ppm");
    pictures::read(&repo.root().join("examples/photo.png"))?.write_ppm(&photo)?;
    let home = tempfile::tempdir_in(work)?;
    let leaks = repo.root().join("tests/capi/leaks.txt");
    let status = Command::new(host)
        .arg(bundle)
        .arg(&photo)
        .args(cases)
        .current_dir(home.path())
        // No variable may help it to find what is in the bundle.
        .env_clear()
        .env("HOME", home.path())
        .envs([OPENVINO_IS_TOLD])
        .env("LSAN_OPTIONS", format!("suppressions={}:print_suppressions=0", leaks.display()))
        .stdin(Stdio::null())
        .status()
        .context("the strict host could not be started")?;
    if !status.success() {
        bail!("the strict host failed ({status}). Correct what it says above");
    }
    Ok(())
}

fn sanitizer_runtime() -> Result<PathBuf> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output =
        Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
    let output = output.context("rustc could not be started")?;
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let entries = fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.to_string_lossy().ends_with("_rt.asan.a"))
        .with_context(|| format!("there is no sanitizer in {}", folder.display()))
}

fn must(command: &mut Command) -> Result<()> {
    let output = command.output().context("g++ could not be started")?;
    if !output.status.success() {
        bail!("g++ failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
