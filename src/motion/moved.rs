//! A painting moved along the motion of a shot to where the next frame is.

use rayon::prelude::*;

use super::cubic::Cubic;
use super::seen::Seen;
use super::steady::{PaintedFrame, followed, is_explained};
use crate::color::{ColorMatch, Moments};
use crate::error::Result;
use crate::image::{Picture, PixelView};
use crate::job::Cancel;

/// The painting of the frame before, moved to where its parts are in `picture`, which has the same
/// colour space; where motion does not explain the picture, that itself in the painting's colours.
/// In encoded sRGB. `None` where the frames are of two shots or sizes.
pub(crate) fn moved(
    before: PaintedFrame<'_>,
    picture: PixelView<'_>,
    cancel: &Cancel,
) -> Result<Option<Picture>> {
    let size = |view: &PixelView<'_>| [view.width(), view.height()];
    if size(&before.picture) != size(&picture) {
        return Ok(None);
    }
    let [own, other, painting] =
        [picture, before.picture, before.painting].map(|view| Seen::of(view, before.color_space));
    let (own, other, painting) = (own?, other?, painting?);
    let (flow, weights) = followed(&own, (&own.brightness(), own.noise()), &other, cancel)?;
    if !is_explained(&weights) {
        return Ok(None);
    }
    let Seen { width, height, .. } = own;
    let cubic = Cubic { width, height, pixels: &painting.pixels };
    let mut colors = vec![[0.0; 3]; width * height];
    colors.par_iter_mut().enumerate().for_each(|(at, color)| {
        let place = |along: usize, by: f32| along as f32 + by;
        let (x, y) = (place(at % width, flow.x.values[at]), place(at / width, flow.y.values[at]));
        *color = visible(&cubic.at(x, y));
    });
    let weights = &weights.values;
    let seen = Moments::of(own.pixels.iter().map(visible), weights);
    let recolored = ColorMatch::new(&seen, &Moments::of(colors.iter().copied(), weights));
    colors.par_iter_mut().enumerate().for_each(|(at, color)| {
        let own = recolored.apply(visible(&own.pixels[at])).map(|v| v.clamp(0.0, 1.0));
        (0..3).for_each(|c| color[c] = own[c] + weights[at] * (color[c] - own[c]));
    });
    Picture::of_srgb([width as u32, height as u32], colors.into_iter()).map(Some)
}

fn visible([r, g, b, _]: &[f32; 4]) -> [f32; 3] {
    [*r, *g, *b]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::file;
    use crate::image::{Channels, ColorSpace, PixelFormat, SampleType};

    const SIZE: [u32; 2] = [120, 90];

    /// A part of a photograph, or what stands for its painting: the colours turned.
    fn part(left: u32, top: u32, is_painting: bool) -> Picture {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/photo.png");
        let photo = file::read(&path).unwrap();
        let mut colors = Vec::new();
        let mut row = vec![[0.0; 4]; SIZE[0] as usize];
        for y in 0..SIZE[1] {
            photo.view().read_row(top + y, left, &mut row);
            colors.extend(row.iter().map(|&[r, g, b, _]| match is_painting {
                true => [0.2 + 0.5 * b, 0.1 + 0.6 * r, 0.9 - 0.5 * g],
                false => [r, g, b],
            }));
        }
        Picture::of_srgb(SIZE, colors.into_iter()).unwrap()
    }

    fn pixels(picture: &Picture) -> Vec<[f32; 4]> {
        let mut pixels = vec![[0.0; 4]; (SIZE[0] * SIZE[1]) as usize];
        for (y, row) in pixels.chunks_exact_mut(SIZE[0] as usize).enumerate() {
            picture.view().read_row(y as u32, 0, row);
        }
        pixels
    }

    #[test]
    fn a_painting_goes_along_and_is_continued_in_its_colours() {
        let [before, painting] = [false, true].map(|is_painting| part(200, 100, is_painting));
        let (now, expected) = (part(212, 100, false), part(212, 100, true));
        let before = PaintedFrame {
            picture: before.view(),
            painting: painting.view(),
            color_space: &ColorSpace::Srgb,
        };
        let found = moved(before, now.view(), &Cancel::new()).unwrap().unwrap();
        let (found, expected) = (pixels(&found), pixels(&expected));
        for (k, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let x = k as u32 % SIZE[0];
            let off = (0..3).map(|c| (found[c] - expected[c]).abs()).fold(0.0, f32::max);
            assert!(off < 0.25, "{x}: {found:?} {expected:?}");
        }
        let mean = |of: &[[f32; 4]]| of.iter().map(|pixel| pixel[0]).sum::<f32>();
        assert!((mean(&found) / mean(&expected) - 1.0).abs() < 0.02);
    }

    #[test]
    fn another_shot_or_size_has_nothing_from_before() {
        let [before, painting] = [false, true].map(|is_painting| part(200, 100, is_painting));
        let before = PaintedFrame {
            picture: before.view(),
            painting: painting.view(),
            color_space: &ColorSpace::Srgb,
        };
        let format = PixelFormat::new(Channels::Rgb, SampleType::F32);
        let smaller = Picture::new(60, 90, format, ColorSpace::Srgb).unwrap();
        for other in [part(20, 300, false), smaller] {
            assert!(moved(before, other.view(), &Cancel::new()).unwrap().is_none());
        }
    }
}
