//! Frames of a shot.

use crate::pixels::Pixels;

/// A frame of a shot and its painting, which have one size and one curve.
#[derive(Debug, Clone, Copy)]
pub struct PaintedFrame<'a> {
    /// The frame.
    pub picture: Pixels<'a>,
    /// Its painting, everywhere if there is a mask.
    pub painting: Pixels<'a>,
}
