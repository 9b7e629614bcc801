//! A composition, as the frames of a shot hand it on.

use std::sync::Arc;

use crate::error::Result;
use crate::fast::Sheet;
use crate::image::{ColorSpace, Picture};
use crate::job::Cancel;
use crate::motion::{self, PaintedFrame};

/// The small painting that the studio method paints a picture over, for this frame of a shot and
/// for the next to start from.
#[derive(Clone)]
pub struct Composition {
    /// The frame at its size.
    pub(super) photo: Arc<Picture>,
    pub(super) sheet: Arc<Sheet>,
}

impl Composition {
    /// What the composition of the next frame starts from; `None` where that is of another shot.
    pub(super) fn moved_to(&self, photo: &Picture, cancel: &Cancel) -> Result<Option<Picture>> {
        let colors = self.sheet.colors.iter().map(|color| color.0);
        let painted = Picture::of_srgb(self.sheet.size, colors)?;
        let before = PaintedFrame {
            picture: self.photo.view(),
            painting: painted.view(),
            color_space: &ColorSpace::Srgb,
        };
        motion::moved(before, photo.view(), cancel)
    }
}
