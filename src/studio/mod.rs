//! Studio: a composition optimised small, painted out by the network.
//!
//! The optimise method moves whole forms, which no network that runs once does, but only where a
//! picture is small enough. So it paints the first layer, and the fast method's network the finer
//! ones over it: stars stand in the sky, and every window is sharp, at any size.

mod composition;
mod compositions;
mod painting;

pub use composition::Composition;
pub(crate) use compositions::Compositions;
pub(crate) use painting::StudioPainting;
