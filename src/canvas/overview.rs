//! What is known of the whole of a picture before it is painted.

use super::plain::{Contrast, PlainAreas};
use crate::color::{Levels, Thumbnail};
use crate::error::Result;

/// A picture at a glance.
pub(crate) struct Overview {
    /// It, small, after its levels.
    pub thumbnail: Thumbnail,
    /// What methods see it through, and what is taken back from the painting: a fade fades.
    pub levels: Levels,
    /// Where it has any; `None` where all is painted.
    pub contrast: Option<Contrast>,
}

impl Overview {
    /// Of the picture whose small version this is.
    ///
    /// # Errors
    /// `Memory` where there is no room for what is measured.
    pub fn of(mut thumbnail: Thumbnail, plain_areas: PlainAreas) -> Result<Self> {
        if plain_areas == PlainAreas::Paint {
            return Ok(Self { thumbnail, levels: Levels::IDENTITY, contrast: None });
        }
        let contrast = Some(Contrast::of(&thumbnail)?);
        let levels = Levels::of(&thumbnail);
        thumbnail.colors.iter_mut().for_each(|color| *color = levels.apply(*color));
        Ok(Self { thumbnail, levels, contrast })
    }
}
