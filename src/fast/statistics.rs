//! What the whole picture has in common: the statistics of the network's features, and of colours.

use rayon::ThreadPool;

use super::faces::Faces;
use super::network::SIZE_MULTIPLE;
use super::sheet::Sheet;
use super::tiles::{MARGIN, Painter};
use super::turbulence::Turbulence;
use crate::canvas::{Region, planes};
use crate::color::{ColorMatch, Conversion, Moments, Thumbnail};
use crate::error::Result;
use crate::image::PixelView;
use crate::job::Cancel;

/// The area of the thumbnail in pixels. With half the picture's sides the look is much the whole
/// picture's, and this is a fifth of the work at a megapixel.
const THUMBNAIL_PIXELS: f64 = 448.0 * 448.0;

/// The least side of what the networks get: features need a few pixels at an eighth of the size.
const LEAST_SIDE: usize = 32;

/// Three planes of encoded sRGB.
pub(super) struct StatisticsInput {
    pub planes: Vec<f32>,
    pub width: usize,
    pub height: usize,
}

/// The picture whose statistics stand for those of a canvas, with colours under what is
/// transparent.
pub(super) fn thumbnail(
    picture: PixelView<'_>,
    conversion: &Conversion,
    canvas: [u32; 2],
    pool: &ThreadPool,
    cancel: &Cancel,
) -> Result<Thumbnail> {
    small(picture, conversion, thumbnail_size(canvas), pool, cancel)
}

/// The picture at the size of a canvas that is small enough to hold as floats, with colours under
/// what is transparent.
pub(super) fn small(
    picture: PixelView<'_>,
    conversion: &Conversion,
    [width, height]: [u32; 2],
    pool: &ThreadPool,
    cancel: &Cancel,
) -> Result<Thumbnail> {
    let mut thumbnail =
        pool.install(|| Thumbnail::of(picture, conversion, width, height, cancel))?;
    thumbnail.fill_transparent()?;
    let (width, height) = (width as usize, height as usize);
    if thumbnail.width < width || thumbnail.height < height {
        // Of a picture that is smaller than its canvas: strokes are looked for at their size.
        thumbnail = pool.install(|| {
            thumbnail.enlarged(width.max(thumbnail.width), height.max(thumbnail.height))
        })?;
    }
    Ok(thumbnail)
}

/// What is measured of what the network sees: at most as much as of a thumbnail, and a share of its
/// pixels.
pub(super) fn measured(seen: &Sheet, share: f64, pool: &ThreadPool) -> Result<Sheet> {
    let pixels = f64::from(seen.size[0]) * f64::from(seen.size[1]);
    let size = Thumbnail::size_within(pixels.min(THUMBNAIL_PIXELS) * share, seen.size);
    pool.install(|| seen.resized(size))
}

/// Within [`THUMBNAIL_PIXELS`], continued to [`LEAST_SIDE`].
pub(super) fn thumbnail_size(canvas: [u32; 2]) -> [u32; 2] {
    let longest = (THUMBNAIL_PIXELS / LEAST_SIDE as f64) as u32;
    Thumbnail::size_within(THUMBNAIL_PIXELS, canvas).map(|side| side.min(longest))
}

/// What the network sees with its turbulence, and `margin` pixels of the mirror image around it.
pub(super) fn input(
    seen: &Sheet,
    margin: usize,
    turbulence: Turbulence,
    faces: Option<&Faces>,
    pool: &ThreadPool,
) -> Result<StatisticsInput> {
    pool.install(|| {
        let mut input = mirrored(seen, margin, SIZE_MULTIPLE as usize)?;
        let start = -(margin as i64);
        let all = from(start, [input.width, input.height]);
        let kept = Faces::kept(faces, seen.size, &all)?;
        turbulence.add(&mut input.planes, input.width, start, start, kept.as_deref())?;
        Ok(input)
    })
}

/// The region of so many pixels from (`start`, `start`) on.
fn from(start: i64, [width, height]: [usize; 2]) -> Region {
    Region { x: start..start + width as i64, y: start..start + height as i64 }
}

/// A sheet as planes with a margin, continued by its mirror image up to sides that the networks
/// take.
pub(super) fn mirrored(sheet: &Sheet, margin: usize, multiple: usize) -> Result<StatisticsInput> {
    let side =
        |length: u32| (length as usize + 2 * margin).max(LEAST_SIDE).next_multiple_of(multiple);
    let [width, height] = sheet.size.map(side);
    let all = from(-(margin as i64), [width, height]);
    let planes = planes(&sheet.pixels(&all)?)?;
    Ok(StatisticsInput { planes, width, height })
}

/// The map to the colours of the thumbnail from those of what the network sees of it, painted by
/// `painter` with a margin as every picture is.
pub(super) fn color_match(
    thumbnail: &Thumbnail,
    seen: &Sheet,
    turbulence: Turbulence,
    faces: Option<&Faces>,
    painter: &mut dyn Painter,
    pool: &ThreadPool,
    cancel: &Cancel,
) -> Result<ColorMatch> {
    let input = input(seen, MARGIN as usize, turbulence, faces, pool)?;
    let all = from(-i64::from(MARGIN), [input.width, input.height]);
    let inner = seen.whole();
    let painted = painter.run(&input.planes, &all, &inner, cancel)?;
    let Thumbnail { colors, alphas, .. } = thumbnail;
    let to = Moments::of(colors.iter().copied(), alphas);
    Ok(ColorMatch::of_painting(painted.iter().map(|color| color.0), alphas, &to))
}
