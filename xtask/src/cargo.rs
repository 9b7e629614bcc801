//! Building with the Cargo that called us.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::repo::Repo;

/// The release build's files, wherever `CARGO_TARGET_DIR` put them.
pub struct Built {
    pub program: PathBuf,
    /// The C library.
    pub library: Option<PathBuf>,
    /// The filter that GIMP starts.
    pub gimp_filter: Option<PathBuf>,
    /// The layer effect that GEGL loads.
    pub gegl_module: Option<PathBuf>,
    /// The OpenFX node.
    pub node: Option<PathBuf>,
}

/// Cargo, about this checkout. It stays in the caller's folder: a relative `CARGO_TARGET_DIR`
/// would mean another one elsewhere.
pub fn cargo(repo: &Repo, verb: &str) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.arg(verb).arg("--manifest-path").arg(repo.root().join("Cargo.toml"));
    cargo
}

/// Runs a `cargo test`.
pub fn run_tests(test: &mut Command) -> Result<()> {
    let status = test.status().context("cargo could not be started. Run this as `cargo xtask`")?;
    if !status.success() {
        bail!("cargo test failed. Correct what it says above");
    }
    Ok(())
}

/// Builds all that is installed for release. At once: of each package alone, and in the tests, what
/// they depend on would get other features, and the engine would be compiled again.
pub fn build(repo: &Repo) -> Result<Built> {
    let packages = ["impasto", "impasto-cli", "impasto-gimp", "impasto-gegl", "impasto-ofx"];
    built(artifacts(repo, &packages)?)
}

/// Builds the program that measures for release.
pub fn build_bench(repo: &Repo) -> Result<PathBuf> {
    let artifacts = artifacts(repo, &["impasto-bench"])?;
    let made = artifacts.into_iter().filter(|artifact| artifact.target.name == "impasto-bench");
    let program = made.filter_map(|artifact| artifact.executable).next();
    program.context("cargo made no program `impasto-bench`. Restore it in bench/Cargo.toml")
}

/// Builds packages for release, and tells what was made.
fn artifacts(repo: &Repo, packages: &[&str]) -> Result<Vec<Artifact>> {
    let attempt = "building Impasto";
    let output = cargo(repo, "build")
        .arg("--release")
        .args(packages.iter().flat_map(|package| ["--package", package]))
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()
        .context("cargo could not be started. Run this as `cargo xtask`")
        .context(attempt)?;
    if !output.status.success() {
        bail!("{attempt}: cargo failed. Correct what it says above, and try again");
    }
    Ok(read(String::from_utf8_lossy(&output.stdout).lines()))
}

/// Runs a `cargo build` for release and returns the shared library of a package.
pub fn build_shared(build: &mut Command, package: &str) -> Result<PathBuf> {
    let output = build
        .args(["--package", package, "--release", "--lib"])
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()
        .context("cargo could not be started. Run this as `cargo xtask`")?;
    if !output.status.success() {
        bail!("building {package}: cargo failed. Correct what it says above");
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let name = package.replace('-', "_");
    let made = read(text.lines()).into_iter().filter(|artifact| artifact.target.name == name);
    let shared = made.flat_map(|artifact| artifact.filenames).find(|file| is_shared(file));
    shared.with_context(|| format!("cargo made no shared library of {package}"))
}

/// A line of Cargo's output that tells of files made.
#[derive(Deserialize)]
struct Artifact {
    target: Target,
    filenames: Vec<PathBuf>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

fn read<'m>(messages: impl IntoIterator<Item = &'m str>) -> Vec<Artifact> {
    messages.into_iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn is_shared(library: &Path) -> bool {
    library.extension().is_some_and(|extension| extension == env::consts::DLL_EXTENSION)
}

fn built(artifacts: Vec<Artifact>) -> Result<Built> {
    let (mut program, mut library, mut gimp_filter) = (None, None, None);
    let (mut gegl_module, mut node) = (None, None);
    for artifact in artifacts {
        if artifact.target.name == "impasto-gimp" {
            gimp_filter = artifact.executable;
            continue;
        }
        if artifact.target.name == "impasto_gegl" {
            gegl_module = artifact.filenames.into_iter().find(|file| is_shared(file));
            continue;
        }
        if artifact.target.name == "impasto_ofx" {
            node = artifact.filenames.into_iter().find(|file| is_shared(file));
            continue;
        }
        if artifact.target.name != "impasto" {
            continue;
        }
        library =
            library.or_else(|| artifact.filenames.iter().find(|file| is_shared(file)).cloned());
        program = program.or(artifact.executable);
    }
    let program =
        program.context("cargo made no program `impasto`. Restore it in cli/Cargo.toml")?;
    Ok(Built { program, library, gimp_filter, gegl_module, node })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_and_the_library_are_found_in_cargos_messages() {
        let messages = [
            r#"{"reason":"compiler-artifact","target":{"name":"other"},"filenames":["/t/libother.so"],"executable":null}"#,
            r#"{"reason":"compiler-artifact","target":{"name":"impasto"},"filenames":["/t/libimpasto.rlib","/t/libimpasto.so"],"executable":null}"#,
            r#"{"reason":"compiler-artifact","target":{"name":"impasto"},"filenames":["/t/impasto"],"executable":"/t/impasto"}"#,
            r#"{"reason":"compiler-artifact","target":{"name":"impasto-gimp"},"filenames":["/t/impasto-gimp"],"executable":"/t/impasto-gimp"}"#,
            r#"{"reason":"compiler-artifact","target":{"name":"impasto_gegl"},"filenames":["/t/libimpasto_gegl.so","/t/libimpasto_gegl.rlib"],"executable":null}"#,
            r#"{"reason":"compiler-artifact","target":{"name":"impasto_ofx"},"filenames":["/t/libimpasto_ofx.so","/t/libimpasto_ofx.rlib"],"executable":null}"#,
            r#"{"reason":"build-finished","success":true}"#,
        ];
        let built = built(read(messages)).unwrap();
        assert_eq!(built.program, PathBuf::from("/t/impasto"));
        assert_eq!(built.gimp_filter, Some(PathBuf::from("/t/impasto-gimp")));
        if cfg!(target_os = "linux") {
            assert_eq!(built.library, Some(PathBuf::from("/t/libimpasto.so")));
            assert_eq!(built.gegl_module, Some(PathBuf::from("/t/libimpasto_gegl.so")));
            assert_eq!(built.node, Some(PathBuf::from("/t/libimpasto_ofx.so")));
        }
    }
}
