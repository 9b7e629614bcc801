//! OpenVINO: where its provider lies and how it is set.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use super::cure::OPENVINO as CURE;
use super::device::Precision;
use super::library::{Candidates, beside_module};

/// Names the provider's library by its file.
const ENVIRONMENT_VARIABLE: &str = "IMPASTO_OPENVINO";

/// The folder of the provider and of OpenVINO, beside our own library or ONNX Runtime's.
const FOLDER: &str = "openvino";

#[cfg(windows)]
const FILE_NAME: &str = "onnxruntime_providers_openvino_plugin.dll";
#[cfg(not(windows))]
const FILE_NAME: &str = "libonnxruntime_providers_openvino_plugin.so";

/// The library's full path: the environment's, else the first that exists beside our own library
/// or ONNX Runtime's.
pub(super) fn locate(runtime: &Path) -> Result<PathBuf, String> {
    let named = std::env::var_os(ENVIRONMENT_VARIABLE).filter(|path| !path.is_empty());
    if let Some(path) = named {
        let path = PathBuf::from(path);
        return std::path::absolute(&path).ok().filter(|path| path.exists()).ok_or_else(|| {
            format!("'{}' ({ENVIRONMENT_VARIABLE}) does not exist; {CURE}", path.display())
        });
    }
    let folders = beside_module().into_iter().chain(runtime.parent().map(Path::to_owned));
    let candidates = Candidates::new(folders.map(|folder| folder.join(FOLDER).join(FILE_NAME)));
    candidates.find(Path::exists).ok_or_else(|| format!("none of {candidates} exists; {CURE}"))
}

/// Whether a library calls itself OpenVINO's provider.
pub(super) fn is_in(path: &Path) -> bool {
    path.file_name() == Some(FILE_NAME.as_ref())
}

/// Whether the processor computes with bf16 itself. Elsewhere OpenVINO would imitate it slowly.
pub(super) fn has_bf16() -> bool {
    // Processors with AMX have these instructions too.
    #[cfg(target_arch = "x86_64")]
    return std::arch::is_x86_feature_detected!("avx512bf16");
    #[cfg(not(target_arch = "x86_64"))]
    return false;
}

/// One picture at a time on our own number of threads. Left alone, OpenVINO takes every core, and
/// bf16 wherever the processor has it.
pub(super) fn options(precision: Precision, threads: NonZeroUsize) -> [(&'static str, String); 1] {
    let precision = match precision {
        Precision::F32 => "f32",
        Precision::Bf16 => "bf16",
    };
    let config = serde_json::json!({"CPU": {
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": threads.to_string(),
        "NUM_STREAMS": "1",
    }});
    [("load_config", config.to_string())]
}
