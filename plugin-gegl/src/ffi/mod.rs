//! GEGL's, babl's and GLib's libraries behind safe types: all the unsafe code there is.
//!
//! They are in the process already; their functions are looked up at run time, so that no headers
//! are needed to build. Sizes of their structures are checked before anything is registered.
#![allow(unsafe_code)]

mod buffer;
mod class;
mod host;
mod instance;
mod locale;
mod message;
mod module;
mod operation;
mod properties;
mod tables;

pub use buffer::{Buffer, PixelKind, Rectangle};
pub use host::{gimp_folders, own_path};
pub use locale::{language, translated};
