//! Runs of bytes, as TIFF (TIFF 6.0, section 9) and PSD have them.

use super::failure::truncated;
use crate::error::Result;
use crate::memory;

/// No more than is expected, whatever there is.
pub(super) fn unpacked(mut stored: &[u8], expected: usize) -> Result<Vec<u8>> {
    let mut samples = memory::reserved(expected, "a part of the picture")?;
    while samples.len() < expected {
        let Some((&code, rest)) = stored.split_first() else { break };
        match code as i8 {
            -128 => stored = rest,
            count @ 0.. => {
                let (run, rest) =
                    rest.split_at_checked(count as usize + 1).ok_or_else(truncated)?;
                samples.extend(run);
                stored = rest;
            }
            count => {
                let (&value, rest) = rest.split_first().ok_or_else(truncated)?;
                samples.extend(std::iter::repeat_n(value, (1 - isize::from(count)) as usize));
                stored = rest;
            }
        }
    }
    samples.truncate(expected);
    Ok(samples)
}
