//! Impasto as an operation of GEGL, `impasto:paint`: a layer effect in GIMP 3.
//!
//! GEGL loads this module into GIMP's own process, so it is thin: it hands pixels to the filter's
//! program, which paints in a process of its own, and takes the painting back. Whatever happens
//! there, GIMP lives on, and the layer is shown unpainted.

pub mod property;
pub mod protocol;
#[rustfmt::skip]
pub mod table;
pub mod words;

#[cfg(target_os = "linux")]
mod cache;
#[cfg(target_os = "linux")]
mod ffi;
#[cfg(target_os = "linux")]
mod helper;
#[cfg(target_os = "linux")]
mod painter;
#[cfg(target_os = "linux")]
mod program;

/// The operation's name in GEGL.
pub const OPERATION: &str = "impasto:paint";
/// The first argument with which the filter's program paints for this module.
pub const HELPER_ARGUMENT: &str = "--paint-for-gegl";
