//! What the programs with a command line share: `impasto` and `impasto-bench`.

pub mod cancel;
pub mod cures;
pub mod engine_arguments;
pub mod logger;
pub mod outcome;
pub mod output;
pub mod setting_options;
pub mod size;
pub mod style;

pub use engine_arguments::EngineArguments;
