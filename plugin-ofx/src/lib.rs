//! Impasto as an OpenFX node, for Natron, Nuke, Resolve, Fusion, Vegas, Kdenlive and Shotcut.
//!
//! A host of `libimpasto` like any other: parameters in, pixels in, engine call, pixels out. Read
//! on in `node`, which answers a host's actions in the order of its life; what is unsafe is in
//! `host`.

mod clips;
mod color;
mod controls;
mod describe;
mod engine;
mod failure;
mod host;
mod instances;
mod look;
mod node;
mod picture;
mod render;
mod settings;
mod steady;
mod style;
mod turn;
mod watch;
