//! The optimise method (Gatys, Ecker and Bethge 2016): the picture itself is changed, step by step,
//! until its features are like the photograph's and their correlations like the style's.

mod adam;
mod checkpoint;
#[cfg(test)]
mod finite_differences;
#[cfg(test)]
mod golden;
mod graph;
mod lbfgs;
mod memory;
mod method;
mod model;
mod objective;
mod options;
mod planes;
mod run;
mod schedule;
mod source;
mod statistics;
mod target;

pub use graph::Pooling;
pub(crate) use method::OptimizeMethod;
pub use method::{OptimizeReport, Preview, ScaleReport, Watching};
pub use options::{
    Averaging, OptimizeOptions, Optimizer, Preset, ScaleIterations, Start, WeightedLayer,
};
pub use source::StylePicture;
