//! The suite that runs `tests/capi` under AddressSanitizer.
//!
//! It shows that the C interface, whatever it is called with, reads and writes nothing but the
//! memory it was given and its own, uses nothing that was freed, frees nothing twice, and leaks
//! nothing but what `tests/capi/leaks.txt` excuses. ONNX Runtime itself is not instrumented: of it,
//! what it allocates and frees is seen, not what it reads.

use std::env;

use anyhow::{Context, Result, bail};

use super::ran::Ran;
use crate::cargo::cargo;
use crate::repo::Repo;

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// A variable of OpenVINO's library of threads. On some processors that loads a part of itself in a
/// way (RTLD_DEEPBIND) at which the sanitizer ends the process, unless it is told of the sanitizer.
pub const OPENVINO_IS_TOLD: (&str, &str) = ("TBB_ENABLE_SANITIZERS", "1");

pub fn run(repo: &Repo) -> Result<Ran> {
    if cfg!(not(all(target_os = "linux", target_arch = "x86_64"))) {
        return Ok(Ran::Skipped("the sanitizer is set up for Linux on x86-64".into()));
    }
    let suppressions = repo.root().join("tests/capi/leaks.txt");
    let leaks = format!("suppressions={}:print_suppressions=0", suppressions.display());
    let status = cargo(repo, "test")
        .args(["--release", "--package", "impasto", "--test", "capi"])
        .args(["--features", "inject-panic", "--target", TARGET, "--target-dir"])
        // Instrumented and plain builds must not displace each other.
        .arg(repo.target().join("sanitizer"))
        // The stable compiler has the sanitizer, but hides it.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zsanitizer=address --cfg=impasto_sanitized")
        .envs([OPENVINO_IS_TOLD])
        .env("ASAN_OPTIONS", with("ASAN_OPTIONS", "detect_leaks=1"))
        .env("LSAN_OPTIONS", with("LSAN_OPTIONS", &leaks))
        .status()
        .context("cargo could not be started. Run this as `cargo xtask`")?;
    if !status.success() {
        bail!("the tests failed under AddressSanitizer. Correct what it says above");
    }
    Ok(Ran::Whole)
}

/// The suite's options and after them the caller's, which win.
fn with(name: &str, options: &str) -> String {
    match env::var(name) {
        Ok(more) => format!("{options}:{more}"),
        Err(_) => options.to_owned(),
    }
}
