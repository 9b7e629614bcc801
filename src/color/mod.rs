//! What colour numbers mean, and how they are turned into what the networks were trained on.

pub mod curve;
