//! Random numbers that depend on a place and a seed alone, and what stands for many numbers.

use sha2::{Digest, Sha256};

const FLOATS_AT_ONCE: usize = 1024;

/// The hash of Steele et al. 2014 (SplittableRandom).
pub(crate) fn split_mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Adds the bytes of numbers to a hash.
pub(crate) fn add_floats(hash: &mut Sha256, values: &[f32]) {
    let mut bytes = [0; 4 * FLOATS_AT_ONCE];
    for some in values.chunks(FLOATS_AT_ONCE) {
        for (bytes, value) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(some) {
            *bytes = value.to_le_bytes();
        }
        hash.update(&bytes[..4 * some.len()]);
    }
}
