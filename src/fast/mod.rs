//! The fast method: one network for any style. Networks that users bring paint by its tiles, too.

mod cache;
mod drawing;
mod enlarging;
mod faces;
mod folded;
mod lattice;
mod layers;
mod look;
mod look_file;
mod means;
mod method;
mod network;
mod options;
mod painting;
mod per_style;
mod per_style_painting;
mod recent;
mod sessions;
mod sheet;
mod statistics;
mod style;
mod tiles;
mod tones;
mod turbulence;
mod underpainting;

pub(crate) use enlarging::NetworkEnlarger;
pub use look::Look;
pub use look_file::LOOK_ENDING;
pub(crate) use method::FastMethod;
pub use network::{CODE_LENGTH, Network};
pub use options::FastOptions;
pub(crate) use painting::FastPainting;
pub use per_style::{PerStyle, PictureFormat};
pub(crate) use per_style_painting::PerStylePainting;
pub(crate) use sheet::Sheet;
pub use style::Style;
