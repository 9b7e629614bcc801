//! A picture that owns its pixels.

use super::{
    Channels, ColorSpace, MAX_SIDE, Metadata, PixelFormat, PixelView, PixelViewMut, SampleType,
};
use crate::error::{Error, ErrorKind, Result};
use crate::memory;

/// An upright picture in memory: rows from top to bottom, packed.
///
/// A clone that memory does not suffice for ends the process; [`Picture::copied`] returns an error.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    width: u32,
    height: u32,
    format: PixelFormat,
    data: Vec<u8>,
    color_space: ColorSpace,
    metadata: Box<Metadata>,
}

impl Picture {
    /// A picture of zeros.
    ///
    /// # Errors
    /// `Picture` for a side of 0 or above [`MAX_SIDE`], `Memory` where the pixels do not fit.
    pub fn new(
        width: u32,
        height: u32,
        format: PixelFormat,
        color_space: ColorSpace,
    ) -> Result<Self> {
        check_size(width, height)?;
        let size = width as usize * height as usize * format.bytes();
        let data = memory::filled(0, size, format_args!("a picture of {width}x{height}"))?;
        Ok(Self { width, height, format, data, color_space, metadata: Box::default() })
    }

    /// A copy of borrowed pixels, in their format.
    ///
    /// # Errors
    /// As [`Picture::new`].
    pub fn copied(pixels: PixelView<'_>, color_space: ColorSpace) -> Result<Self> {
        let (width, height) = (pixels.width(), pixels.height());
        let mut copy = Self::new(width, height, pixels.format(), color_space)?;
        for y in 0..height {
            let row = pixels.row_bytes(y, 0, width);
            copy.view_mut().row_bytes_mut(y, 0, width).copy_from_slice(row);
        }
        Ok(copy)
    }

    /// Of opaque colours in encoded sRGB, row by row: as many as it has pixels.
    ///
    /// # Errors
    /// As [`Picture::new`].
    pub(crate) fn of_srgb(
        [width, height]: [u32; 2],
        mut colors: impl Iterator<Item = [f32; 3]>,
    ) -> Result<Self> {
        let format = PixelFormat::new(Channels::Rgb, SampleType::F32);
        let mut picture = Self::new(width, height, format, ColorSpace::Srgb)?;
        let mut row = memory::reserved(width as usize, "a row of a picture")?;
        for y in 0..height {
            row.clear();
            row.extend(colors.by_ref().take(width as usize).map(|[r, g, b]| [r, g, b, 1.0]));
            picture.view_mut().write_row(y, 0, &row);
        }
        Ok(picture)
    }

    /// Columns.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The layout of a pixel.
    pub fn format(&self) -> PixelFormat {
        self.format
    }

    /// What the colours mean.
    pub fn color_space(&self) -> &ColorSpace {
        &self.color_space
    }

    /// Changes what the colours mean without changing a number.
    pub fn set_color_space(&mut self, color_space: ColorSpace) {
        self.color_space = color_space;
    }

    /// What its file said beside the pixels.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// What the file that will be written says beside the pixels.
    pub fn metadata_mut(&mut self) -> &mut Metadata {
        &mut self.metadata
    }

    /// How large it is in comparison to what is shown of it, along x and y: half as wide where its
    /// pixels are shown twice as wide as high.
    pub fn squeeze(&self) -> [f32; 2] {
        [(1.0 / self.metadata.pixel_aspect()) as f32, 1.0]
    }

    /// Its width and height with one of them reduced so that pixels are square.
    pub(crate) fn square_size(&self) -> [u32; 2] {
        let aspect = self.metadata.pixel_aspect();
        let reduced = |side: u32, by: f64| ((f64::from(side) / by).round() as u32).max(1);
        [reduced(self.width, (1.0 / aspect).max(1.0)), reduced(self.height, aspect.max(1.0))]
    }

    /// The packed, native-endian samples, top row first.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The packed, native-endian samples, top row first.
    pub fn data_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }

    /// The pixels, to read.
    pub fn view(&self) -> PixelView<'_> {
        PixelView::packed(&self.data, self.width, self.height, self.format)
    }

    /// The pixels, to write.
    pub fn view_mut(&mut self) -> PixelViewMut<'_> {
        PixelViewMut::packed(&mut self.data, self.width, self.height, self.format)
    }
}

/// Refuses sizes that the engine does not take.
pub(crate) fn check_size(width: u32, height: u32) -> Result<()> {
    if width == 0 || height == 0 {
        let what = format!("a picture of {width}x{height} has no pixels");
        return Err(Error::new(ErrorKind::Picture, what));
    }
    if width > MAX_SIDE || height > MAX_SIDE {
        let what = format!(
            "a picture of {width}x{height} is too large: at most {MAX_SIDE} pixels a side are \
             taken; scale it down or cut it into parts"
        );
        return Err(Error::new(ErrorKind::Picture, what));
    }
    Ok(())
}
