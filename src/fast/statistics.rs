//! What the whole picture has in common: the statistics of the network's features, and of colours.

use rayon::ThreadPool;

use super::network::{SIZE_MULTIPLE, from_phases};
use super::options::FastOptions;
use super::source::Region;
use super::turbulence::Turbulence;
use crate::color::{ColorMatch, Moments, Thumbnail};
use crate::error::Result;
use crate::job::Cancel;
use crate::runtime::{Input, Session};

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

/// The size of the picture whose statistics stand for the canvas's.
pub(super) fn thumbnail_size(canvas: [u32; 2]) -> [u32; 2] {
    let area = f64::from(canvas[0]) * f64::from(canvas[1]);
    let shrink = (THUMBNAIL_PIXELS / area).sqrt().min(1.0);
    canvas.map(|side| ((f64::from(side) * shrink).round() as u32).max(1))
}

/// The thumbnail with its turbulence.
pub(super) fn input(
    thumbnail: &Thumbnail,
    options: &FastOptions,
    pool: &ThreadPool,
) -> StatisticsInput {
    let mut input = mirrored(thumbnail, SIZE_MULTIPLE as usize);
    let turbulence = Turbulence::new(options.turbulence, options.seed);
    pool.install(|| turbulence.add(&mut input.planes, input.width, 0, 0));
    input
}

/// The thumbnail's colours as planes, continued by its mirror image up to sides that the networks
/// take.
pub(super) fn mirrored(thumbnail: &Thumbnail, multiple: usize) -> StatisticsInput {
    let side = |length: usize| length.max(LEAST_SIDE).next_multiple_of(multiple);
    let (width, height) = (side(thumbnail.width), side(thumbnail.height));
    let mut planes = vec![0.0; 3 * width * height];
    for channel in 0..3 {
        for y in 0..height {
            for x in 0..width {
                let from =
                    bounce(y, thumbnail.height) * thumbnail.width + bounce(x, thumbnail.width);
                planes[(channel * height + y) * width + x] = thumbnail.colors[from][channel];
            }
        }
    }
    StatisticsInput { planes, width, height }
}

fn bounce(at: usize, length: usize) -> usize {
    let period = (2 * length - 2).max(1);
    let at = at % period;
    if at < length { at } else { period - at }
}

/// The map from the colours of the thumbnail, painted by `session`, to its own.
pub(super) fn color_match(
    thumbnail: &Thumbnail,
    input: &StatisticsInput,
    session: &mut Session,
    cancel: &Cancel,
) -> Result<ColorMatch> {
    let seen = Region { x: 0..input.width as i64, y: 0..input.height as i64 };
    let inner = Region { x: 0..thumbnail.width as i64, y: 0..thumbnail.height as i64 };
    let shape = [1, 3, input.height as i64, input.width as i64];
    let image = Input { name: "image", shape: &shape, values: &input.planes };
    let painted = session.run(&[image], cancel, |outputs| {
        let (_, values) = outputs.floats("phases")?;
        let cells = [input.height / 2 + 3, input.width / 2 + 3];
        Ok(from_phases(values, cells, &seen, &inner))
    })?;
    let (mut from, mut to) = (Moments::default(), Moments::default());
    for ((painted, &original), &alpha) in
        painted.iter().zip(&thumbnail.colors).zip(&thumbnail.alphas)
    {
        from.add(painted.0, alpha);
        to.add(original, alpha);
    }
    let mut matching = ColorMatch::new(&from, &to);
    // Clamping to 0..1 moves the mean of strong colours; a few steps bring it back.
    for _ in 0..4 {
        let mut matched = Moments::default();
        for (painted, &alpha) in painted.iter().zip(&thumbnail.alphas) {
            matched.add(matching.apply(painted.0), alpha);
        }
        matching.shift(&matched, &to);
    }
    Ok(matching)
}
