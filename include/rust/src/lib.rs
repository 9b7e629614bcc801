//! Impasto for Rust hosts: neural style transfer through the C library `libimpasto`.
//!
//! The library is found and loaded at run time, by full path ([`Library::load`]); nothing is
//! linked. Loading it loads neither ONNX Runtime nor a network, so a host that only lists its
//! plug-ins' parameters stays quick. What goes wrong is an [`Error`] with words for people.
//!
//! All objects may be shared by threads. One [`Engine`] a process is enough.
//!
//! ```no_run
//! use std::ops::ControlFlow;
//!
//! use impasto_client::{
//!     Engine, EngineOptions, Library, PaintOptions, PixelFormat, PixelsMut, Style,
//! };
//!
//! # fn main() -> impasto_client::Result<()> {
//! let library = Library::load(None)?;
//! for parameter in library.parameters() {
//!     println!("{}: {}", parameter.label, parameter.help);
//! }
//!
//! let engine = Engine::new(&library, &EngineOptions::default())?;
//! let style = Style::from_name(&engine, "great-wave")?;
//! let mut options = PaintOptions::new(&library)?;
//! options.set("strength", 0.9)?;
//!
//! let mut bytes = vec![128; 640 * 480 * 4];
//! let mut pixels = PixelsMut::new(&mut bytes, 640, 480, PixelFormat::RGBA_U8)?;
//! let report = engine.paint_in_place(&style, &options, &mut pixels, None, |fraction, phase| {
//!     println!("{phase}: {:.0} %", fraction * 100.0);
//!     ControlFlow::Continue(())
//! })?;
//! println!("painted on {} in {:.2} s", report.device, report.seconds);
//! # Ok(())
//! # }
//! ```

mod cancel;
mod engine;
mod error;
mod ffi;
mod library;
mod log;
mod look;
mod options;
mod parameters;
mod pixels;
mod report;
mod style;
mod version;

pub use cancel::Cancel;
pub use engine::{Device, Engine, PaintedFrame};
pub use error::{Error, Result, Status};
pub use library::Library;
pub use log::{Log, LogLevel};
pub use look::Look;
pub use options::{EngineOptions, PaintOptions};
pub use parameters::{Choice, Parameter, ParameterKind};
pub use pixels::{Alpha, Channels, Curve, PixelFormat, Pixels, PixelsMut, Sample};
pub use report::Report;
pub use style::{Style, StyleEntry};
pub use version::Version;
