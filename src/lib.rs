//! Impasto paints one picture in the style of another.

pub mod canvas;
mod capi;
pub mod color;
mod engine;
pub mod error;
pub mod fast;
pub mod file;
pub mod graph;
mod hash;
pub mod image;
pub mod job;
mod ladder;
pub mod memory;
mod method;
pub mod models;
mod motion;
mod observer;
pub mod onnx;
pub mod optimize;
mod options;
mod report;
mod request;
pub mod runtime;
pub mod settings;
pub mod styles;
mod tile;
pub mod vgg;
mod whole_file;
mod workshop;

pub use engine::{Engine, EngineOptions};
pub use error::{Error, ErrorKind, Result};
pub use observer::{Job, Observer, Preview};
pub use report::{Report, ScaleReport, Seconds};
pub use request::{Limits, Request, Styles};
pub use settings::Settings;
pub use whole_file::{check as check_file, make_folder, write_bytes as write_file};
