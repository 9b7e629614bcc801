//! The pictures of an optimisation at the sizes at which they are looked at.

use rayon::prelude::*;

use super::planes::Planes;
use super::schedule::{Frame, Scale, continued};
use super::style_statistics::StyleStatistics;
use crate::canvas::{Color, Region, Source, interleaved, mirrored};
use crate::color::{ColorMatch, Conversion, Moments, Thumbnail};
use crate::error::{Error, ErrorKind, Result};
use crate::hash::split_mix;
use crate::image::Picture;
use crate::job::Cancel;
use crate::memory;

/// One of the styles that are painted in, and where it counts.
#[derive(Clone, Copy)]
pub struct StylePart<'a> {
    /// The style.
    pub source: StyleSource<'a>,
    /// Its weight among the styles, above 0.
    pub weight: f32,
    /// Where the painting takes this style: luminance times alpha of a picture of any size, which
    /// is scaled to fit. Styles without a mask are taken everywhere, together.
    pub mask: Option<&'a Picture>,
}

/// What the optimise method takes for a style.
#[derive(Clone, Copy)]
pub enum StyleSource<'a> {
    /// A picture.
    Picture {
        /// The picture. Its alpha says which of its pixels count.
        picture: &'a Picture,
        /// Which part of it counts: luminance times alpha of a picture of any size, which is
        /// scaled to fit.
        region: Option<&'a Picture>,
    },
    /// What was measured of a picture.
    Statistics(&'a StyleStatistics),
}

impl StylePart<'_> {
    pub(super) fn is_picture(&self) -> bool {
        matches!(self.source, StyleSource::Picture { .. })
    }
}

impl<'a> From<StyleSource<'a>> for StylePart<'a> {
    /// A style that counts wholly and everywhere.
    fn from(source: StyleSource<'a>) -> Self {
        Self { source, weight: 1.0, mask: None }
    }
}

impl<'a> From<&'a Picture> for StylePart<'a> {
    /// A picture that counts wholly and everywhere.
    fn from(picture: &'a Picture) -> Self {
        StyleSource::Picture { picture, region: None }.into()
    }
}

impl<'a> From<&'a StyleStatistics> for StylePart<'a> {
    /// A style that counts wholly and everywhere.
    fn from(statistics: &'a StyleStatistics) -> Self {
        StyleSource::Statistics(statistics).into()
    }
}

/// The photograph at a size, with its margin.
pub(super) fn content(source: &Source<'_>, multiple: u32, scale: &Scale) -> Result<Planes> {
    let size = [source.picture.width(), source.picture.height()];
    let frame = Frame::new(size, multiple);
    at_scale(source.pixels(&framed(&frame))?, &frame, scale)
}

/// What a frame shows, at a size.
fn at_scale(colors: Vec<Color>, frame: &Frame, scale: &Scale) -> Result<Planes> {
    let whole = Planes::of_colors(&colors, frame.width as usize, frame.height as usize)?;
    drop(colors);
    whole.into_resized(scale.width as usize, scale.height as usize)
}

/// What a frame shows, in the picture's pixels.
fn framed(Frame { margin, width, height }: &Frame) -> Region {
    let along = |length: u32, axis: usize| {
        -i64::from(margin[axis])..i64::from(length) - i64::from(margin[axis])
    };
    Region { x: along(*width, 0), y: along(*height, 1) }
}

/// A picture to start from where the photograph is, over black and seen through its levels.
pub(super) fn start(
    picture: &Picture,
    photograph: &Source<'_>,
    multiple: u32,
    scale: &Scale,
    cancel: &Cancel,
) -> Result<Planes> {
    let levels = &photograph.overview.levels;
    let conversion = Conversion::new(picture.color_space())?;
    let seen = Thumbnail::of(picture.view(), &conversion, u32::MAX, u32::MAX, cancel)?;
    let over_black = seen.colors.iter().zip(&seen.alphas);
    let over_black =
        over_black.map(|(color, alpha)| Color::new(levels.apply(color.map(|v| v * alpha))));
    let colors = memory::collected(over_black, "the picture to start from")?;
    let size = [photograph.picture.width(), photograph.picture.height()];
    let frame = Frame::new(size, multiple);
    let fitted = Planes::of_colors(&colors, seen.width, seen.height)?
        .into_resized(size[0] as usize, size[1] as usize)?;
    at_scale(mirrored(&interleaved(&fitted.values)?, size, &framed(&frame))?, &frame, scale)
}

/// Noise (uniform in 0 to 1) that depends on the seed alone.
pub(super) fn noise(seed: u64, scale: &Scale) -> Result<Planes> {
    let (width, height) = (scale.width as usize, scale.height as usize);
    let mut values = memory::filled(0.0, 3 * width * height, "noise to start from")?;
    values.par_iter_mut().enumerate().for_each(|(at, value)| {
        let bits = split_mix(split_mix(seed) ^ at as u64);
        *value = (bits >> 40) as f32 / (1_u64 << 24) as f32;
    });
    Ok(Planes { width, height, values })
}

/// The styles' masks on a photograph of `picture` pixels at a size, one for each group of styles;
/// none where all styles are taken everywhere. The second list says which group a style is of.
pub(super) fn masks(
    styles: &[StylePart<'_>],
    picture: [u32; 2],
    multiple: u32,
    scale: &Scale,
) -> Result<(Vec<Vec<f32>>, Vec<usize>)> {
    if styles.iter().all(|style| style.mask.is_none()) {
        return Ok((Vec::new(), vec![0; styles.len()]));
    }
    let frame = Frame::new(picture, multiple);
    let (width, height) = (frame.width as usize, frame.height as usize);
    let region = framed(&frame);
    let count = scale.width as usize * scale.height as usize;
    let mut masks: Vec<Vec<f32>> = Vec::new();
    let mut everywhere = None;
    let mut groups = Vec::new();
    for style in styles {
        let Some(mask) = style.mask else {
            groups.push(*everywhere.get_or_insert_with(|| {
                masks.push(Vec::new());
                masks.len() - 1
            }));
            continue;
        };
        let cover = mask.mask(picture[0], picture[1])?;
        let values = gray(&cover)?;
        let framed = mirrored(&values, picture, &region)?;
        let mut values = memory::reserved(3 * framed.len(), "a style mask with its margin")?;
        for _ in 0..3 {
            values.extend_from_slice(&framed);
        }
        let plane = Planes { width, height, values };
        let mut scaled = plane.into_resized(scale.width as usize, scale.height as usize)?.values;
        scaled.truncate(count);
        let covered: f64 = scaled.iter().map(|&v| f64::from(v)).sum();
        // Less than one of the deepest features would be divided by nothing.
        if covered < f64::from(multiple * multiple) {
            let what = format!(
                "cannot paint with a style mask that covers {covered:.1} of {}x{} pixels: give \
                 one with more white, or leave it out",
                scale.width, scale.height
            );
            return Err(Error::new(ErrorKind::Argument, what));
        }
        masks.push(scaled);
        groups.push(masks.len() - 1);
    }
    if let Some(everywhere) = everywhere {
        masks[everywhere] = memory::filled(1.0, count, "a style mask")?;
    }
    Ok((masks, groups))
}

/// What style pictures have in common when they are looked at.
pub(super) struct Looking<'a> {
    /// Pixels of the photograph at this size, by the style scale: a style picture has at most as
    /// many.
    pub pixels: f64,
    pub multiple: u32,
    /// Colours that all styles are given.
    pub colors: Option<&'a Moments>,
    pub cancel: &'a Cancel,
}

impl Looking<'_> {
    /// A style picture, reduced, and which of its pixels count: all where none are named.
    pub fn at(
        &self,
        picture: &Picture,
        region: Option<&Picture>,
    ) -> Result<(Planes, Option<Vec<f32>>)> {
        let conversion = Conversion::new(picture.color_space())?;
        let [width, height] = Thumbnail::size_within(self.pixels, picture.square_size());
        let mut seen = Thumbnail::of(picture.view(), &conversion, width, height, self.cancel)?;
        let mut counted = match seen.is_opaque() {
            true => None,
            false => Some(memory::copied(&seen.alphas, "the alpha of a style")?),
        };
        if let Some(mask) = region {
            let cover = gray(&mask.mask(seen.width as u32, seen.height as u32)?)?;
            let mut alphas = match counted {
                Some(alphas) => alphas,
                None => memory::filled(1.0, cover.len(), "a style region")?,
            };
            alphas.iter_mut().zip(&cover).for_each(|(alpha, cover)| *alpha *= cover);
            counted = Some(alphas);
        }
        seen.fill_transparent()?;
        if let Some(to) = self.colors {
            let mut from = Moments::default();
            for (at, &color) in seen.colors.iter().enumerate() {
                from.add(color, counted.as_ref().map_or(1.0, |counted| counted[at]));
            }
            let matching = ColorMatch::new(&from, to);
            seen.colors.iter_mut().for_each(|color| *color = matching.apply(*color));
        }
        let size = [seen.width as u32, seen.height as u32];
        let to = continued(size, self.multiple);
        let whole = Region { x: 0..i64::from(to[0]), y: 0..i64::from(to[1]) };
        let colors = seen.colors.iter().map(|&color| Color::new(color));
        let colors = memory::collected(colors, "a style picture")?;
        let [width, height] = to.map(|side| side as usize);
        let image = Planes::of_colors(&mirrored(&colors, size, &whole)?, width, height)?;
        let counted = counted.map(|counted| mirrored(&counted, size, &whole)).transpose()?;
        Ok((image, counted))
    }
}

/// The values of a mask of [`Picture::mask`].
fn gray(mask: &Picture) -> Result<Vec<f32>> {
    let values = mask.data().chunks_exact(4);
    memory::collected(values.map(|b| f32::from_ne_bytes([b[0], b[1], b[2], b[3]])), "a mask")
}
