//! The fast method: one network for any style.

mod cache;
mod finish;
mod method;
mod network;
mod options;
mod paint;
mod per_style;
mod source;
mod statistics;
mod style;
mod turbulence;

pub(crate) use method::FastMethod;
pub use network::CODE_LENGTH;
pub use options::{FastOptions, KeepColor};
pub use paint::{Canvas, Report};
pub use per_style::{PerStyle, PictureFormat};
pub use style::Style;
