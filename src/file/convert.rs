//! Pixels in the form that a file format holds.

use std::borrow::Cow;

use rayon::prelude::*;

use super::profile::{self, ToLinearSrgb};
use crate::color::Encoding;
use crate::color::curve::{linear_to_srgb, srgb_to_linear};
use crate::error::Result;
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
    /// Numbers of other primaries or curves become linear light with the primaries of sRGB.
    ToLinear(Encoding),
    /// The same, and are encoded as sRGB.
    ToSrgb(Encoding),
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
///
/// # Errors
/// `Picture` for primaries or code points that make no colours.
pub(super) fn encoded(picture: &Picture) -> Result<Colors> {
    Ok(match picture.color_space() {
        ColorSpace::LinearSrgb => Colors::LinearToSrgb,
        ColorSpace::Linear(primaries) => Colors::ToSrgb(Encoding::linear(primaries)?),
        ColorSpace::Coded(points) if !profile::can_say(points) => {
            Colors::ToSrgb(Encoding::coded(points)?)
        }
        ColorSpace::Srgb | ColorSpace::Coded(_) | ColorSpace::Icc(_) => Colors::Keep,
    })
}

/// The picture's colours for a format that holds linear light and says of which primaries.
pub(super) fn linear(picture: &Picture) -> Result<Colors> {
    Ok(match picture.color_space() {
        ColorSpace::LinearSrgb | ColorSpace::Linear(_) => Colors::Keep,
        ColorSpace::Srgb => Colors::SrgbToLinear,
        ColorSpace::Coded(points) => Colors::ToLinear(Encoding::coded(points)?),
        ColorSpace::Icc(icc) => {
            let channels = picture.format().channels;
            match profile::hdr(icc, channels) {
                Some(encoding) => Colors::ToLinear(encoding),
                None => Colors::ProfileToLinear(ToLinearSrgb::new(icc, channels)?),
            }
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
        data.par_chunks_exact_mut(row_bytes)
            .enumerate()
            .try_for_each(|(y, row)| self.write_row(y as u32, row))?;
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

    /// The samples of a row as they are wanted.
    pub fn write_row(&self, y: u32, to: &mut [u8]) -> Result<()> {
        let width = self.picture.width();
        let mut pixels = vec![[0.0; 4]; width as usize];
        self.picture.view().read_row(y, 0, &mut pixels);
        match &self.colors {
            Colors::Keep => {}
            Colors::LinearToSrgb => each_color(&mut pixels, linear_to_srgb),
            Colors::ToLinear(encoding) => to_light(&mut pixels, encoding),
            Colors::ToSrgb(encoding) => {
                to_light(&mut pixels, encoding);
                each_color(&mut pixels, linear_to_srgb);
            }
            Colors::SrgbToLinear => each_color(&mut pixels, srgb_to_linear),
            Colors::ProfileToLinear(profile) => profile.apply(&mut pixels)?,
            Colors::ProfileToSrgb(profile) => {
                profile.apply(&mut pixels)?;
                each_color(&mut pixels, linear_to_srgb);
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
        let stride = to.len() as isize;
        let mut to = PixelViewMut::new(to, width, 1, stride, self.format)?;
        to.write_row_from(0, 0, &mut pixels, self.picture.format());
        Ok(())
    }
}

fn each_color(pixels: &mut [[f32; 4]], change: impl Fn(f32) -> f32) {
    for [r, g, b, _] in pixels {
        (*r, *g, *b) = (change(*r), change(*g), change(*b));
    }
}

fn to_light(pixels: &mut [[f32; 4]], encoding: &Encoding) {
    for pixel in pixels {
        let [r, g, b, _] = *pixel;
        pixel[..3].copy_from_slice(&encoding.to_light([r, g, b]));
    }
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

/// JFIF's YCbCr, from 0..1 to 0..1.
pub(super) fn rgb_of([y, cb, cr]: [f32; 3]) -> [f32; 3] {
    let (cb, cr) = (cb - 128.0 / 255.0, cr - 128.0 / 255.0);
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb]
}
