//! The painting in the picture's own pixels.

use super::planes::Planes;
use super::schedule::{Frame, Scale};
use super::source;
use crate::canvas::{Color, Crop, Finish, Painted, Region, Source, interleaved, resize};
use crate::error::Result;
use crate::image::PixelViewMut;
use crate::job::Cancel;
use crate::memory;

/// Rows that are enlarged and finished at once.
const ROWS_AT_ONCE: u32 = 512;

/// Writes what was painted without its margin, and enlarged with the photograph's fine detail where
/// it was optimised smaller.
pub(super) fn write(
    source: &Source<'_>,
    multiple: u32,
    painted: Planes,
    finish: &Finish<'_>,
    output: &mut PixelViewMut<'_>,
    cancel: &Cancel,
) -> Result<()> {
    let size = [source.picture.width(), source.picture.height()];
    let Frame { margin, width, height } = Frame::new(size, multiple);
    let own = Region { x: 0..painted.width as i64, y: 0..painted.height as i64 };
    let is_whole = [painted.width as u32, painted.height as u32] == [width, height];
    let coarse = match is_whole {
        true => None,
        false => {
            let (width, height) = (painted.width as u32, painted.height as u32);
            let scale = Scale { width, height, iterations: 0 };
            Some(interleaved(&source::content(source, multiple, &scale)?.values)?)
        }
    };
    let colors = interleaved(&painted.values)?;
    drop(painted);
    let scale = [own.width() as f64 / f64::from(width), own.height() as f64 / f64::from(height)];
    for top in (0..size[1]).step_by(ROWS_AT_ONCE as usize) {
        let rows = top..(top + ROWS_AT_ONCE).min(size[1]);
        let enlarged = |colors: &[Color]| {
            let crop = Crop {
                left: f64::from(margin[0]) * scale[0],
                top: f64::from(margin[1] + top) * scale[1],
                width: f64::from(size[0]) * scale[0],
                height: rows.len() as f64 * scale[1],
            };
            resize(colors, &own, crop, [size[0] as usize, rows.len()])
        };
        let (painted, coarse) = match &coarse {
            Some(coarse) => (enlarged(&colors)?, Some(enlarged(coarse)?)),
            None => {
                let count = rows.len() * size[0] as usize;
                let mut inner = memory::reserved(count, "rows of the painting")?;
                for y in rows.clone() {
                    let from = (y + margin[1]) as usize * width as usize + margin[0] as usize;
                    inner.extend_from_slice(&colors[from..from + size[0] as usize]);
                }
                (inner, None)
            }
        };
        let part = Painted { columns: 0..size[0], rows, colors: painted, coarse };
        finish.write(&part, output, cancel)?;
    }
    Ok(())
}
