//! How an engine is made.

use std::num::{NonZeroU32, NonZeroU64};
use std::path::PathBuf;

/// Where things are and what may be used.
#[derive(Debug, Clone, Default)]
pub struct EngineOptions {
    /// ONNX Runtime's library; by default the one named by the environment variable
    /// `IMPASTO_ONNXRUNTIME`, the one beside `libimpasto`, or the system's.
    pub runtime: Option<PathBuf>,
    /// The folder of the networks; by default the one named by the environment variable
    /// `IMPASTO_MODELS`, or the one beside `libimpasto`.
    pub models: Option<PathBuf>,
    /// The folder that keeps the codes of style pictures; by default in the user's cache folder.
    pub cache: Option<PathBuf>,
    /// The folder of the user's own styles; by default in the user's data folder.
    pub user_styles: Option<PathBuf>,
    /// The folder of the user's own feature networks; by default in the user's data folder.
    pub user_networks: Option<PathBuf>,
    /// `auto` (the default), `cpu`, `cuda`, `cuda:1`, `directml`, `directml:1`, `openvino`,
    /// `cuda:fp16`, `cuda:1:fp16`, `openvino:bf16`, or the path of a plug-in provider for ONNX
    /// Runtime, with a slash.
    pub device: Option<String>,
    /// Threads; by default one for each core, and never more are used.
    pub threads: Option<NonZeroU32>,
    /// Bytes that a painting may take besides the pictures it is given; by default a quarter of
    /// the memory that is free.
    pub memory_budget: Option<NonZeroU64>,
}
