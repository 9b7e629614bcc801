//! Impasto as an OpenFX node, for Natron, Nuke, Resolve, Fusion, Vegas, Kdenlive and Shotcut.
//!
//! A host of `libimpasto` like any other: parameters in, pixels in, engine call, pixels out. Hosts
//! come in by `entry`. Read on in `node`, which answers their actions in the order of its life;
//! what is unsafe is in `entry`, `host` and `pin`.

mod clips;
mod color;
mod content;
mod controls;
mod definitions;
mod describe;
pub mod descriptions;
mod edits;
mod engine;
mod entry;
mod failure;
mod host;
mod instances;
mod look;
mod node;
mod panel;
mod picture;
#[cfg(windows)]
mod pin;
mod recent;
mod render;
mod scale;
mod settings;
mod steady;
mod style;
mod style_choice;
mod terms;
mod turn;
mod watch;
