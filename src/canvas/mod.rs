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

use std::ops::Range;

use rayon::prelude::*;

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
    /// The columns and rows outside which the mask covers nothing; both empty where it covers
    /// nothing at all.
    pub(crate) fn covered(&self) -> [Range<u32>; 2] {
        let (width, height) = (self.input.width(), self.input.height());
        let Some(mask) = &self.mask else { return [0..width, 0..height] };
        let of_row = |y: u32| {
            let mut pixels = vec![[0.0; 4]; width as usize];
            mask.read_row(y, 0, &mut pixels);
            let covers = |pixel: &[f32; 4]| pixel[..3].iter().any(|&v| v > 0.0) && pixel[3] > 0.0;
            let first = pixels.iter().position(covers)?;
            let last = pixels.iter().rposition(covers)?;
            Some([first as u32..last as u32 + 1, y..y + 1])
        };
        let hull = |a: Range<u32>, b: Range<u32>| a.start.min(b.start)..a.end.max(b.end);
        (0..height)
            .into_par_iter()
            .filter_map(of_row)
            .reduce_with(|[ax, ay], [bx, by]| [hull(ax, bx), hull(ay, by)])
            .unwrap_or([0..0, 0..0])
    }

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
