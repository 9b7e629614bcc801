//! Impasto for Rust hosts: neural style transfer through the C library `libimpasto`.
//!
//! The library is found and loaded at run time, by full path ([`Library::load`]); nothing is
//! linked. Loading it loads neither ONNX Runtime nor a network, so a host that only lists its
//! plug-ins' settings stays quick. What goes wrong is an [`Error`] with words for people.
//!
//! All objects may be shared by threads. One [`Engine`] a process is enough.
//!
//! ```no_run
//! use std::ops::ControlFlow;
//!
//! use impasto_client::{
//!     Engine, EngineOptions, Library, PixelFormat, PixelsMut, Run, Settings, Style,
//! };
//!
//! # fn main() -> impasto_client::Result<()> {
//! let library = Library::load(None)?;
//! for setting in library.settings() {
//!     println!("{}: {}", setting.label, setting.help);
//! }
//!
//! let engine = Engine::new(&library, &EngineOptions::default())?;
//! let style = Style::from_name(&engine, "great-wave")?;
//! let mut settings = Settings::new(&library)?;
//! settings.set_number("strength", 0.9)?;
//!
//! let mut bytes = vec![128; 640 * 480 * 4];
//! let mut pixels = PixelsMut::new(&mut bytes, 640, 480, PixelFormat::RGBA_U8)?;
//! let run = Run::new().progress(|progress| {
//!     println!("{}: {:.0} %", progress.phase, progress.fraction * 100.0);
//!     ControlFlow::Continue(())
//! });
//! let report = engine.paint_in_place(&style, &settings, run, &mut pixels, None)?;
//! println!("painted on {} in {:.2} s", report.device, report.seconds);
//! # Ok(())
//! # }
//! ```

mod cancel;
mod device;
mod engine;
mod engine_options;
mod error;
mod ffi;
mod format;
mod frame;
mod library;
mod log;
mod look;
mod looking;
mod paint;
mod pixels;
mod places;
mod progress;
mod report;
mod run;
mod setting;
mod settings;
mod steady;
mod style;
mod style_entry;
mod version;

pub use cancel::Cancel;
pub use device::Device;
pub use engine::Engine;
pub use engine_options::EngineOptions;
pub use error::{Cure, Error, Result, Status};
pub use format::{Alpha, Channels, Curve, PixelFormat, Sample};
pub use frame::PaintedFrame;
pub use library::Library;
pub use log::{Log, LogLevel};
pub use look::Look;
pub use pixels::{Pixels, PixelsMut};
pub use progress::{Losses, Preview, Progress};
pub use report::Report;
pub use run::Run;
pub use setting::{Choice, Methods, Place, Setting, SettingKind};
pub use settings::Settings;
pub use style::Style;
pub use style_entry::StyleEntry;
pub use version::Version;
