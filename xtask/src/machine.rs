//! What machine this is, in words for a page with figures.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::thread::available_parallelism;

/// Cores, processor and system, such as `2 cores of AMD EPYC with AVX-512, linux`.
pub fn name() -> String {
    let cores = available_parallelism().map_or(0, |cores| cores.get());
    let model = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    format!("{cores} cores of {}{}, {OS}", model.as_deref().unwrap_or(ARCH), with_vectors())
}

/// The widest vectors that the engine's operators use.
fn with_vectors() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    match () {
        () if is_x86_feature_detected!("avx512f") => return " with AVX-512",
        () if is_x86_feature_detected!("avx2") => return " with AVX2",
        () => (),
    }
    ""
}
