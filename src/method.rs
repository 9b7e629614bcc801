//! What every method of painting does.

use crate::canvas::{Canvas, Finish, Finishing, SmallPainting};
use crate::error::Result;
use crate::image::PixelViewMut;
use crate::ladder::Ladder;
use crate::observer::Job;
use crate::report::Report;

/// What every method is told of a painting, whatever its own options are.
#[derive(Clone, Copy)]
pub(crate) struct Work<'w> {
    /// How the painting is laid over the photograph.
    pub finishing: &'w Finishing,
    /// Varies what is left to chance.
    pub seed: u64,
    /// See [`Request::picture_scale`](crate::Request::picture_scale).
    pub picture_scale: [f32; 2],
    /// See [`Request::is_draft`](crate::Request::is_draft).
    pub is_draft: bool,
    pub job: Job<'w>,
}

/// A method with the style and the options of one painting.
pub(crate) trait Method {
    /// Paints on the canvas, with as much memory as the ladder gives. The caller fills in what the
    /// ladder knows, and the time in all.
    ///
    /// # Errors
    /// `Cancelled`, or what went wrong; the output may then hold a part of the painting.
    fn paint(
        &self,
        canvas: Canvas<'_, '_>,
        work: Work<'_>,
        ladder: &mut Ladder<'_>,
    ) -> Result<Report>;
}

/// What brings a painting that is smaller than its picture to the picture's size.
pub(crate) trait Enlarge {
    /// Writes the painting, enlarged and finished, and to the report what that took.
    ///
    /// # Errors
    /// As [`Method::paint`].
    fn write(
        &self,
        painting: &SmallPainting,
        finish: &Finish<'_>,
        output: &mut PixelViewMut<'_>,
        job: Job<'_>,
        ladder: &mut Ladder<'_>,
        report: &mut Report,
    ) -> Result<()>;
}
