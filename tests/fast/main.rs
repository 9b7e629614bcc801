//! What the fast method promises of every painting, through the library.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/mod.rs"]
mod common;

mod alpha;
mod border;
mod cancelling;
mod code_cache;
mod colors;
mod edge_cases;
mod faces;
mod keep_color;
mod lattice;
mod layers;
mod layouts;
mod looks;
mod masking;
mod pixel_aspect;
mod plain_areas;
mod repeating;
mod settings;
mod tiles;
