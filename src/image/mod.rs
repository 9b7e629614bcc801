//! Pixels: how they lie in memory, pictures that own them, and pictures as masks.

mod format;
mod mask;
mod picture;
mod view;

pub use format::{AlphaMode, Channels, PixelFormat, SampleType};
pub(crate) use picture::check_size;
pub use picture::{ColorSpace, Picture};
pub(crate) use view::luminance;
pub use view::{PixelView, PixelViewMut, Rows};

/// The largest side of a picture that the engine takes, in pixels.
pub const MAX_SIDE: u32 = 30_000;
