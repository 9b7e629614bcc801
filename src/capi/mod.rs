//! The C interface. `include/impasto.h` is written from these files by `cargo xtask header`.
//!
//! Conventions: handles are opaque and are freed by the function named `_free`, which takes the
//! address of the handle and clears it; NULL is an error wherever the documentation does not allow
//! it; outputs are written only on success; a failing function leaves its words in
//! `impasto_last_error_message`. Strings are UTF-8. No panic crosses the boundary.
#![allow(unsafe_code, non_camel_case_types)]

mod asked;
mod cancel;
mod cure;
mod devices;
mod engine;
mod fence;
mod handle;
mod last_error;
mod log;
mod log_level;
mod log_post;
mod look;
mod looking;
mod mix;
mod paint;
mod pin;
mod pixels;
mod pointer;
mod progress;
mod report;
mod run;
mod setting;
mod settings;
mod sized;
mod static_text;
mod status;
mod steady;
mod style;
mod style_list;
mod version;
