//! CUDA: how its provider is set, and its libraries, loaded before ONNX Runtime asks for them by
//! bare names.
#![allow(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};

use ort::ep::{self, cuda::ConvAlgorithmSearch};

use super::cure::CUDA as CURE;
use super::loaded::Runtime;
use super::open;

/// What ONNX Runtime's provider asks for, each after what it needs itself. The names go on with a
/// version, which is the provider's affair.
#[cfg(not(windows))]
const LIBRARIES: [&str; 8] = [
    "libcudart.so",
    "libcublasLt.so",
    "libcublas.so",
    "libcurand.so",
    "libcufft.so",
    "libnvrtc.so",
    "libcudnn_graph.so",
    "libcudnn.so",
];
#[cfg(windows)]
const LIBRARIES: [&str; 7] =
    ["cudart64_", "cublasLt64_", "cublas64_", "curand64_", "cufft64_", "nvrtc64_", "cudnn64_"];

/// The driver's own library; it comes with the driver and with nothing else.
#[cfg(not(windows))]
const DRIVER: &str = "libcuda.so.1";
#[cfg(windows)]
const DRIVER: &str = "nvcuda.dll";

/// The part of ONNX Runtime that works with CUDA.
#[cfg(not(windows))]
const PROVIDER: &str = "libonnxruntime_providers_cuda.so";
#[cfg(windows)]
const PROVIDER: &str = "onnxruntime_providers_cuda.dll";

/// The provider's settings for the GPU `number`.
pub(super) fn options(number: u32) -> ep::CUDA {
    ep::CUDA::default()
        .with_device_id(number as i32)
        // 32-bit floats go through tensor cores.
        .with_tf32(true)
        // Channels last, the network that paints takes 7 ms in place of 10 for 1920x1088 on an
        // H200, but 1.5 s in place of 0.07 at every size that it has not seen before: most of it
        // for the plans of its depthwise convolutions.
        .with_prefer_nhwc(false)
        // Since ONNX Runtime 1.20 both kinds of search ask cuDNN's heuristics, A here and B for the
        // default EXHAUSTIVE, and ask again at every change of a tile's size (its nn/conv.cc, and
        // issue 22705). A takes 2 ms for six convolutions where the default takes 634, and what
        // it finds is as fast (an RTX 2080 Ti; PaddleX 5057).
        .with_conv_algorithm_search(ConvAlgorithmSearch::Heuristic)
}

/// Loads CUDA's libraries, once; fails with the reason where CUDA can surely not be used.
pub(super) fn prepare(runtime: &Runtime) -> Result<(), String> {
    let provider = runtime.path().with_file_name(PROVIDER);
    if !provider.exists() {
        return Err(format!("'{}' does not exist; {CURE}", provider.display()));
    }
    if !load(Path::new(DRIVER)) {
        return Err(format!(
            "the NVIDIA driver's {DRIVER} is missing; install NVIDIA's driver for this GPU"
        ));
    }
    missing(runtime);
    Ok(())
}

/// Words for what was not found, where the provider then fails.
pub(super) fn explain(runtime: &Runtime, words: &str) -> String {
    match missing(runtime) {
        [] => words.to_owned(),
        names => format!("{words}; missing are {}; {CURE}", names.join(", ")),
    }
}

/// The names of libraries that lie neither in our folders nor on the loader's own path.
fn missing(runtime: &Runtime) -> &[String] {
    runtime.library.cuda_libraries.get_or_init(|| {
        let folders = folders(runtime.path());
        let is_missing = |name: &&str| match found(&folders, name) {
            Some(path) => !load(&path),
            // Where the system has it under a version of its own, only the provider knows which.
            None => true,
        };
        LIBRARIES.into_iter().filter(is_missing).map(str::to_owned).collect()
    })
}

/// The folder `cuda` beside the runtime, or those of NVIDIA's Python packages beside its own.
fn folders(runtime: &Path) -> Vec<PathBuf> {
    let Some(folder) = runtime.parent() else { return Vec::new() };
    let mut folders = vec![folder.join("cuda")];
    // site-packages/onnxruntime/capi/ and site-packages/nvidia/*/lib/
    let packages = folder.parent().and_then(Path::parent).map(|place| place.join("nvidia"));
    let entries = packages.and_then(|place| fs::read_dir(place).ok()).into_iter().flatten();
    for entry in entries.filter_map(Result::ok) {
        folders.extend(["lib", "bin", "bin/x86_64"].map(|name| entry.path().join(name)));
    }
    folders
}

fn found(folders: &[PathBuf], name: &str) -> Option<PathBuf> {
    folders.iter().find_map(|folder| {
        let mut entries: Vec<_> = fs::read_dir(folder).ok()?.filter_map(Result::ok).collect();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        let is_it = |entry: &&std::fs::DirEntry| {
            entry.file_name().to_str().is_some_and(|file| file.starts_with(name))
        };
        entries.iter().find(is_it).map(std::fs::DirEntry::path)
    })
}

/// Loads a library for the rest of the process; a later request by its bare name finds it.
fn load(path: &Path) -> bool {
    // SAFETY: running a library's constructors is what loading means; these are NVIDIA's, from
    // our installation, the user's Python packages or the system.
    match unsafe { open::library(path) } {
        Ok(library) => {
            std::mem::forget(library);
            true
        }
        Err(e) => {
            log::debug!("cannot load '{}': {e}", path.display());
            false
        }
    }
}
