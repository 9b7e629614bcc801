//! Pixels: how they lie in memory, pictures that own them, and pictures as masks.

mod color_space;
mod format;
mod mask;
mod metadata;
mod picture;
mod view;

pub use color_space::{CodePoints, ColorSpace, Primaries};
pub use format::{AlphaMode, Channels, PixelFormat, SampleType};
pub use metadata::{Metadata, Resolution, Unit};
pub use picture::Picture;
pub(crate) use picture::check_size;
pub(crate) use view::luminance;
pub use view::{PixelView, PixelViewMut, Rows};

/// The largest side of a picture that the engine takes, in pixels.
pub const MAX_SIDE: u32 = 30_000;
