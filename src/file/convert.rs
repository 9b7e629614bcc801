//! Pixels in the form that a file format holds.

use std::borrow::Cow;

use rayon::prelude::*;

use super::profile::ToLinearSrgb;
use crate::color::curve::{linear_to_srgb, srgb_to_linear};
use crate::error::{Error, Result};
use crate::image::{
    AlphaMode, Channels, ColorSpace, Picture, PixelFormat, PixelViewMut, SampleType,
};
use crate::memory;

/// What is done to the colours on their way into a file.
pub(super) enum Colors {
    /// The numbers stay.
    Keep,
    /// Linear light is encoded as sRGB.
    LinearToSrgb,
    /// Encoded sRGB becomes linear light.
    SrgbToLinear,
    /// The numbers of an ICC profile become linear light with the primaries of sRGB.
    ProfileToLinear(ToLinearSrgb),
    /// The numbers of an ICC profile become sRGB.
    ProfileToSrgb(ToLinearSrgb),
}

/// A picture and the form it is wanted in.
pub(super) struct Conversion<'a> {
    pub picture: &'a Picture,
    pub format: PixelFormat,
    pub colors: Colors,
    /// Whether transparency is replaced by white behind the picture.
    pub over_white: bool,
}

/// The picture's colours for a format that holds integers: sRGB, or the numbers of a profile.
pub(super) fn encoded(picture: &Picture) -> Colors {
    match picture.color_space() {
        ColorSpace::LinearSrgb => Colors::LinearToSrgb,
        ColorSpace::Srgb | ColorSpace::Icc(_) => Colors::Keep,
    }
}

/// The picture's colours for a format that holds linear light.
pub(super) fn linear(picture: &Picture) -> Result<Colors> {
    Ok(match picture.color_space() {
        ColorSpace::LinearSrgb => Colors::Keep,
        ColorSpace::Srgb => Colors::SrgbToLinear,
        ColorSpace::Icc(icc) => {
            Colors::ProfileToLinear(ToLinearSrgb::new(icc, picture.format().channels)?)
        }
    })
}

/// Channels in the order that files have them in.
fn file_order(channels: Channels) -> Channels {
    match channels {
        Channels::Bgra => Channels::Rgba,
        other => other,
    }
}

impl Conversion<'_> {
    /// All pixels: the picture's own where nothing is to be done.
    pub fn pixels(&self) -> Result<Cow<'_, [u8]>> {
        if self.is_identity() {
            return Ok(Cow::Borrowed(self.picture.data()));
        }
        let (width, height) = (self.picture.width(), self.picture.height());
        let row_bytes = width as usize * self.format.bytes();
        let size = row_bytes * height as usize;
        let mut data = memory::filled(0, size, "the picture's pixels as the file holds them")?;
        data.par_chunks_exact_mut(row_bytes).enumerate().try_for_each_init(
            Vec::new,
            |pixels, (y, row)| {
                self.read_row(y as u32, pixels)?;
                let stride = row.len() as isize;
                PixelViewMut::new(row, width, 1, stride, self.format)?.write_row(0, 0, pixels);
                Ok::<_, Error>(())
            },
        )?;
        Ok(Cow::Owned(data))
    }

    /// Whether the picture's own bytes are already what is wanted.
    pub fn is_identity(&self) -> bool {
        let own = self.picture.format();
        let same_alpha = own.alpha == self.format.alpha || !own.channels.has_alpha();
        matches!(self.colors, Colors::Keep)
            && (own.channels, own.sample) == (self.format.channels, self.format.sample)
            && same_alpha
    }

    /// The converted straight pixels of a row.
    pub fn read_row(&self, y: u32, pixels: &mut Vec<[f32; 4]>) -> Result<()> {
        pixels.resize(self.picture.width() as usize, [0.0; 4]);
        self.picture.view().read_row(y, 0, pixels);
        match &self.colors {
            Colors::Keep => {}
            Colors::LinearToSrgb => each_color(pixels, linear_to_srgb),
            Colors::SrgbToLinear => each_color(pixels, srgb_to_linear),
            Colors::ProfileToLinear(profile) => profile.apply(pixels)?,
            Colors::ProfileToSrgb(profile) => {
                profile.apply(pixels)?;
                each_color(pixels, linear_to_srgb);
            }
        }
        if self.over_white {
            for [r, g, b, a] in pixels.iter_mut() {
                for color in [r, g, b] {
                    *color = *color * *a + (1.0 - *a);
                }
                *a = 1.0;
            }
        }
        Ok(())
    }
}

fn each_color(pixels: &mut [[f32; 4]], change: impl Fn(f32) -> f32) {
    for [r, g, b, _] in pixels {
        (*r, *g, *b) = (change(*r), change(*g), change(*b));
    }
}

/// Makes the colours of a picture that has just been decoded independent of its alpha.
pub(super) fn unpremultiply(picture: &mut Picture) {
    let PixelFormat { channels, sample, .. } = picture.format();
    let (colors, size) = (channels.count() - 1, sample.bytes());
    let row_bytes = picture.width() as usize * picture.format().bytes();
    picture.data_mut().par_chunks_exact_mut(row_bytes).for_each(|row| {
        for pixel in row.chunks_exact_mut((colors + 1) * size) {
            let alpha = sample.read(&pixel[colors * size..]);
            if alpha > 0.0 && alpha != 1.0 {
                for color in pixel.chunks_exact_mut(size).take(colors) {
                    sample.write(sample.read(color) / alpha, color);
                }
            }
        }
    });
}

/// Whether anything can be seen through the picture.
pub(super) fn is_transparent(picture: &Picture) -> bool {
    let PixelFormat { channels, sample, .. } = picture.format();
    let alpha = (channels.count() - 1) * sample.bytes();
    channels.has_alpha()
        && picture
            .data()
            .par_chunks_exact(picture.format().bytes())
            .any(|pixel| sample.read(&pixel[alpha..]) < 1.0)
}

/// A straight-alpha format in file order.
pub(super) fn file_format(channels: Channels, sample: SampleType) -> PixelFormat {
    PixelFormat { channels: file_order(channels), sample, alpha: AlphaMode::Straight }
}
