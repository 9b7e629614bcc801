//! What the operators read and write: channels, rows and columns of floats.

use super::room::reserved;

/// The features of one picture.
#[derive(Clone, Copy)]
pub(super) struct Features<'a> {
    pub values: &'a [f32],
    pub channels: usize,
    pub height: usize,
    pub width: usize,
}

impl Features<'_> {
    /// The number of values of a channel.
    pub fn plane(&self) -> usize {
        self.width * self.height
    }
}

/// Some values of each plane of an output, of which a thread makes all.
pub(super) type Band<'o> = Vec<&'o mut [f32]>;

/// An output of planes of `plane` values in bands: of each plane, `length` values in turn.
pub(super) fn bands(values: &mut [f32], plane: usize, length: usize) -> ort::Result<Vec<Band<'_>>> {
    let mut bands = reserved(plane.div_ceil(length))?;
    for _ in 0..plane.div_ceil(length) {
        bands.push(reserved(values.len() / plane)?);
    }
    for plane in values.chunks_exact_mut(plane) {
        for (band, values) in bands.iter_mut().zip(plane.chunks_mut(length)) {
            band.push(values);
        }
    }
    Ok(bands)
}

/// Of how many bands threads take their shares, at least: few large ones would leave some waiting.
const BANDS: usize = 8;

/// The length of bands of `count`, at most `most`, that give threads about as much each.
pub(super) fn even(count: usize, most: usize) -> usize {
    let bands = count.div_ceil(most).next_multiple_of(BANDS);
    count.div_ceil(bands).max(1)
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

#[cfg(test)]
mod tests {
    use super::even;

    #[test]
    fn even_bands_hold_all_and_are_many() {
        for (count, most) in [(1, 16), (7, 16), (65, 16), (130, 16), (5265, 2048), (1, 1)] {
            let length = even(count, most);
            assert!((1..=most).contains(&length), "{count} {most}: {length}");
            let bands = count.div_ceil(length);
            assert!(bands >= count.min(5), "{count} {most}: {bands}");
        }
    }
}
