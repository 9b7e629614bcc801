//! The optimise method (Gatys, Ecker and Bethge 2016).

mod adam;
mod graph;
mod model;
mod objective;
mod planes;
mod statistics;
mod target;
#[cfg(test)]
mod golden;

pub use graph::Pooling;
pub use target::Losses;
