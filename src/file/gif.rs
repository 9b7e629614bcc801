//! GIF, of an animation the first picture; of crate `image`'s decoder.

use std::borrow::Cow;
use std::io::Cursor;

use gif::DecodeOptions;
use image::codecs::gif::GifDecoder;

use super::claim::most_pixels;
use super::{frames, raster};
use crate::error::Result;
use crate::image::Picture;

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    let outline = Outline::read(bytes);
    let file = outline.as_ref().map_or(Cow::Borrowed(bytes), |outline| outline.widened(bytes));
    let picture =
        raster::read(GifDecoder::new(Cursor::new(&file[..])), bytes.len(), most_pixels::GIF)?;
    // What cannot be counted is left to the decoder.
    frames::tell_of(outline.map_or(1, |outline| outline.frames));
    Ok(picture)
}

/// What a file says without its pixels.
struct Outline {
    screen: [u16; 2],
    /// A screen that holds the first picture, too.
    needed: [u16; 2],
    frames: usize,
}

impl Outline {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut options = DecodeOptions::new();
        options.skip_frame_decoding(true);
        let mut decoder = options.read_info(Cursor::new(bytes)).ok()?;
        let screen = [decoder.width(), decoder.height()];
        let first = decoder.next_frame_info().ok()??;
        let right = first.left.saturating_add(first.width);
        let bottom = first.top.saturating_add(first.height);
        let needed = [screen[0].max(right), screen[1].max(bottom)];
        let mut frames = 1;
        while let Ok(Some(_)) = decoder.next_frame_info() {
            frames += 1;
        }
        Some(Self { screen, needed, frames })
    }

    /// A first picture that reaches over its screen widens it, as in other programs; the decoder
    /// cuts it off.
    fn widened<'b>(&self, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        if self.screen == self.needed {
            return Cow::Borrowed(bytes);
        }
        let mut file = bytes.to_vec();
        file[6..10].copy_from_slice(self.needed.map(u16::to_le_bytes).as_flattened());
        Cow::Owned(file)
    }
}
