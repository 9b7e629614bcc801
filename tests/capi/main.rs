//! The C interface, called as a C program calls it.

#![allow(unsafe_code, reason = "the interface is C's")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/mod.rs"]
mod common;

mod abi;
mod corpus;
mod cost;
mod cures;
mod fixtures;
mod generator;
mod logging;
mod looks;
mod optimizing;
mod painting;
mod panics;
mod pixels;
mod running;
mod settings;
mod sharing;
mod steadying;
