//! The fast method: one network for any style.

mod cache;
mod look;
mod method;
mod network;
mod options;
mod paint;
mod per_style;
mod statistics;
mod style;
mod turbulence;

pub use look::Look;
pub(crate) use method::FastMethod;
pub use method::{FastNetwork, NetworkForms};
pub use network::CODE_LENGTH;
pub use options::FastOptions;
pub use paint::Report;
pub use per_style::{PerStyle, PictureFormat};
pub use style::Style;
