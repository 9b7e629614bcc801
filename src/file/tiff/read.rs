//! Reading: the first picture of a file.

use std::sync::OnceLock;

use image::metadata::Orientation;
use rayon::prelude::*;
use tiff::tags::Tag;

use super::chunks::unpacked;
use super::directory::{Directory, SHORT};
use super::layout::{ASSOCIATED_ALPHA, Colors, Layout, UNASSOCIATED_ALPHA};
use super::metadata::metadata;
use super::samples::{numbers, undo_prediction};
use crate::error::Result;
use crate::file::convert::rgb_of;
use crate::file::failure::damaged;
use crate::file::fence::fenced;
use crate::file::format::RAW;
use crate::file::inks::Inks;
use crate::file::metadata::Found;
use crate::file::{frames, jpeg, lab, warning};
use crate::image::{AlphaMode, Channels, ColorSpace, Picture, PixelFormat, SampleType};

/// DNGVersion: the first picture of such a file is a thumbnail.
const DNG_VERSION: Tag = Tag::Unknown(50706);
/// CR2's own directory.
const CANON_RAW: Tag = Tag::Unknown(0xc5d8);
/// Compression: JPEG before Technical Note 2.
const OLD_JPEG: u64 = 6;
/// Where such a file starts.
const JPEG_INTERCHANGE_FORMAT: Tag = Tag::Unknown(513);
/// NewSubfileType: a smaller version of another picture of the file.
const REDUCED: u64 = 1;
const MASK: u64 = 4;

pub(in crate::file) fn read(bytes: &[u8]) -> Result<Picture> {
    let tags = Directory::read(bytes)?;
    if is_raw_photograph(&tags)? {
        return Err(damaged(RAW));
    }
    frames::tell_of(1 + tags.others(bytes).filter(is_picture).count());
    let mut icc = tags.bytes(Tag::IccProfile)?.map(<[u8]>::to_vec);
    let orientation = orientation(&tags)?;
    let metadata = metadata(&tags)?;
    if let Some(file) = old_jpeg(&tags, bytes)? {
        return Found { icc, orientation, metadata, ..Found::default() }.apply(jpeg::read(file)?);
    }
    let layout = Layout::read(&tags, bytes)?;
    layout.check_claim()?;
    let meaning = Meaning::of(&layout, &mut icc)?;
    let space = if layout.is_float { ColorSpace::LinearSrgb } else { ColorSpace::Srgb };
    let mut picture = Picture::new(layout.width, layout.height, meaning.format, space)?;
    let row_bytes = layout.width as usize * meaning.format.bytes();
    let bands = picture.data_mut().par_chunks_mut(layout.chunk[1] as usize * row_bytes);
    let damage = OnceLock::new();
    bands.enumerate().try_for_each(|(down, rows)| {
        let band = fenced(|| Band::read(&layout, bytes, down, &damage))?;
        band.write(&meaning, rows.chunks_exact_mut(row_bytes))
    })?;
    if let Some(damage) = damage.get() {
        warning::say(format!("the file is damaged ({damage}): what cannot be read of it is white"));
    }
    Found { icc, orientation, metadata, ..Found::default() }.apply(picture)
}

/// Whether it is neither a reduced version nor a mask of another picture.
fn is_picture(tags: &Directory<'_>) -> bool {
    let kind = tags.number(Tag::NewSubfileType).ok().flatten().unwrap_or(0);
    kind & (REDUCED | MASK) == 0
}

/// As a number of 16 bits; other programs do not take others.
fn orientation(tags: &Directory<'_>) -> Result<Option<Orientation>> {
    let number = tags.number::<u64>(Tag::Orientation)?;
    let number = number.filter(|_| tags.kind(Tag::Orientation) == Some(SHORT));
    Ok(number.and_then(|number| Orientation::from_exif(u8::try_from(number).ok()?)))
}

/// The whole JPEG file that is the picture (TIFF 6.0, section 22); one in parts is not taken.
fn old_jpeg<'b>(tags: &Directory<'_>, bytes: &'b [u8]) -> Result<Option<&'b [u8]>> {
    let is_old = tags.number(Tag::Compression)? == Some(OLD_JPEG);
    if !is_old || tags.numbers(Tag::StripOffsets)?.len() != 1 {
        return Ok(None);
    }
    let begin = tags.number::<usize>(JPEG_INTERCHANGE_FORMAT)?;
    let file = begin.and_then(|begin| bytes.get(begin..));
    Ok(file.filter(|file| file.starts_with(b"\xff\xd8")))
}

/// The chunks between two heights.
struct Band<'a> {
    layout: &'a Layout,
    /// From left to right, those of the first plane first.
    chunks: Vec<Vec<u8>>,
}

impl<'a> Band<'a> {
    fn read(
        layout: &'a Layout,
        bytes: &[u8],
        down: usize,
        damage: &OnceLock<String>,
    ) -> Result<Self> {
        let (across, rows) = (layout.across(), layout.rows(down));
        let mut chunks = Vec::new();
        for plane in 0..layout.planes() {
            for right in 0..across {
                let index = (plane * layout.down() + down) * across + right;
                let mut chunk = unpacked(layout, bytes, index, rows, damage)?;
                if let Colors::YCbCr(shared) = layout.colors
                    && layout.shares_chrominance()
                {
                    chunk = spread(layout, shared, &chunk, rows)?;
                } else {
                    let rows = chunk.chunks_exact_mut(layout.row_bytes());
                    rows.into_iter().try_for_each(|row| undo_prediction(layout, row))?;
                }
                chunks.push(chunk);
            }
        }
        Ok(Self { layout, chunks })
    }

    fn write<'r>(&self, meaning: &Meaning, rows: impl Iterator<Item = &'r mut [u8]>) -> Result<()> {
        let layout = self.layout;
        let (width, samples) = (layout.width as usize, layout.samples);
        let (chunk_width, interleaved) = (layout.chunk[0] as usize, layout.interleaved());
        let mut pixels = vec![0.0; width * samples];
        let mut part = vec![0.0; chunk_width * interleaved];
        for (y, row) in rows.enumerate() {
            for (k, chunk) in self.chunks.iter().enumerate() {
                let (plane, right) = (k / layout.across(), k % layout.across());
                let stored = &chunk[y * layout.row_bytes()..][..layout.row_bytes()];
                numbers(layout, stored, &mut part);
                let left = right * chunk_width;
                let to = pixels[left * samples..].chunks_exact_mut(samples);
                for (to, from) in to.zip(part.chunks_exact(interleaved)) {
                    to[plane..plane + interleaved].copy_from_slice(from);
                }
            }
            meaning.write(&pixels, samples, row)?;
        }
        Ok(())
    }
}

/// Pixels that share chrominance, each with its own copy.
fn spread(layout: &Layout, [x, y]: [u32; 2], chunk: &[u8], rows: usize) -> Result<Vec<u8>> {
    if layout.bits != 8 || layout.samples != 3 || layout.is_planar {
        return Err(damaged("its chrominance is shared in no known way"));
    }
    let (x, y, width) = (x as usize, y as usize, layout.chunk[0] as usize);
    let mut pixels = vec![0; width * rows * 3];
    let across = width.div_ceil(x);
    for (k, unit) in chunk.chunks_exact(x * y + 2).enumerate() {
        let (left, top) = (k % across * x, k / across * y);
        for (at, &luma) in unit[..x * y].iter().enumerate() {
            let (column, row) = (left + at % x, top + at / x);
            if column < width && row < rows {
                let to = (row * width + column) * 3;
                pixels[to..to + 3].copy_from_slice(&[luma, unit[x * y], unit[x * y + 1]]);
            }
        }
    }
    Ok(pixels)
}

/// What becomes of a pixel's samples.
struct Meaning<'a> {
    layout: &'a Layout,
    format: PixelFormat,
    inks: Inks,
    /// Where alpha stands among the samples.
    alpha: Option<usize>,
}

impl<'a> Meaning<'a> {
    /// Inks take the profile, which then says nothing of the picture any more.
    fn of(layout: &'a Layout, icc: &mut Option<Vec<u8>>) -> Result<Self> {
        let colors = layout.colors.count();
        let is_gray = matches!(layout.colors, Colors::WhiteIsZero | Colors::BlackIsZero);
        let named = layout.extra.first().copied();
        // Some programs do not say what the fourth sample is.
        let is_unsaid = named.is_none() && layout.samples == 4 && colors == 3;
        let kind = if is_unsaid { Some(UNASSOCIATED_ALPHA) } else { named };
        let has_alpha =
            matches!(kind, Some(ASSOCIATED_ALPHA | UNASSOCIATED_ALPHA)) && layout.samples > colors;
        let channels = match (is_gray, has_alpha) {
            (true, false) => Channels::Gray,
            (true, true) => Channels::GrayAlpha,
            (false, false) => Channels::Rgb,
            (false, true) => Channels::Rgba,
        };
        let sample = match (layout.is_float, layout.bits) {
            (true, 16) => SampleType::F16,
            (true, _) | (false, 17..) => SampleType::F32,
            (false, 9..) => SampleType::U16,
            (false, _) => match &layout.colors {
                Colors::Palette(colors) if colors.iter().any(|&v| v > 255 && v % 257 != 0) => {
                    SampleType::U16
                }
                _ => SampleType::U8,
            },
        };
        let mut format = PixelFormat::new(channels, sample);
        if has_alpha && kind == Some(ASSOCIATED_ALPHA) {
            format.alpha = AlphaMode::Premultiplied;
        }
        let inks = match layout.colors {
            Colors::Cmyk => Inks::new(icc.take().as_deref()),
            _ => Inks::Ideal,
        };
        if let Colors::Palette(colors) = &layout.colors
            && (layout.bits > 16 || colors.len() < 3 << layout.bits)
        {
            return Err(damaged("its palette is too short"));
        }
        Ok(Self { layout, format, inks, alpha: has_alpha.then_some(colors) })
    }

    /// A row of the picture from a row of samples.
    fn write(&self, pixels: &[f32], samples: usize, row: &mut [u8]) -> Result<()> {
        let sample = self.format.sample;
        let size = sample.bytes();
        let put = |colors: &[f32], pixel: &[f32], to: &mut [u8]| {
            let alpha = self.alpha.map(|at| pixel[at]);
            let values = colors.iter().copied().chain(alpha);
            for (value, to) in values.zip(to.chunks_exact_mut(size)) {
                sample.write(value, to);
            }
        };
        let to = row.chunks_exact_mut(self.format.bytes());
        let pixels = pixels.chunks_exact(samples);
        if matches!(self.layout.colors, Colors::Cmyk) {
            let amounts: Vec<f32> = pixels.clone().flat_map(|pixel| &pixel[..4]).copied().collect();
            let mut srgb = vec![0.0; amounts.len() / 4 * 3];
            self.inks.to_srgb(&amounts, &mut srgb)?;
            for ((pixel, colors), to) in pixels.zip(srgb.chunks_exact(3)).zip(to) {
                put(colors, pixel, to);
            }
            return Ok(());
        }
        for (pixel, to) in pixels.zip(to) {
            match &self.layout.colors {
                Colors::BlackIsZero => put(&pixel[..1], pixel, to),
                Colors::WhiteIsZero => put(&[1.0 - pixel[0]], pixel, to),
                Colors::Palette(colors) => put(&self.looked_up(colors, pixel[0]), pixel, to),
                Colors::YCbCr(_) if !self.layout.is_rgb_already() => {
                    put(&rgb_of([pixel[0], pixel[1], pixel[2]]), pixel, to);
                }
                Colors::Lab { is_signed } => {
                    put(&self.srgb_of_lab([pixel[0], pixel[1], pixel[2]], *is_signed), pixel, to);
                }
                _ => put(&pixel[..3], pixel, to),
            }
        }
        Ok(())
    }

    fn looked_up(&self, colors: &[u16], number: f32) -> [f32; 3] {
        let count = 1_usize << self.layout.bits;
        let index = (f64::from(number) * (count - 1) as f64).round() as usize;
        // Some programs write 8 bits.
        let most = if colors.iter().all(|&v| v < 256) { 255.0 } else { 65535.0 };
        [0, 1, 2].map(|k| f32::from(colors[k * count + index.min(count - 1)]) / most)
    }

    /// CIE 1976 by D50, within what sRGB holds.
    fn srgb_of_lab(&self, [l, a, b]: [f32; 3], is_signed: bool) -> [f32; 3] {
        let opponent = |v: f32| {
            // Of 8 bits; those of 16 have a byte of fractions.
            let v = if self.layout.bits == 16 { v * 65535.0 / 256.0 } else { v * 255.0 };
            match is_signed {
                true if v >= 128.0 => v - 256.0,
                true => v,
                false => v - 128.0,
            }
        };
        lab::to_srgb([l, opponent(a), opponent(b)])
    }
}

/// Whether the first picture is a camera's thumbnail of what only other programs read.
fn is_raw_photograph(tags: &Directory<'_>) -> Result<bool> {
    let kind = tags.number::<u64>(Tag::NewSubfileType)?.unwrap_or(0);
    let is_reduced = kind & REDUCED != 0;
    Ok(tags.has(DNG_VERSION) || tags.has(CANON_RAW) || is_reduced && tags.has(Tag::SubIfd))
}
