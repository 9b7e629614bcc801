//! Cross-compiling Impasto in a root folder. For Windows, Debian has a linker and the source of
//! Rust's standard library, which is compiled along; for ARM64 it has the library itself.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::cargo::cargo;
use crate::repo::Repo;
use crate::root_folder::{RootFolder, SHARED};

const WINDOWS: Kind = Kind { target: "x86_64-pc-windows-gnu", folder: "windows-build" };
const ARM64: Kind = Kind { target: "aarch64-unknown-linux-gnu", folder: "arm64-build" };

/// A kind of machine.
struct Kind {
    target: &'static str,
    /// Cargo's output folder, under `target/`.
    folder: &'static str,
}

/// Where the root folder sees the caller's `CARGO_HOME`, which holds the dependencies' sources.
const CARGO_HOME: &str = "/cargo";

/// Debian's source of the standard library. The version of Rust is a part of the name.
const SOURCES: &str = "/usr/src";

/// The target and Cargo's output folder are its arguments. The linker wants two objects that the
/// standard library's own build would make. `crt-static` takes GCC's parts into each file.
const BUILD: &str = r#"
set -e
objects=$(rustc --print sysroot)/lib/rustlib/$1/lib
sources=$(echo /usr/src/rustc-*/library/rtstartup)
export RUSTC_BOOTSTRAP=1
mkdir -p "$objects"
for object in rsbegin rsend; do
    rustc --target "$1" --emit=obj -o "$objects/$object.o" "$sources/$object.rs"
done
export CARGO_TARGET_DIR=$2
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUSTFLAGS=-Ctarget-feature=+crt-static
exec cargo build --release --locked --offline --target "$1" -Zbuild-std=std,panic_unwind \
    --package impasto --package impasto-cli --package impasto-gimp --package impasto-ofx
"#;

/// The target and Cargo's output folder are its first arguments, those of the tests follow.
const TEST: &str = r#"
set -e
target=$1
export CARGO_TARGET_DIR=$2
shift 2
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER='qemu-aarch64 -L /usr/aarch64-linux-gnu'
exec cargo test --release --locked --offline --target "$target" --package impasto --lib -- "$@"
"#;

/// The release build's files for Windows.
pub struct Built {
    pub program: PathBuf,
    /// The C library.
    pub library: PathBuf,
    /// What programs that use the C library are linked with.
    pub import_library: PathBuf,
    /// The filter that GIMP starts.
    pub gimp_filter: PathBuf,
    /// The OpenFX node.
    pub node: PathBuf,
}

pub fn build(repo: &Repo, root: &RootFolder) -> Result<Built> {
    let attempt = "building Impasto for Windows";
    fetch(repo, &WINDOWS).and_then(|()| fetch_standard_library(root)).context(attempt)?;
    perform(repo, root, &WINDOWS, BUILD, &[]).context(attempt)?;
    let file = |name: &str| {
        let path =
            repo.target().join(WINDOWS.folder).join(WINDOWS.target).join("release").join(name);
        ensure!(path.is_file(), "{attempt}: cargo made no {name}. Restore it in the workspace");
        Ok(path)
    };
    Ok(Built {
        program: file("impasto.exe")?,
        library: file("impasto.dll")?,
        import_library: file("libimpasto.dll.a")?,
        gimp_filter: file("impasto-gimp.exe")?,
        node: file("impasto_ofx.dll")?,
    })
}

/// The engine's unit tests on an emulated ARM64, but those whose names begin so.
pub fn test_for_arm64(repo: &Repo, root: &RootFolder, but: &[&str]) -> Result<()> {
    let attempt = "testing the engine for ARM64";
    fetch(repo, &ARM64).context(attempt)?;
    let but: Vec<_> = but.iter().flat_map(|name| ["--skip", name]).collect();
    perform(repo, root, &ARM64, TEST, &but).context(attempt)
}

/// Runs one of the scripts above.
fn perform(repo: &Repo, root: &RootFolder, kind: &Kind, script: &str, more: &[&str]) -> Result<()> {
    let home = cargo_home()?;
    let mut shell = root.command_with(&[(repo.root(), SHARED), (&home, CARGO_HOME)], "env");
    shell.arg(format!("CARGO_HOME={CARGO_HOME}")).args(["sh", "-c", script, "sh", kind.target]);
    shell.arg(format!("{SHARED}/target/{}", kind.folder)).args(more);
    let status = shell.status().context("the root folder could not be entered")?;
    ensure!(status.success(), "cargo failed. Correct what it says above, and try again");
    Ok(())
}

/// Downloads the sources out here, where Cargo is set up for this machine's network.
fn fetch(repo: &Repo, kind: &Kind) -> Result<()> {
    run(cargo(repo, "fetch").args(["--locked", "--target", kind.target]))
}

fn fetch_standard_library(root: &RootFolder) -> Result<()> {
    // One folder: the root folder has one Rust.
    let sources = fs::read_dir(root.outside(SOURCES)).context("the root folder has no sources")?;
    let library = sources
        .filter_map(Result::ok)
        .map(|entry| entry.path().join("library/Cargo.toml"))
        .find(|manifest| manifest.is_file())
        .context("the root folder lacks the source of Rust's standard library")?;
    let mut fetch = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    fetch.args(["fetch", "--locked", "--target", WINDOWS.target, "--manifest-path"]).arg(library);
    run(fetch.env("RUSTC_BOOTSTRAP", "1"))
}

fn run(fetch: &mut Command) -> Result<()> {
    let status = fetch.status().context("cargo could not be started. Run this as `cargo xtask`")?;
    ensure!(status.success(), "cargo could not download the sources. Correct what it says above");
    Ok(())
}

fn cargo_home() -> Result<PathBuf> {
    let below_home = || Some(Path::new(&env::var_os("HOME")?).join(".cargo"));
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(below_home);
    home.context("looking for Cargo's folder: neither CARGO_HOME nor HOME is set")
}
