//! The painting in the picture's own pixels.

use super::planes::Planes;
use super::schedule::Frame;
use crate::canvas::{Finish, Painted, Region, SmallFrame, SmallPainting, interleaved};
use crate::error::Result;
use crate::image::PixelViewMut;
use crate::job::Cancel;

/// Rows that are enlarged and finished at once.
const ROWS_AT_ONCE: u32 = 512;

/// What was painted of a picture, with its margin.
pub(super) fn small(painted: &Planes, picture: [u32; 2], multiple: u32) -> Result<SmallPainting> {
    let Frame { margin, width, height } = Frame::new(picture, multiple);
    let size = [painted.width as u32, painted.height as u32];
    let frame = SmallFrame { picture, size: [width, height], margin };
    Ok(SmallPainting { size, colors: interleaved(&painted.values)?, frame })
}

/// Writes what was painted without its margin, and enlarged where it was optimised smaller.
pub(super) fn write(
    painting: &SmallPainting,
    finish: &Finish<'_>,
    output: &mut PixelViewMut<'_>,
    cancel: &Cancel,
) -> Result<()> {
    let [width, height] = painting.frame.picture;
    for top in (0..height).step_by(ROWS_AT_ONCE as usize) {
        let rows = top..(top + ROWS_AT_ONCE).min(height);
        let region =
            Region { x: 0..i64::from(width), y: i64::from(rows.start)..i64::from(rows.end) };
        let colors = painting.pixels_on([width, height], &region)?;
        let part = Painted { columns: 0..width, rows, colors, coarse: None };
        finish.write(&part, output, cancel)?;
    }
    Ok(())
}
