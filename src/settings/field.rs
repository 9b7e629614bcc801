//! Where a setting's value is kept.

use crate::error::Result;

/// The field that holds a setting.
pub enum Field<'a> {
    /// A number.
    Float(&'a mut f32),
    /// A whole number, 0 or more.
    Integer(&'a mut u64),
    /// One of several values.
    Choice(&'a mut dyn Choice),
    /// What is written as text.
    Text(&'a mut dyn Text),
}

/// A type whose values stand in the order of a [`Kind::Choice`](super::Kind::Choice).
pub trait Choice {
    /// The place of the present value.
    fn place(&self) -> usize;

    /// Takes the value at a place; a place that there is not changes nothing.
    fn choose(&mut self, place: usize);
}

/// A type whose values are written as text.
pub trait Text {
    /// The present value; empty where none is set.
    fn text(&self) -> String;

    /// Takes a value.
    ///
    /// # Errors
    /// `Argument` for what is no value of it.
    fn read(&mut self, text: &str) -> Result<()>;
}
