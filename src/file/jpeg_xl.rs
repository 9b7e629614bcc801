//! JPEG XL: read; of an animation the first picture.

use std::io::Cursor;

use jxl_oxide::JxlImage;
use jxl_oxide::integration::JxlDecoder;

use super::claim::most_pixels;
use super::failure::{damaged, truncated};
use super::{frames, raster};
use crate::error::Result;
use crate::image::Picture;

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    let image = JxlImage::builder().read(Cursor::new(bytes)).map_err(|e| damaged(e.to_string()))?;
    // The decoder paints what there is of it, and says nothing.
    if !image.is_loading_done() {
        return Err(truncated());
    }
    let count = image.num_loaded_keyframes();
    drop(image);
    let decoder = JxlDecoder::new(Cursor::new(bytes));
    let picture = raster::read(decoder, bytes.len(), most_pixels::JPEG_XL)?;
    frames::tell_of(count);
    Ok(picture)
}
