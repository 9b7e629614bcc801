//! How many pictures there are in files whose decoders take the first.

use std::io::Cursor;

use gif::DecodeOptions;
use image_webp::WebPDecoder;

use super::{FileFormat, warning};

/// Says that there are others. What cannot be counted is left to the decoder.
pub(super) fn tell(format: FileFormat, bytes: &[u8]) {
    let count = match format {
        FileFormat::Gif => of_gif(bytes),
        FileFormat::WebP => of_webp(bytes),
        _ => return,
    };
    tell_of(count.unwrap_or(1));
}

/// Says that there are so many, if there are others.
pub(super) fn tell_of(count: usize) {
    if count > 1 {
        warning::say(format!("the file holds {count} pictures: the first is taken"));
    }
}

fn of_gif(bytes: &[u8]) -> Option<usize> {
    let mut options = DecodeOptions::new();
    options.skip_frame_decoding(true);
    let mut decoder = options.read_info(Cursor::new(bytes)).ok()?;
    let mut count = 0;
    while let Ok(Some(_)) = decoder.next_frame_info() {
        count += 1;
    }
    Some(count)
}

fn of_webp(bytes: &[u8]) -> Option<usize> {
    let decoder = WebPDecoder::new(Cursor::new(bytes)).ok()?;
    Some(decoder.num_frames() as usize)
}
