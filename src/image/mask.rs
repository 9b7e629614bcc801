//! A picture as a mask.

use fast_image_resize as fir;
use fir::images::{TypedImage, TypedImageRef};
use fir::pixels::F32;

use super::view::luminance;
use super::{Channels, ColorSpace, Picture, PixelFormat, SampleType};
use crate::error::{Error, ErrorKind, Result};
use crate::memory;

/// What memory is asked for.
const WHAT: &str = "a mask";

impl Picture {
    /// The picture's luminance times alpha, as one float channel of the given size.
    ///
    /// # Errors
    /// As [`Picture::new`].
    pub fn mask(&self, width: u32, height: u32) -> Result<Self> {
        let format = PixelFormat::new(Channels::Gray, SampleType::F32);
        let mut mask = Self::new(width, height, format, ColorSpace::Srgb)?;
        let mut row = vec![[0.0; 4]; self.width() as usize];
        let count = |width: u32, height: u32| width as usize * height as usize;
        let mut cover = memory::reserved(count(self.width(), self.height()), WHAT)?;
        for y in 0..self.height() {
            self.view().read_row(y, 0, &mut row);
            cover.extend(row.iter().map(|&[r, g, b, a]| F32::new(luminance(r, g, b) * a)));
        }
        let failed = |e: String| Error::caused(ErrorKind::Picture, "cannot resize the mask", e);
        let from = TypedImageRef::new(self.width(), self.height(), &cover)
            .map_err(|e| failed(e.to_string()))?;
        let to = memory::filled(F32::new(0.0), count(width, height), WHAT)?;
        let mut to =
            TypedImage::from_pixels(width, height, to).map_err(|e| failed(e.to_string()))?;
        let options = fir::ResizeOptions::new()
            .resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::Bilinear));
        fir::Resizer::new()
            .resize_typed(&from, &mut to, &options)
            .map_err(|e| failed(e.to_string()))?;
        for (bytes, value) in mask.data_mut().chunks_exact_mut(4).zip(to.pixels()) {
            bytes.copy_from_slice(&value.0.clamp(0.0, 1.0).to_ne_bytes());
        }
        Ok(mask)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_of_another_size_covers_the_same_part() {
        let format = PixelFormat::new(Channels::Rgb, SampleType::U8);
        let mut half = Picture::new(8, 4, format, ColorSpace::Srgb).unwrap();
        for y in 0..4 {
            half.view_mut().write_row(y, 4, &[[1.0; 4]; 4]);
        }
        let mask = half.mask(80, 20).unwrap();
        let mut row = [[0.0; 4]; 80];
        mask.view().read_row(10, 0, &mut row);
        assert_eq!((row[10][0], row[70][0]), (0.0, 1.0));
        assert!((row[39][0] - 0.5).abs() < 0.1);
    }
}
