//! The C interface. `include/impasto.h` is written from these files by `cargo xtask header`.
//!
//! Conventions: handles are opaque and are freed by the function named `_free`, which takes the
//! address of the handle and clears it; NULL is an error wherever the documentation does not allow
//! it; outputs are written only on success; a failing function leaves its words in
//! `impasto_last_error_message`. Strings are UTF-8. No panic crosses the boundary.
#![allow(unsafe_code, non_camel_case_types)]

mod cancel;
mod devices;
mod engine;
mod fence;
mod last_error;
mod log_callback;
mod look;
mod options;
mod paint;
mod parameters;
mod pixels;
mod pointer;
mod report;
mod status;
mod steady;
mod style;
mod style_list;
mod version;
