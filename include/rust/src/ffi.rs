//! The C interface as `include/impasto.h` declares it. What is unsafe about the crate is in the
//! folder of the same name and in `library.rs`; their faces are safe.
#![allow(unsafe_code)]

mod call;
mod cancel;
mod engine;
mod functions;
mod handle;
mod listeners;
mod log;
mod look;
mod module;
mod paint;
mod pixels;
mod run;
mod settings;
mod steady;
mod style;
mod table;
mod text;
mod types;

pub(crate) use functions::{Functions, VersionNumber};
pub(crate) use handle::Handle;
pub(crate) use module::module_path;
pub(crate) use paint::Canvas;
pub(crate) use run::Run;
pub(crate) use types::{Cancel, Engine, Look, Settings, Style};
