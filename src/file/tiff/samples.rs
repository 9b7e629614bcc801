//! Rows of samples as numbers.

use half::f16;

use super::layout::Layout;
use crate::error::Result;
use crate::file::failure::damaged;

/// Makes of differences the samples that they are of: horizontal differencing (TIFF 6.0, section
/// 14) and that of floats (Technical Note 3).
pub(super) fn undo_prediction(layout: &Layout, row: &mut [u8]) -> Result<()> {
    let step = layout.interleaved();
    match (layout.predictor, layout.bits, layout.is_big_endian) {
        (1, ..) => {}
        (2, 8, _) => add_left(row, step),
        (2, 16, false) => {
            sum_up(row, step, u16::from_le_bytes, u16::to_le_bytes, u16::wrapping_add)
        }
        (2, 16, true) => sum_up(row, step, u16::from_be_bytes, u16::to_be_bytes, u16::wrapping_add),
        (2, 32, false) => {
            sum_up(row, step, u32::from_le_bytes, u32::to_le_bytes, u32::wrapping_add)
        }
        (2, 32, true) => sum_up(row, step, u32::from_be_bytes, u32::to_be_bytes, u32::wrapping_add),
        (2, 64, false) => {
            sum_up(row, step, u64::from_le_bytes, u64::to_le_bytes, u64::wrapping_add)
        }
        (2, 64, true) => sum_up(row, step, u64::from_be_bytes, u64::to_be_bytes, u64::wrapping_add),
        (3, 16 | 32 | 64, _) if layout.is_float => by_significance(layout, row, step),
        (predictor, bits, _) => {
            let what = format!("a predictor of kind {predictor} for {bits} bits is not read");
            return Err(damaged(what));
        }
    }
    Ok(())
}

fn add_left(row: &mut [u8], step: usize) {
    for k in step..row.len() {
        row[k] = row[k].wrapping_add(row[k - step]);
    }
}

fn sum_up<T: Copy, const BYTES: usize>(
    row: &mut [u8],
    step: usize,
    read: fn([u8; BYTES]) -> T,
    write: fn(T) -> [u8; BYTES],
    add: fn(T, T) -> T,
) {
    let samples = row.as_chunks_mut::<BYTES>().0;
    for k in step..samples.len() {
        samples[k] = write(add(read(samples[k]), read(samples[k - step])));
    }
}

/// First stand all most significant bytes of a row, at last all least significant ones, each less
/// the one before.
fn by_significance(layout: &Layout, row: &mut [u8], step: usize) {
    add_left(row, step);
    let bytes = layout.bits as usize / 8;
    let count = row.len() / bytes;
    let planes = row.to_vec();
    for (k, sample) in row.chunks_exact_mut(bytes).enumerate() {
        for (significance, byte) in sample.iter_mut().enumerate() {
            let plane = if layout.is_big_endian { significance } else { bytes - 1 - significance };
            *byte = planes[plane * count + k];
        }
    }
}

/// A row as numbers: integers from 0 to 1, floats as they are.
pub(super) fn numbers(layout: &Layout, row: &[u8], out: &mut [f32]) {
    let is_big = layout.is_big_endian;
    let word = |b: &[u8; 2]| if is_big { u16::from_be_bytes(*b) } else { u16::from_le_bytes(*b) };
    let long = |b: &[u8; 4]| if is_big { u32::from_be_bytes(*b) } else { u32::from_le_bytes(*b) };
    let longest =
        |b: &[u8; 8]| if is_big { u64::from_be_bytes(*b) } else { u64::from_le_bytes(*b) };
    let words = || row.as_chunks::<2>().0.iter().map(word);
    let longs = || row.as_chunks::<4>().0.iter().map(long);
    let longests = || row.as_chunks::<8>().0.iter().map(longest);
    match (layout.is_float, layout.bits) {
        (true, 16) => fill(out, words().map(|v| f16::from_bits(v).to_f32())),
        (true, 32) => fill(out, longs().map(f32::from_bits)),
        (true, _) => fill(out, longests().map(|v| f64::from_bits(v) as f32)),
        (false, 8) => fill(out, row.iter().map(|&v| f32::from(v) / 255.0)),
        (false, 16) => fill(out, words().map(|v| f32::from(v) / 65535.0)),
        (false, 32) => fill(out, longs().map(|v| (f64::from(v) / f64::from(u32::MAX)) as f32)),
        (false, 64) => fill(out, longests().map(|v| (v as f64 / u64::MAX as f64) as f32)),
        (false, bits) => fill(out, packed(row, bits)),
    }
    if layout.is_signed {
        out.iter_mut().for_each(|value| *value = from_signed(*value, layout.bits));
    }
}

/// What was taken for an unsigned number, from black at 0 to white at the largest.
fn from_signed(value: f32, bits: u32) -> f32 {
    let range = (2.0_f64.powi(bits as i32) - 1.0) / (2.0_f64.powi(bits as i32 - 1) - 1.0);
    if value > 0.5 { 0.0 } else { (f64::from(value) * range) as f32 }
}

fn fill(out: &mut [f32], values: impl Iterator<Item = f32>) {
    out.iter_mut().zip(values).for_each(|(out, value)| *out = value);
}

/// Samples of any number of bits, the first bit of a byte first.
fn packed(row: &[u8], bits: u32) -> impl Iterator<Item = f32> {
    let most = ((1_u128 << bits) - 1) as f64;
    let (mut held, mut count) = (0_u128, 0);
    let mut bytes = row.iter();
    std::iter::from_fn(move || {
        while count < bits {
            held = held << 8 | u128::from(*bytes.next()?);
            count += 8;
        }
        count -= bits;
        let value = held >> count;
        held &= (1 << count) - 1;
        Some((value as f64 / most) as f32)
    })
}
