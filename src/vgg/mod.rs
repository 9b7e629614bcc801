//! The feature networks of the optimise method: VGG16 and VGG19 (Simonyan and Zisserman 2014)
//! without their classifiers.

mod architecture;
mod library;
mod names;
mod network;

pub use architecture::Layer;
pub use library::FeatureLibrary;
pub(crate) use library::{AUTO, SLIM, WHOLE};
pub use network::{Convolution, FeatureNetwork, InputColors};
