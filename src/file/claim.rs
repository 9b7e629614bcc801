//! What a header claims, held against what the file can hold, before memory is asked for.

use super::failure::truncated;
use crate::error::Result;

/// Bytes that one of DEFLATE can become: 258 for two bits.
pub(super) const DEFLATE: u64 = 1032;

/// Refuses more than `stored` bytes can become, where one can become `most`.
pub(super) fn check(claimed: u64, stored: usize, most: u64) -> Result<()> {
    if claimed > most.saturating_mul(stored as u64) { Err(truncated()) } else { Ok(()) }
}
