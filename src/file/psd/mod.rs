//! Photoshop's files, PSD and PSB: the flat picture that stands beside the layers.

mod sections;

use image::metadata::Orientation;
use rayon::prelude::*;

use self::sections::Document;
use super::failure::damaged;
use super::inks::Inks;
use super::metadata::Found;
use super::{lab, photoshop};
use crate::error::Result;
use crate::image::{
    Channels, ColorSpace, Metadata, Picture, PixelFormat, Resolution, SampleType, Unit,
};

/// Numbers of resources.
const RESOLUTION: u16 = 1005;
const ICC: u16 = 1039;
const EXIF: u16 = 1058;
const XMP: u16 = 1060;

pub(super) fn read(bytes: &[u8]) -> Result<Picture> {
    let document = Document::read(bytes)?;
    let resource = |id| {
        photoshop::resource(document.resources, id).map(<[u8]>::to_vec).filter(|r| !r.is_empty())
    };
    let mut icc = resource(ICC);
    let meaning = Meaning::of(&document, &mut icc)?;
    let space = match document.bits {
        32 => ColorSpace::LinearSrgb,
        _ => ColorSpace::Srgb,
    };
    let planes = document.planes(meaning.count())?;
    let mut picture = Picture::new(document.width, document.height, meaning.format, space)?;
    let row_bytes = document.width as usize * meaning.format.bytes();
    let rows = picture.data_mut().par_chunks_exact_mut(row_bytes).enumerate();
    rows.try_for_each(|(y, row)| meaning.write(&planes, y, row))?;
    let metadata = Metadata {
        exif: resource(EXIF),
        xmp: resource(XMP),
        iptc: resource(photoshop::IPTC),
        resolution: resource(RESOLUTION).and_then(|content| resolution(&content)),
        ..Metadata::default()
    };
    // Photoshop turns the pixels themselves.
    let orientation = Some(Orientation::NoTransforms);
    Found { icc, orientation, metadata, ..Found::default() }.apply(picture)
}

/// Pixels to an inch, with 16 bits of fractions.
fn resolution(content: &[u8]) -> Option<Resolution> {
    let number = |at: usize| {
        let bytes = content.get(at..)?.first_chunk()?;
        Some(f64::from(u32::from_be_bytes(*bytes)) / 65536.0)
    };
    let (x, y) = (number(0)?, number(8)?);
    (x > 0.0 && y > 0.0).then_some(Resolution { x, y, unit: Unit::Inch })
}

/// What becomes of a pixel's samples.
struct Meaning<'a> {
    document: &'a Document<'a>,
    format: PixelFormat,
    colors: Colors,
}

enum Colors {
    /// 1 is black.
    Bitmap,
    /// Gray or red, green and blue.
    Light,
    Palette,
    /// What is left of the light.
    Inks(Inks),
    Lab,
}

impl<'a> Meaning<'a> {
    /// Inks take the profile, which then says nothing of the picture any more.
    fn of(document: &'a Document<'a>, icc: &mut Option<Vec<u8>>) -> Result<Self> {
        let sample = match document.bits {
            1 | 8 => SampleType::U8,
            16 => SampleType::U16,
            32 => SampleType::F32,
            other => return Err(damaged(format!("samples of {other} bits are not read"))),
        };
        let (colors, count, is_gray) = match (document.mode, document.bits) {
            (0, 1) => (Colors::Bitmap, 1, true),
            // Duotones are gray to programs that do not know their inks.
            (1 | 8, 8..) => (Colors::Light, 1, true),
            (2, 8) if document.palette.len() >= 768 => (Colors::Palette, 1, false),
            (3, 8..) => (Colors::Light, 3, false),
            (4, 8..) => (Colors::Inks(Inks::new(icc.take().as_deref())), 4, false),
            (9, 8 | 16) => (Colors::Lab, 3, false),
            (mode, bits) => {
                let what = format!("colours of kind {mode} with {bits} bits are not read");
                return Err(damaged(what));
            }
        };
        if document.channels < count {
            return Err(damaged("it has fewer channels than colours"));
        }
        let has_alpha = document.has_alpha && document.channels > count;
        let channels = match (is_gray, has_alpha) {
            (true, false) => Channels::Gray,
            (true, true) => Channels::GrayAlpha,
            (false, false) => Channels::Rgb,
            (false, true) => Channels::Rgba,
        };
        Ok(Self { document, format: PixelFormat::new(channels, sample), colors })
    }

    /// Channels that are stored for the colours.
    fn colors(&self) -> usize {
        match &self.colors {
            Colors::Bitmap | Colors::Palette => 1,
            Colors::Light if self.format.channels.is_gray() => 1,
            Colors::Light | Colors::Lab => 3,
            Colors::Inks(_) => 4,
        }
    }

    /// Channels that are stored, with alpha.
    fn count(&self) -> usize {
        self.colors() + usize::from(self.format.channels.has_alpha())
    }

    /// A row of the picture from the rows of the channels.
    fn write(&self, planes: &[u8], y: usize, row: &mut [u8]) -> Result<()> {
        let (width, height) = (self.document.width as usize, self.document.height as usize);
        let (colors, count, row_bytes) = (self.colors(), self.count(), self.document.row_bytes());
        let mut pixels = vec![0.0; width * count];
        for channel in 0..count {
            let stored = &planes[(channel * height + y) * row_bytes..][..row_bytes];
            for x in 0..width {
                pixels[x * count + channel] = self.number(stored, x);
            }
        }
        if count > colors {
            pixels.chunks_exact_mut(count).for_each(without_white);
        }
        let amounts = pixels.chunks_exact(count).map(|pixel| &pixel[..colors]);
        let shown = match &self.colors {
            Colors::Inks(inks) => {
                let amounts: Vec<f32> = amounts.flatten().map(|left| 1.0 - left).collect();
                let mut srgb = vec![0.0; width * 3];
                inks.to_srgb(&amounts, &mut srgb)?;
                srgb
            }
            Colors::Light => amounts.flatten().copied().collect(),
            Colors::Bitmap => amounts.map(|bit| 1.0 - bit[0]).collect(),
            Colors::Palette => amounts.flat_map(|number| self.looked_up(number[0])).collect(),
            Colors::Lab => amounts
                .flat_map(|lab| lab::to_srgb([lab[0], opponent(lab[1]), opponent(lab[2])]))
                .collect(),
        };
        let shown = shown.chunks_exact(shown.len() / width);
        let sample = self.format.sample;
        let to = row.chunks_exact_mut(self.format.bytes());
        for ((to, shown), pixel) in to.zip(shown).zip(pixels.chunks_exact(count)) {
            let values = shown.iter().chain(&pixel[colors..]);
            for (&value, to) in values.zip(to.chunks_exact_mut(sample.bytes())) {
                sample.write(value, to);
            }
        }
        Ok(())
    }

    /// One sample of a row: integers from 0 to 1, floats as they are.
    fn number(&self, row: &[u8], x: usize) -> f32 {
        match self.document.bits {
            1 => f32::from(row[x / 8] >> (7 - x % 8) & 1),
            8 => f32::from(row[x]) / 255.0,
            16 => f32::from(u16::from_be_bytes([row[2 * x], row[2 * x + 1]])) / 65535.0,
            _ => f32::from_be_bytes(row.as_chunks::<4>().0[x]),
        }
    }

    fn looked_up(&self, number: f32) -> [f32; 3] {
        let number = (number * 255.0).round() as usize;
        [0, 256, 512].map(|first| f32::from(self.document.palette[first + number]) / 255.0)
    }
}

/// The flat picture lies over white.
fn without_white(pixel: &mut [f32]) {
    let Some((&mut alpha, colors)) = pixel.split_last_mut() else { return };
    if alpha > 0.0 && alpha < 1.0 {
        for color in colors {
            *color = ((*color - (1.0 - alpha)) / alpha).max(0.0);
        }
    }
}

/// a* or b*, which are stored with an offset of 128.
fn opponent(v: f32) -> f32 {
    v * 255.0 - 128.0
}
