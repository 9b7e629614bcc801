//! What the operators read and write: channels, rows and columns of floats.

use std::sync::{Mutex, MutexGuard, PoisonError};

use ort::Error;
use ort::operator::ComputeContext;
use ort::value::{ValueRef, ValueRefMut};

/// The features of one picture.
#[derive(Clone, Copy)]
pub(super) struct Features<'a> {
    pub values: &'a [f32],
    pub channels: usize,
    pub height: usize,
    pub width: usize,
}

impl<'a> Features<'a> {
    /// What `operator` was given.
    pub fn of(input: &'a ValueRef<'_>, operator: &str) -> ort::Result<Self> {
        let (shape, values) = input.try_extract_tensor::<f32>()?;
        let &[1, channels, height, width] = &shape[..] else {
            return Err(Error::new(format!("{operator} needs one picture, not {shape}")));
        };
        let [channels, height, width] = [channels, height, width].map(|side| side as usize);
        Ok(Self { values, channels, height, width })
    }

    /// The number of values of a channel.
    pub fn plane(&self) -> usize {
        self.width * self.height
    }
}

/// The input at `place`, which the graph must give.
pub(super) fn input(context: &ComputeContext, place: usize) -> ort::Result<ValueRef<'_>> {
    context.input(place)?.ok_or_else(|| Error::new(format!("input {place} is missing")))
}

/// The output at `place`, which the graph must take.
pub(super) fn output<'c>(
    context: &'c ComputeContext,
    place: usize,
    shape: &[usize],
) -> ort::Result<ValueRefMut<'c>> {
    let shape: Vec<_> = shape.iter().map(|&side| side as i64).collect();
    context.output(place, shape)?.ok_or_else(|| Error::new(format!("output {place} is missing")))
}

/// Parts of an output, of which each thread takes its own.
pub(super) fn parts<T>(parts: impl Iterator<Item = T>) -> Vec<Mutex<T>> {
    parts.map(Mutex::new).collect()
}

pub(super) fn take<T>(part: &Mutex<T>) -> MutexGuard<'_, T> {
    part.lock().unwrap_or_else(PoisonError::into_inner)
}
