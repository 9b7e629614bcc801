//! A whole picture at the size of a canvas, as coarse layers of paint need it.

use crate::canvas::{Color, Crop, Region, mirrored, resize, scaled};
use crate::color::{Conversion, Thumbnail};
use crate::error::Result;
use crate::image::Picture;
use crate::job::Cancel;
use crate::memory;

const WHAT: &str = "a layer of paint";

/// Pixels in encoded sRGB, row by row.
pub(crate) struct Sheet {
    pub size: [u32; 2],
    pub colors: Vec<Color>,
}

impl Sheet {
    /// Black.
    pub fn new(size: [u32; 2]) -> Result<Self> {
        let colors = memory::filled(Color::default(), count(size), WHAT)?;
        Ok(Self { size, colors })
    }

    /// The colours of a thumbnail at another size.
    pub fn of(thumbnail: &Thumbnail, size: [u32; 2]) -> Result<Self> {
        let colors = thumbnail.colors.iter().map(|&color| Color::new(color));
        let colors = memory::collected(colors, WHAT)?;
        Self { size: [thumbnail.width as u32, thumbnail.height as u32], colors }.into_resized(size)
    }

    /// A picture, black where it is transparent.
    ///
    /// # Errors
    /// `Memory` where it does not fit, `Picture` for a colour profile that cannot be used.
    pub fn of_picture(picture: &Picture) -> Result<Self> {
        let conversion = Conversion::new(picture.color_space())?;
        let (width, height) = (picture.width(), picture.height());
        let all = Thumbnail::of(picture.view(), &conversion, width, height, &Cancel::new())?;
        Self::of(&all, [width, height])
    }

    /// The same again.
    pub fn copied(&self) -> Result<Self> {
        Ok(Self { size: self.size, colors: memory::copied(&self.colors, WHAT)? })
    }

    /// At another size.
    pub fn resized(&self, size: [u32; 2]) -> Result<Self> {
        let whole = self.whole();
        let crop = Crop {
            left: 0.0,
            top: 0.0,
            width: f64::from(self.size[0]),
            height: f64::from(self.size[1]),
        };
        let mut colors = resize(&self.colors, &whole, crop, size.map(|side| side as usize))?;
        colors.iter_mut().for_each(|c| c.0.iter_mut().for_each(|v| *v = v.clamp(0.0, 1.0)));
        Ok(Self { size, colors })
    }

    fn into_resized(self, size: [u32; 2]) -> Result<Self> {
        if self.size == size { Ok(self) } else { self.resized(size) }
    }

    /// The pixels of a region, mirrored beyond the borders.
    pub fn pixels(&self, region: &Region) -> Result<Vec<Color>> {
        mirrored(&self.colors, self.size, region)
    }

    /// The pixels of a region of a canvas of another size.
    pub fn pixels_on(&self, canvas: [u32; 2], region: &Region) -> Result<Vec<Color>> {
        if canvas == self.size {
            return self.pixels(region);
        }
        let scale = [0, 1].map(|axis| f64::from(self.size[axis]) / f64::from(canvas[axis]));
        scaled(region, scale, [0.0; 2], |from| self.pixels(from))
    }

    /// Takes the pixels of a region.
    pub fn put(&mut self, region: &Region, pixels: &[Color]) {
        let width = self.size[0] as usize;
        for (y, row) in region.y.clone().zip(pixels.chunks_exact(region.width())) {
            let first = y as usize * width + region.x.start as usize;
            self.colors[first..first + row.len()].copy_from_slice(row);
        }
    }

    /// What a layer of paint brings to [`mix`] where a `share` of it is to be seen in the next one:
    /// itself, less what is left of the photograph at its size. Below it cannot have the details
    /// that only the next has pixels for, so of those no more than the square of the share gives way
    /// to it, and the drawing stays sharp.
    pub fn brought(mut self, share: f32, photo: &Self) -> Self {
        for (painted, photo) in self.colors.iter_mut().zip(&photo.colors) {
            painted.0.iter_mut().zip(photo.0).for_each(|(v, photo)| *v -= (1.0 - share) * photo);
        }
        self
    }

    /// All of it.
    pub fn whole(&self) -> Region {
        Region { x: 0..i64::from(self.size[0]), y: 0..i64::from(self.size[1]) }
    }
}

/// Lays over a photograph `share` of the layer of paint below, which is `brought` to it as
/// [`Sheet::brought`] makes it; less where its drawing is `kept`.
pub(super) fn mix(photo: &mut [Color], brought: &[Color], share: f32, kept: Option<&[f32]>) {
    for (k, (photo, brought)) in photo.iter_mut().zip(brought).enumerate() {
        let laid = kept.map_or(share, |kept| share * (1.0 - kept[k]));
        for (photo, brought) in photo.0.iter_mut().zip(brought.0) {
            *photo += laid * (brought - share * *photo);
        }
    }
}

fn count(size: [u32; 2]) -> usize {
    size[0] as usize * size[1] as usize
}
