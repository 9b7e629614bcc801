//! The host's side of the standard in safe types. What is unsafe about it is in the folder of the
//! same name and in `entry`.
//!
//! Hosts leave much out. What is absent, a property, a suite or one of its functions, is `None`
//! here, or not set, and never fatal.
#![allow(unsafe_code)]

mod call;
mod effect;
mod image;
mod messages;
mod parameters;
mod properties;
mod suites;
mod words;

pub use call::Call;
pub use effect::{Clip, Effect};
pub use image::{Components, Image, Premultiplication, Rectangle, sample_bytes};
pub use parameters::{Kind, ParameterSet};
pub use properties::Properties;
pub use suites::Host;
pub use words::lasting;
