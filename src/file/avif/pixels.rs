//! Colours of luminance and chrominance (ITU-T H.273, section 8.3).

use rayon::prelude::*;

use super::not_read;
use super::planes::{Coding, Planes};
use crate::error::Result;
use crate::file::failure::damaged;
use crate::image::{AlphaMode, Channels, ColorSpace, Picture, PixelFormat, SampleType};

/// The picture of its planes, called sRGB. Integers of more than 8 bits become such of 16.
pub(super) fn picture(
    color: &Planes,
    alpha: Option<&Planes>,
    is_premultiplied: bool,
) -> Result<Picture> {
    if alpha.is_some_and(|alpha| alpha.size != color.size) {
        return Err(damaged("its alpha has another size than its colours"));
    }
    let channels = match (color.layout.halved, alpha) {
        (None, None) => Channels::Gray,
        (None, Some(_)) => Channels::GrayAlpha,
        (Some(_), None) => Channels::Rgb,
        (Some(_), Some(_)) => Channels::Rgba,
    };
    let most_bits = alpha.map_or(0, |alpha| alpha.layout.bits).max(color.layout.bits);
    let sample = if most_bits > 8 { SampleType::U16 } else { SampleType::U8 };
    let mut format = PixelFormat::new(channels, sample);
    if alpha.is_some() && is_premultiplied {
        format.alpha = AlphaMode::Premultiplied;
    }
    let model = Model::of(color)?;
    let [width, height] = color.size;
    let mut picture = Picture::new(width, height, format, ColorSpace::Srgb)?;
    let rows = picture.data_mut().par_chunks_exact_mut(width as usize * format.bytes());
    rows.enumerate().for_each(|(y, row)| {
        let colors = Row::of(color, y);
        let alpha = alpha.map(|alpha| Row::of(alpha, y));
        for (x, pixel) in row.chunks_exact_mut(format.bytes()).enumerate() {
            let [r, g, b] = model.rgb(colors.at(x));
            let a = alpha.as_ref().map(|alpha| alpha.at(x)[0]);
            let colors = if channels.is_gray() { &[g][..] } else { &[r, g, b] };
            let values = colors.iter().copied().chain(a);
            for (value, to) in values.zip(pixel.chunks_exact_mut(sample.bytes())) {
                sample.write(value, to);
            }
        }
    });
    Ok(picture)
}

/// What the three numbers of a pixel are.
enum Model {
    Gray,
    /// Green, blue and red.
    Colors,
    YCgCo,
    /// The parts that red and blue have in luminance.
    YCbCr {
        red: f32,
        blue: f32,
    },
}

impl Model {
    fn of(color: &Planes) -> Result<Self> {
        let is_shared = color.layout.halved.is_some_and(|halved| halved != [false; 2]);
        let (red, blue) = match color.coding.matrix {
            _ if color.layout.halved.is_none() => return Ok(Self::Gray),
            0 if is_shared => return Err(damaged("its colours are fewer than its pixels")),
            0 => return Ok(Self::Colors),
            8 => return Ok(Self::YCgCo),
            1 => (0.2126, 0.0722),
            4 => (0.30, 0.11),
            // What is not specified is taken for what JPEG has.
            2 | 5 | 6 => (0.299, 0.114),
            7 => (0.212, 0.087),
            9 => (0.2627, 0.0593),
            other => {
                let what = format!("colours of matrix {other} of ITU-T H.273 are");
                return Err(not_read(what));
            }
        };
        Ok(Self::YCbCr { red, blue })
    }

    /// Of luminance from 0 to 1 and chrominance from -0.5 to 0.5.
    fn rgb(&self, [y, u, v]: [f32; 3]) -> [f32; 3] {
        match *self {
            Self::Gray => [y; 3],
            Self::Colors => [v, y, u],
            Self::YCgCo => [y - u + v, y + u, y - u - v],
            Self::YCbCr { red, blue } => {
                let (r, b) = (y + 2.0 * (1.0 - red) * v, y + 2.0 * (1.0 - blue) * u);
                [r, (y - red * r - blue * b) / (1.0 - red - blue), b]
            }
        }
    }
}

/// A row of pixels within the planes.
struct Row<'a> {
    luminance: &'a [u16],
    of_luminance: Range,
    chrominance: Option<Chrominance<'a>>,
}

/// The two rows of each plane between which a row of pixels lies.
struct Chrominance<'a> {
    planes: [[&'a [u16]; 2]; 2],
    /// Of the second row.
    weight: f32,
    is_halved: bool,
    range: Range,
}

/// From samples to numbers.
#[derive(Clone, Copy)]
struct Range {
    zero: f32,
    one: f32,
}

impl<'a> Row<'a> {
    fn of(planes: &'a Planes, y: usize) -> Self {
        let width = planes.size[0] as usize;
        let bits = planes.layout.bits;
        let of_luminance = Range::of_luminance(&planes.coding, bits);
        let luminance = &planes.samples[0][y * width..][..width];
        let chrominance = planes.layout.halved.map(|[across, down]| {
            let [width, height] = planes.layout.sizes(planes.size)[1].map(|side| side as usize);
            let (first, second, weight) = between(y, down, height);
            let row = |plane: usize, y: usize| &planes.samples[plane][y * width..][..width];
            Chrominance {
                planes: [1, 2].map(|plane| [row(plane, first), row(plane, second)]),
                weight,
                is_halved: across,
                // Colours as such have the range of luminance.
                range: match planes.coding.matrix {
                    0 => of_luminance,
                    _ => Range::of_chrominance(&planes.coding, bits),
                },
            }
        });
        Self { luminance, of_luminance, chrominance }
    }

    fn at(&self, x: usize) -> [f32; 3] {
        let y = self.of_luminance.number(self.luminance[x].into());
        let [u, v] = self.chrominance.as_ref().map_or([0.0; 2], |chrominance| chrominance.at(x));
        [y, u, v]
    }
}

impl Chrominance<'_> {
    fn at(&self, x: usize) -> [f32; 2] {
        let (left, right, weight) = between(x, self.is_halved, self.planes[0][0].len());
        self.planes.map(|rows| {
            let [above, below] = rows.map(|row| mixed(row[left].into(), row[right].into(), weight));
            self.range.number(mixed(above, below, self.weight))
        })
    }
}

impl Range {
    /// ITU-T H.273: black is at 16 of 255, white at 235, or they are the ends.
    fn of_luminance(coding: &Coding, bits: u32) -> Self {
        let unit = (1_u32 << (bits - 8)) as f32;
        match coding.is_full_range {
            true => Self { zero: 0.0, one: whole(bits) },
            false => Self { zero: 16.0 * unit, one: 219.0 * unit },
        }
    }

    fn of_chrominance(coding: &Coding, bits: u32) -> Self {
        let unit = (1_u32 << (bits - 8)) as f32;
        let one = if coding.is_full_range { whole(bits) } else { 224.0 * unit };
        Self { zero: 128.0 * unit, one }
    }

    fn number(self, sample: f32) -> f32 {
        (sample - self.zero) / self.one
    }
}

fn whole(bits: u32) -> f32 {
    ((1_u32 << bits) - 1) as f32
}

/// The samples between which a pixel lies, and the weight of the second. Where there is half of
/// them, each stands amid its two pixels.
fn between(at: usize, is_halved: bool, count: usize) -> (usize, usize, f32) {
    match (is_halved, at % 2) {
        (false, _) => (at, at, 0.0),
        (true, 0) => ((at / 2).saturating_sub(1), at / 2, 0.75),
        (true, _) => (at / 2, (at / 2 + 1).min(count - 1), 0.25),
    }
}

fn mixed(first: f32, second: f32, weight: f32) -> f32 {
    first + (second - first) * weight
}
