//! The feature networks of the optimise method: VGG16 and VGG19 (Simonyan and Zisserman 2014)
//! without their classifiers.

mod architecture;
mod library;
mod names;
mod network;

pub use architecture::Layer;
pub(crate) use library::SLIM;
pub use library::{AUTO, FeatureLibrary, WHOLE};
pub use network::{Convolution, FeatureNetwork, InputColors};
