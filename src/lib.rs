//! Impasto paints one picture in the style of another.

pub mod canvas;
mod capi;
pub mod color;
pub mod engine;
pub mod error;
pub mod fast;
pub mod file;
pub mod graph;
mod hash;
pub mod image;
pub mod job;
pub mod memory;
pub mod models;
mod motion;
pub mod onnx;
pub mod optimize;
pub mod parameters;
pub mod runtime;
pub mod styles;
mod threads;
mod tile;
pub mod vgg;
mod whole_file;

pub use engine::{Engine, EngineOptions};
pub use error::{Error, ErrorKind, Result};
pub use whole_file::write_bytes as write_file;
