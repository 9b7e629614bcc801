//! What moves between the frames of a shot, and paintings that are steadied along it.

mod cubic;
mod flow;
mod plane;
mod seen;
mod steady;

pub(crate) use steady::{PaintedFrame, steady};
