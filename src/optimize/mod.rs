//! The optimise method (Gatys, Ecker and Bethge 2016): the picture itself is changed, step by step,
//! until its features are like the photograph's and their correlations like the style's.

mod adam;
mod checkpoint;
mod coarse_to_fine;
mod course;
mod fingerprint;
#[cfg(test)]
mod finite_differences;
#[cfg(test)]
mod golden;
mod graph;
mod hypercolumns;
mod lbfgs;
mod matched;
mod matches;
mod measure;
mod memory;
mod method;
mod model;
mod moments;
mod objective;
mod options;
mod painting;
mod planes;
mod resemblance;
mod run;
mod schedule;
mod size;
mod source;
mod statistics;
mod style_statistics;
mod target;
mod written;

pub use graph::{Pooling, StyleLoss};
pub(crate) use method::OptimizeMethod;
pub use options::{
    Averaging, Enlarging, OnCancel, OptimizeOptions, Optimizer, Preset, ScaleIterations, Start,
    WeightedLayer,
};
pub(crate) use painting::OptimizePainting;
pub use source::{StylePart, StyleSource};
pub(crate) use style_statistics::ENDING as STATISTICS_ENDING;
pub use style_statistics::StyleStatistics;
