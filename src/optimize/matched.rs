//! The photograph's colours for a painting.

use crate::canvas::SmallPainting;
use crate::color::{ColorMatch, Moments, Thumbnail};
use crate::error::Result;

/// The mean and covariance of what is seen of a picture.
pub(super) fn moments(thumbnail: &Thumbnail) -> Moments {
    Moments::of(thumbnail.colors.iter().copied(), &thumbnail.alphas)
}

/// The map from the colours of what was painted to those of the photograph, which the thumbnail
/// shows.
pub(super) fn color_match(painted: &SmallPainting, thumbnail: &Thumbnail) -> Result<ColorMatch> {
    let colors = painted.resized([thumbnail.width as u32, thumbnail.height as u32])?;
    let painted = colors.iter().map(|color| color.0);
    Ok(ColorMatch::of_painting(painted, &thumbnail.alphas, &moments(thumbnail)))
}
