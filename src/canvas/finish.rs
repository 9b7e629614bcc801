//! From what the network painted to the picture's own pixels.

use std::ops::Range;

use rayon::prelude::*;

use super::plain::PlainAreas;
use super::source::{Color, Row, Source};
use crate::color::{ColorMatch, with_luminance_of};
use crate::error::Result;
use crate::image::{PixelView, PixelViewMut, luminance};
use crate::job::Cancel;
use crate::options::options;

/// Whether the photograph's colours stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeepColor {
    /// The style's colours.
    #[default]
    None,
    /// The photograph's colours with the painted luminance.
    Luminance,
    /// The painted colours moved to the mean and covariance of the photograph's.
    Match,
}

options! {
    /// How a painting is laid over the photograph, whatever method painted it. Ranges are those of
    /// [`SETTINGS`](crate::settings::SETTINGS).
    pub struct Finishing {
        /// Whether the photograph's colours stay.
        pub keep_color: KeepColor = KeepColor::None,
        /// 0 (the photograph) to 1 (the painting).
        pub opacity: f32 = 1.0,
        /// How much of the photograph's fine detail is laid over a coarser painting; 0 to 1.
        pub detail: f32 = 0.5,
        /// What becomes of areas and pictures without contrast of their own.
        pub plain_areas: PlainAreas = PlainAreas::Keep,
    }
}

/// What happens to painted pixels, the same for every tile.
pub(crate) struct Finish<'a> {
    source: &'a Source<'a>,
    mask: Option<PixelView<'a>>,
    settings: Finishing,
    /// Needed by [`KeepColor::Match`].
    color_match: Option<ColorMatch>,
}

/// Painted pixels of a rectangle of the picture, in encoded sRGB after the picture's levels.
pub(crate) struct Painted {
    pub columns: Range<u32>,
    pub rows: Range<u32>,
    pub colors: Vec<Color>,
    /// The picture as coarse as the painting, where the brush is not 1: what the picture has
    /// beyond it is its fine detail.
    pub coarse: Option<Vec<Color>>,
}

/// A row as it is written, and the columns that the painting did not touch: they are copied, since
/// not every number survives being read and written again.
struct FinishedRow {
    pixels: Vec<[f32; 4]>,
    untouched: Vec<Range<u32>>,
}

impl<'a> Finish<'a> {
    pub fn new(
        source: &'a Source<'a>,
        mask: Option<PixelView<'a>>,
        settings: Finishing,
        color_match: Option<ColorMatch>,
    ) -> Self {
        Self { source, mask, settings, color_match }
    }

    /// Writes the picture itself to `output` but for `columns` and `rows`, which are painted.
    pub fn leave(
        &self,
        [columns, rows]: [Range<u32>; 2],
        output: &mut PixelViewMut<'_>,
        cancel: &Cancel,
    ) -> Result<()> {
        let (width, height) = (self.source.picture.width(), self.source.picture.height());
        let is_nothing = columns.is_empty() || rows.is_empty();
        for y in 0..height {
            if y % 64 == 0 {
                cancel.check()?;
            }
            if is_nothing || !rows.contains(&y) {
                self.leave_pixels(y, 0..width, output);
            } else {
                self.leave_pixels(y, 0..columns.start, output);
                self.leave_pixels(y, columns.end..width, output);
            }
        }
        Ok(())
    }

    fn leave_pixels(&self, y: u32, columns: Range<u32>, output: &mut PixelViewMut<'_>) {
        let picture = &self.source.picture;
        if columns.is_empty() {
            return;
        }
        if output.format() == picture.format() {
            return output.copy_pixels(y, columns, picture);
        }
        let mut pixels = vec![[0.0; 4]; columns.len()];
        picture.read_row(y, columns.start, &mut pixels);
        output.write_row_from(y, columns.start, &mut pixels, picture.format());
    }

    /// Writes a painted rectangle to `output`.
    pub fn write(
        &self,
        painted: &Painted,
        output: &mut PixelViewMut<'_>,
        cancel: &Cancel,
    ) -> Result<()> {
        // Enough rows to share between cores, few enough to hold.
        const ROWS_AT_ONCE: u32 = 64;
        for first in painted.rows.clone().step_by(ROWS_AT_ONCE as usize) {
            cancel.check()?;
            let rows: Vec<_> = (first..painted.rows.end.min(first + ROWS_AT_ONCE))
                .into_par_iter()
                .map_init(Row::default, |row, y| (y, self.row(painted, y, row)))
                .collect();
            for (y, mut row) in rows {
                let from = self.source.picture.format();
                output.write_row_from(y, painted.columns.start, &mut row.pixels, from);
                if output.format() == self.source.picture.format() {
                    for columns in row.untouched {
                        output.copy_pixels(y, columns, &self.source.picture);
                    }
                }
            }
        }
        Ok(())
    }

    fn row(&self, painted: &Painted, y: u32, row: &mut Row) -> FinishedRow {
        let width = painted.columns.len();
        let at = (y - painted.rows.start) as usize * width;
        self.source.read(y, painted.columns.clone(), row);
        let mut colors: Vec<[f32; 3]> =
            painted.colors[at..at + width].iter().map(|c| c.0).collect();
        let levels = &self.source.overview.levels;
        if let Some(coarse) = &painted.coarse {
            for ((color, &srgb), coarse) in
                colors.iter_mut().zip(&row.srgb).zip(&coarse[at..at + width])
            {
                let seen = levels.apply(srgb);
                let [r, g, b]: [f32; 3] = std::array::from_fn(|k| seen[k] - coarse.0[k]);
                let fine = luminance(r, g, b) * self.settings.detail;
                *color = color.map(|v| v + fine);
            }
        }
        for (color, &srgb) in colors.iter_mut().zip(&row.srgb) {
            *color = color.map(|v| v.clamp(0.0, 1.0));
            if let (KeepColor::Match, Some(matching)) =
                (self.settings.keep_color, &self.color_match)
            {
                *color = matching.apply(*color);
            }
            if !levels.is_identity() {
                // A light that levels clip stays as much lighter.
                let clipped = levels.restore(levels.apply(srgb));
                *color = levels.restore(*color);
                (0..3).for_each(|k| color[k] += srgb[k] - clipped[k]);
            }
            if self.settings.keep_color == KeepColor::Luminance {
                *color = with_luminance_of(*color, srgb);
            }
        }
        let mut native = vec![[0.0; 3]; width];
        self.source.conversion.back(&colors, &row.native, &row.srgb, &mut native);
        self.blend(y, painted.columns.start, &row.native, &native)
    }

    /// The painting over the picture, by opacity, contrast and mask. What is wholly transparent
    /// stays as it is: nobody sees it, and its colours may matter to another program.
    fn blend(&self, y: u32, left: u32, original: &[[f32; 4]], painted: &[[f32; 3]]) -> FinishedRow {
        let mut cover = vec![self.settings.opacity; original.len()];
        if let Some(contrast) = &self.source.overview.contrast {
            let picture = &self.source.picture;
            let down = (y as f32 + 0.5) / picture.height() as f32;
            for (x, cover) in (left..).zip(&mut cover) {
                *cover *= contrast.at((x as f32 + 0.5) / picture.width() as f32, down);
            }
        }
        if let Some(mask) = self.mask {
            let mut pixels = vec![[0.0; 4]; original.len()];
            mask.read_row(y, left, &mut pixels);
            for (cover, [r, g, b, a]) in cover.iter_mut().zip(pixels) {
                *cover *= (luminance(r, g, b) * a).clamp(0.0, 1.0);
            }
        }
        let mut row = FinishedRow { pixels: original.to_vec(), untouched: Vec::new() };
        for (x, (pixel, cover)) in (left..).zip(row.pixels.iter_mut().zip(cover)) {
            if cover == 0.0 || pixel[3] <= 0.0 {
                match row.untouched.last_mut() {
                    Some(run) if run.end == x => run.end += 1,
                    _ => row.untouched.push(x..x + 1),
                }
                continue;
            }
            let to = painted[(x - left) as usize];
            for channel in 0..3 {
                pixel[channel] += (to[channel] - pixel[channel]) * cover;
            }
        }
        row
    }
}
