//! Pictures in other channels and colours.

use super::Conversion;
use crate::error::Result;
use crate::image::{ColorSpace, Picture, PixelFormat};

impl Picture {
    /// The picture in another layout and colour space, through encoded sRGB: colours outside its
    /// gamut are clamped.
    ///
    /// # Errors
    /// As [`Picture::new`]; `Picture` for a profile that cannot be used.
    pub fn converted(&self, format: PixelFormat, color_space: ColorSpace) -> Result<Self> {
        let from = Conversion::new(self.color_space())?;
        let to = Conversion::new(&color_space)?;
        let same = *self.color_space() == color_space;
        let mut converted = Self::new(self.width(), self.height(), format, color_space)?;
        converted.metadata_mut().clone_from(self.metadata());
        let width = self.width() as usize;
        let mut row = vec![[0.0; 4]; width];
        let (mut srgb, mut native) = (vec![[0.0; 3]; width], vec![[0.0; 3]; width]);
        for y in 0..self.height() {
            self.view().read_row(y, 0, &mut row);
            if !same {
                from.to_srgb(&row, &mut srgb);
                to.to_native(&srgb, &mut native);
                for (pixel, color) in row.iter_mut().zip(&native) {
                    pixel[..3].copy_from_slice(color);
                }
            }
            converted.view_mut().write_row(y, 0, &row);
        }
        Ok(converted)
    }
}
