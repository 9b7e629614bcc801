//! What the tests of the command line share: the program, pictures, places.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(dead_code, unused_imports, reason = "each test file uses a part")]

#[path = "../../../tests/common/network.rs"]
pub mod network;
#[path = "../../../tests/common/pictures.rs"]
pub mod pictures;
#[path = "../../../tests/common/places.rs"]
mod places;
pub mod program;

pub use places::*;
