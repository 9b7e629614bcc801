//! The picture to paint and where: what every method reads, and how its result is written.

mod finish;
mod overview;
mod patches;
mod plain;
mod small;
mod source;

pub(crate) use finish::{Finish, Painted};
pub use finish::{Finishing, KeepColor};
pub(crate) use overview::Overview;
pub use plain::PlainAreas;
pub(crate) use plain::smooth_step;
pub(crate) use small::{SmallFrame, SmallPainting};
pub(crate) use source::{
    Color, Crop, Region, Source, interleaved, mirror, mirrored, planes, resize, scaled,
};

use crate::color::Conversion;
use crate::error::{Error, ErrorKind, Result};
use crate::image::{ColorSpace, PixelView, PixelViewMut};

/// The picture to paint, and where.
pub struct Canvas<'a, 'o> {
    /// The picture.
    pub input: PixelView<'a>,
    /// What the colours of input and output mean.
    pub color_space: &'a ColorSpace,
    /// Where the painting covers the picture: luminance times alpha. It has the picture's size.
    pub mask: Option<PixelView<'a>>,
    /// The painted picture, of the input's size; its format may differ. On an error it may hold
    /// a part of the painting.
    pub output: &'a mut PixelViewMut<'o>,
}

impl Canvas<'_, '_> {
    /// Refuses canvases whose parts do not fit together.
    pub(crate) fn check(&self) -> Result<Conversion> {
        let size = (self.input.width(), self.input.height());
        let fits = |what: &str, width: u32, height: u32| {
            if (width, height) == size {
                return Ok(());
            }
            let text = format!(
                "cannot paint: the {what} is {width}x{height}, the picture {}x{}",
                size.0, size.1
            );
            Err(Error::new(ErrorKind::Argument, text))
        };
        fits("output", self.output.width(), self.output.height())?;
        if let Some(mask) = &self.mask {
            fits("mask", mask.width(), mask.height())?;
        }
        Conversion::new(self.color_space)
    }
}
