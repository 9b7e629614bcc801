//! GIF, of an animation the first picture; of crate `image`'s decoder.

use std::borrow::Cow;
use std::io::Cursor;

use gif::DecodeOptions;
use image::codecs::gif::GifDecoder;

use super::claim::most_pixels;
use super::raster;
use crate::error::Result;
use crate::image::Picture;

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    let file = with_whole_screen(bytes);
    raster::read(GifDecoder::new(Cursor::new(&file[..])), bytes.len(), most_pixels::GIF)
}

/// A first picture that reaches over its screen widens it, as in other programs; the decoder cuts
/// it off.
fn with_whole_screen(bytes: &[u8]) -> Cow<'_, [u8]> {
    match screens(bytes) {
        Some((screen, needed)) if screen != needed => {
            let mut file = bytes.to_vec();
            file[6..10].copy_from_slice(needed.map(u16::to_le_bytes).as_flattened());
            Cow::Owned(file)
        }
        _ => Cow::Borrowed(bytes),
    }
}

/// The screen that the file says, and one that holds the first picture, too.
fn screens(bytes: &[u8]) -> Option<([u16; 2], [u16; 2])> {
    let mut options = DecodeOptions::new();
    options.skip_frame_decoding(true);
    let mut decoder = options.read_info(Cursor::new(bytes)).ok()?;
    let screen = [decoder.width(), decoder.height()];
    let frame = decoder.next_frame_info().ok()??;
    let right = frame.left.saturating_add(frame.width);
    let bottom = frame.top.saturating_add(frame.height);
    Some((screen, [screen[0].max(right), screen[1].max(bottom)]))
}
