//! Netpbm's floats, PFM: linear light, the lowest row first.

use super::claim;
use super::failure::{damaged, truncated};
use crate::error::Result;
use crate::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType, check_size};

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    let (channels, mut rest) = match bytes.split_at_checked(2) {
        Some((b"PF", rest)) => (Channels::Rgb, rest),
        Some((_, rest)) => (Channels::Gray, rest),
        None => return Err(truncated()),
    };
    let mut word = || -> Result<&str> {
        rest = rest.trim_ascii_start();
        let end = rest.iter().position(u8::is_ascii_whitespace).ok_or_else(truncated)?;
        let (word, after) = rest.split_at(end);
        // Behind the last word stands one space, then pixels.
        rest = &after[1..];
        std::str::from_utf8(word).map_err(|e| damaged(e.to_string()))
    };
    let wrong = |what: &str| damaged(format!("its header says no {what}"));
    let width = word()?.parse().map_err(|_| wrong("width"))?;
    let height = word()?.parse().map_err(|_| wrong("height"))?;
    let scale: f32 = word()?.parse().map_err(|_| wrong("scale"))?;
    check_size(width, height)?;
    let format = PixelFormat::new(channels, SampleType::F32);
    let row_bytes = width as usize * format.bytes();
    claim::check(u64::from(height) * row_bytes as u64, rest.len(), 1)?;
    let mut picture = Picture::new(width, height, format, ColorSpace::LinearSrgb)?;
    let rows = picture.data_mut().chunks_exact_mut(row_bytes).rev();
    for (to, from) in rows.zip(rest.chunks_exact(row_bytes)) {
        for (to, &from) in to.as_chunks_mut().0.iter_mut().zip(from.as_chunks().0) {
            // The scale's sign says the order of the bytes.
            let value =
                if scale < 0.0 { f32::from_le_bytes(from) } else { f32::from_be_bytes(from) };
            *to = value.to_ne_bytes();
        }
    }
    Ok(picture)
}
