//! The photograph's colours for a painting.

use super::planes::Planes;
use super::schedule::Frame;
use crate::canvas::{Crop, Region, interleaved, resize};
use crate::color::{ColorMatch, Moments, Thumbnail};
use crate::error::Result;

/// The mean and covariance of what is seen of a picture.
pub(super) fn moments(thumbnail: &Thumbnail) -> Moments {
    Moments::of(thumbnail.colors.iter().copied(), &thumbnail.alphas)
}

/// The map from the colours of what was painted, with its margin, to those of the photograph of
/// `picture` pixels, which the thumbnail shows.
pub(super) fn color_match(
    painted: &Planes,
    thumbnail: &Thumbnail,
    picture: [u32; 2],
    multiple: u32,
) -> Result<ColorMatch> {
    let frame = Frame::new(picture, multiple);
    let whole = Region { x: 0..painted.width as i64, y: 0..painted.height as i64 };
    let scale = [
        painted.width as f64 / f64::from(frame.width),
        painted.height as f64 / f64::from(frame.height),
    ];
    let crop = Crop {
        left: f64::from(frame.margin[0]) * scale[0],
        top: f64::from(frame.margin[1]) * scale[1],
        width: f64::from(picture[0]) * scale[0],
        height: f64::from(picture[1]) * scale[1],
    };
    let size = [thumbnail.width, thumbnail.height];
    let colors = resize(&interleaved(&painted.values)?, &whole, crop, size)?;
    let painted = colors.iter().map(|color| color.0);
    Ok(ColorMatch::of_painting(painted, &thumbnail.alphas, &moments(thumbnail)))
}
