//! The settings of a painting, described once: every face builds its options and controls from this
//! table, and sets them by name.
//!
//! A new setting is a field of the options that its method reads, with its default, and an entry of
//! the table.

mod by_name;
mod choices;
mod field;
mod setting;
mod table;
mod texts;
mod values;

pub use setting::{Kind, Methods, Place, Setting, Value};
pub use table::{SETTINGS, find};
pub use values::{Method, Settings};
