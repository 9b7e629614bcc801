//! What other programs forgive in PNG files and the decoder does not.

use std::borrow::Cow;

use super::png_chunks::{Chunk, FRAME, chunks};
use super::warning;

/// The file as the decoder takes it.
pub(super) fn repaired(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut file = Cow::Borrowed(bytes);
    let before_pixels: Vec<_> = chunks(bytes).take_while(|chunk| chunk.kind != *b"IDAT").collect();
    let first = |kind: &[u8; 4]| before_pixels.iter().find(|chunk| chunk.kind == *kind);
    if let (Some(header), Some(transparent)) = (first(b"IHDR"), first(b"tRNS")) {
        mask_gray(&mut file, transparent, header.content);
    }
    if let Some(points) = first(b"cICP")
        && !matches!(points.content, [_, _, 0, 0 | 1])
    {
        warning::say("the picture's code points are ignored: they are not those of RGB");
        let end = (points.at + FRAME + points.content.len()).min(file.len());
        file.to_mut().drain(points.at..end);
    }
    file
}

/// Of a transparent gray "decoders must mask the other bits to 0" (PNG, 11.3.1.1).
fn mask_gray(file: &mut Cow<'_, [u8]>, chunk: &Chunk<'_>, header: &[u8]) {
    let (Some(&[depth @ (1 | 2 | 4), 0]), &[high, low]) = (header.get(8..10), chunk.content) else {
        return;
    };
    let masked = [0, low & ((1 << depth) - 1)];
    let sum = chunk.at + FRAME - 4 + masked.len();
    if masked != [high, low] && sum + 4 <= file.len() {
        let file = file.to_mut();
        file[sum - 2..sum].copy_from_slice(&masked);
        let sum_of = crc32fast::hash(&file[chunk.at + 4..sum]);
        file[sum..sum + 4].copy_from_slice(&sum_of.to_be_bytes());
    }
}
