//! What the operators read and write: channels, rows and columns of floats.

use std::sync::{Mutex, MutexGuard, PoisonError};

use ort::Error;
use ort::operator::{ComputeContext, KernelContext};
use ort::value::{TensorValueType, ValueRef, ValueRefMut};

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

/// The constant biases at `place`, or `count` zeros where the graph gives none.
pub(super) fn biases(
    context: &KernelContext<'_>,
    place: usize,
    count: usize,
) -> ort::Result<Vec<f32>> {
    if context.inputs()?.len() <= place {
        return Ok(vec![0.0; count]);
    }
    let biases = context.constant_input::<TensorValueType<f32>>(place)?;
    Ok(biases.extract_tensor().1.to_vec())
}

/// The attribute that must say 0 or 1.
pub(super) fn flag(context: &KernelContext<'_>, operator: &str, name: &str) -> ort::Result<bool> {
    let missing = || Error::new(format!("{operator} needs the attribute '{name}'"));
    Ok(context.get::<i64>(name).ok_or_else(missing)? != 0)
}

/// An output of planes of `plane` values in bands: of each plane, `length` values in turn.
pub(super) fn bands(
    values: &mut [f32],
    plane: usize,
    length: usize,
) -> Vec<Mutex<Vec<&mut [f32]>>> {
    let mut bands: Vec<Vec<_>> = Vec::new();
    bands.resize_with(plane.div_ceil(length), || Vec::with_capacity(values.len() / plane));
    for plane in values.chunks_exact_mut(plane) {
        for (band, values) in bands.iter_mut().zip(plane.chunks_mut(length)) {
            band.push(values);
        }
    }
    parts(bands.into_iter())
}

/// Parts of an output, of which each thread takes its own.
pub(super) fn parts<T>(parts: impl Iterator<Item = T>) -> Vec<Mutex<T>> {
    parts.map(Mutex::new).collect()
}

pub(super) fn take<T>(part: &Mutex<T>) -> MutexGuard<'_, T> {
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Values in -1..1, always the same.
#[cfg(test)]
pub(super) fn noise(count: usize, mut seed: u32) -> Vec<f32> {
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}
