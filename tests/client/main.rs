//! What Rust hosts get: `impasto-client` over the C library that was built with these tests.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/mod.rs"]
mod common;

mod copying;
mod engines;
mod failures;
mod fixtures;
mod interface;
mod loading;
mod logging;
mod looks;
mod optimizing;
mod painting;
mod pixels;
mod places;
mod runs;
mod settings;
mod steadying;
mod styles;
