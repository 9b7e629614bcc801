//! Alpha that says nothing.

use crate::error::Result;
use crate::image::{Channels, Picture, PixelFormat, SampleType};

/// Without alpha where that is 0 throughout: programs write such files and mean opaque pictures.
pub(super) fn unless_seen_through(picture: Picture) -> Result<Picture> {
    let is_rgba = picture.format() == PixelFormat::new(Channels::Rgba, SampleType::U8);
    if is_rgba && picture.data().as_chunks::<4>().0.iter().all(|pixel| pixel[3] == 0) {
        return without_alpha(&picture);
    }
    Ok(picture)
}

/// Of red, green, blue and alpha in bytes.
pub(super) fn without_alpha(picture: &Picture) -> Result<Picture> {
    let format = PixelFormat::new(Channels::Rgb, SampleType::U8);
    let (width, height) = (picture.width(), picture.height());
    let mut opaque = Picture::new(width, height, format, picture.color_space().clone())?;
    let to = opaque.data_mut().as_chunks_mut::<3>().0;
    for (to, &[r, g, b, _]) in to.iter_mut().zip(picture.data().as_chunks::<4>().0) {
        *to = [r, g, b];
    }
    Ok(opaque)
}
