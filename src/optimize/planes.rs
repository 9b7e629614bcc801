//! Pictures as the graphs take them: three planes of encoded sRGB from 0 to 1.

use crate::canvas::{Color, Crop, Region, interleaved, planes, resize};
use crate::error::Result;
use crate::memory;
use crate::tile::Tile;

/// Red, green and blue planes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Planes {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

impl Planes {
    pub fn of_colors(colors: &[Color], width: usize, height: usize) -> Result<Self> {
        Ok(Self { width, height, values: planes(colors)? })
    }

    /// A copy, for which there may be no memory.
    pub fn copied(&self) -> Result<Self> {
        let Self { width, height, .. } = *self;
        Ok(Self { width, height, values: memory::copied(&self.values, "a copy of the picture")? })
    }

    pub fn shape(&self) -> [i64; 4] {
        [1, 3, self.height as i64, self.width as i64]
    }

    /// The same picture in another size (Lanczos), within 0 to 1.
    pub fn into_resized(self, width: usize, height: usize) -> Result<Self> {
        if (width, height) == (self.width, self.height) {
            return Ok(self);
        }
        let whole = Region { x: 0..self.width as i64, y: 0..self.height as i64 };
        let crop =
            Crop { left: 0.0, top: 0.0, width: self.width as f64, height: self.height as f64 };
        let colors = resize(&interleaved(&self.values)?, &whole, crop, [width, height])?;
        let mut resized = Self::of_colors(&colors, width, height)?;
        resized.values.iter_mut().for_each(|v| *v = v.clamp(0.0, 1.0));
        Ok(resized)
    }

    /// What a tile sees.
    pub fn seen_by(&self, tile: &Tile) -> Result<Self> {
        let (width, height) = (tile.x.seen(), tile.y.seen());
        let mut values = memory::reserved(3 * width * height, "what a tile sees")?;
        for plane in self.values.chunks_exact(self.width * self.height) {
            values.extend(cut(plane, self.width, tile));
        }
        Ok(Self { width, height, values })
    }
}

/// What a tile sees of one plane.
pub(super) fn cut<'a>(
    plane: &'a [f32],
    width: usize,
    tile: &Tile,
) -> impl Iterator<Item = f32> + 'a {
    let (left, columns) = (tile.x.seen_start as usize, tile.x.seen());
    let rows = tile.y.seen_start as usize..tile.y.seen_end as usize;
    rows.flat_map(move |y| &plane[y * width + left..][..columns]).copied()
}
