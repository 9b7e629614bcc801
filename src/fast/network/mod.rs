//! The fast method's network, rewritten.
//!
//! The networks that are shipped normalise after every convolution. [`Network::statistics_graph`]
//! measures a picture for that, [`Network::render_graph`] paints with what was measured. Both are
//! exact, and less work than the shipped files: a nearest-neighbour doubling before a 3x3
//! convolution is one 2x2 convolution that yields the four phases of every output pixel as channels
//! (16 taps for 36).

mod convolutions;
mod features;
mod phases;
mod render;
#[cfg(test)]
mod shipped;
mod statistics;
mod weights;

pub(super) use render::pixels;
pub use weights::{CODE_LENGTH, Network};

/// Sides of the network's input are multiples of this.
pub(super) const SIZE_MULTIPLE: u32 = 4;

/// The farthest an input pixel reaches in the output, in pixels, rounded up to a size multiple.
pub(super) const REACH: u32 = 80;
