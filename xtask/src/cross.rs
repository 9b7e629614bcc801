//! Cross-compiling Impasto for Windows, in a root folder: Debian has a linker for Windows and the
//! source of Rust's standard library, which is compiled along.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::cargo::cargo;
use crate::repo::Repo;
use crate::root_folder::{RootFolder, SHARED};

const TARGET: &str = "x86_64-pc-windows-gnu";

/// Cargo's output folder, under `target/`.
const FOLDER: &str = "windows-build";

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
    fetch(repo, root).context(attempt)?;
    let home = cargo_home()?;
    let mut build = root.command_with(&[(repo.root(), SHARED), (&home, CARGO_HOME)], "env");
    build.arg(format!("CARGO_HOME={CARGO_HOME}"));
    build.args(["sh", "-c", BUILD, "sh", TARGET]).arg(format!("{SHARED}/target/{FOLDER}"));
    let status = build.status().context("the root folder could not be entered").context(attempt)?;
    if !status.success() {
        bail!("{attempt}: cargo failed. Correct what it says above, and try again");
    }
    let file = |name: &str| {
        let path = repo.target().join(FOLDER).join(TARGET).join("release").join(name);
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

/// Downloads the sources out here, where Cargo is set up for this machine's network.
fn fetch(repo: &Repo, root: &RootFolder) -> Result<()> {
    run(cargo(repo, "fetch").args(["--locked", "--target", TARGET]))?;
    // One folder: the root folder has one Rust.
    let sources = fs::read_dir(root.outside(SOURCES)).context("the root folder has no sources")?;
    let library = sources
        .filter_map(Result::ok)
        .map(|entry| entry.path().join("library/Cargo.toml"))
        .find(|manifest| manifest.is_file())
        .context("the root folder lacks the source of Rust's standard library")?;
    let mut fetch = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    fetch.args(["fetch", "--locked", "--target", TARGET, "--manifest-path"]).arg(library);
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
