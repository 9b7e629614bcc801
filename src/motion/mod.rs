//! What moves between the frames of a shot, and paintings that are steadied along it.

mod cubic;
mod flow;
mod moved;
mod plane;
mod seen;
mod steady;

pub(crate) use moved::moved;
pub use steady::PaintedFrame;
pub(crate) use steady::{is_one_shot, steady};
