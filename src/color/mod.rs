//! What colour numbers mean, and how they are turned into what the networks were trained on.

mod convert;
pub mod curve;
mod encoding;
mod hdr;
mod keep;
mod levels;
pub mod primaries;
mod space;
mod thumbnail;

pub(crate) use encoding::Encoding;
pub(crate) use keep::{ColorMatch, Moments, with_luminance_of};
pub(crate) use levels::Levels;
pub(crate) use space::Conversion;
pub(crate) use thumbnail::{Thumbnail, bilinear};
