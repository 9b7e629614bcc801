//! A small painting of another method, with the finer marks of the network.
//!
//! The network paints over the enlarged painting, and nothing else: details of the photograph would
//! stand beside forms that the painting moved. Its strokes are kept, and the tones of the painting.

use super::folded::Folded;
use super::layers::Layer;
use super::means::widened;
use super::method::{FastMethod, Measured};
use super::sheet::Sheet;
use super::statistics;
use super::style::Style;
use super::tiles::{MARGIN, Painter, Room, exactly, seen_by};
use super::tones;
use super::turbulence::Turbulence;
use crate::canvas::{Color, Finish, Painted, SmallPainting, planes};
use crate::error::Result;
use crate::image::PixelViewMut;
use crate::ladder::Ladder;
use crate::method::Enlarge;
use crate::observer::Job;
use crate::report::Report;
use crate::tile::Tile;

const PHASE: &str = "Painting finer marks";

/// How strong the network is told to paint, from -1 to 1: the forms and colours are there already.
const STRENGTH: f32 = -0.8;

/// How far a painting is enlarged at once: in what is more blurred, strokes find nothing to follow,
/// and a weave shows.
const MOST_AT_ONCE: f64 = 2.0;

/// The deviation of the means that stay the painting's, in its pixels: forms and their contrast,
/// without the specks that an optimisation leaves from one pixel to the next.
const TONES: f64 = 1.5;

/// Enlarges with the fast method's network, in a style.
pub(crate) struct NetworkEnlarger<'p> {
    pub method: &'p FastMethod,
    pub style: &'p Style,
}

impl Enlarge for NetworkEnlarger<'_> {
    fn write(
        &self,
        painting: &SmallPainting,
        finish: &Finish<'_>,
        output: &mut PixelViewMut<'_>,
        job: Job<'_>,
        ladder: &mut Ladder<'_>,
        report: &mut Report,
    ) -> Result<()> {
        job.step(PHASE, 0.0)?;
        let picture = [output.width(), output.height()];
        let method = self.method;
        let between = canvases_between(painting.scale(picture), picture);
        let canvases: Vec<_> = between.into_iter().chain([picture]).collect();
        let all: f64 = canvases.iter().copied().map(pixels).sum();
        let mut last = 0.0;
        let mut larger: Option<SmallPainting> = None;
        for (number, &canvas) in canvases.iter().enumerate() {
            let first = last;
            last += pixels(canvas) / all;
            let below = larger.as_ref().unwrap_or(painting);
            let affine = self.affine(below, canvas, job, ladder)?;
            let layer = FinerLayer { method, affine: &affine, canvas, first, last, job };
            if number + 1 == canvases.len() {
                layer.paint(below, ladder, report, |tile, colors| {
                    let (columns, rows) = (tile.x.start..tile.x.end, tile.y.start..tile.y.end);
                    let painted = Painted { columns, rows, colors, coarse: None };
                    method.pool().install(|| finish.write(&painted, output, job.cancel))
                })?;
                break;
            }
            let mut sheet = Sheet::new(canvas)?;
            layer.paint(below, ladder, report, |tile, colors| {
                sheet.put(&exactly(tile), &colors);
                Ok(())
            })?;
            larger = Some(SmallPainting::unframed(sheet.size, sheet.colors));
        }
        job.step(PHASE, 1.0)
    }
}

impl NetworkEnlarger<'_> {
    /// The normalisation of a layer over a painting, the same for all its tiles. Each layer has its
    /// own: one that was measured of what is more blurred would exaggerate.
    fn affine(
        &self,
        painting: &SmallPainting,
        canvas: [u32; 2],
        job: Job<'_>,
        ladder: &mut Ladder<'_>,
    ) -> Result<Vec<f32>> {
        let Self { method, style } = *self;
        let size = statistics::thumbnail_size(canvas);
        let colors = method.pool().install(|| painting.resized(size))?;
        let seen = Sheet { size, colors };
        let controls = [STRENGTH, 0.0];
        let layer = Layer { canvas, controls, turbulence: 0.0, measured: 1.0 };
        ladder.climb(|attempt| {
            let measured = Measured {
                seen: &seen,
                style,
                layer: &layer,
                turbulence: Turbulence::new(0.0, 0),
                faces: None,
                cancel: job.cancel,
            };
            let wanted = attempt.device.clone();
            method.affine(measured, &wanted, &mut attempt.device)
        })
    }
}

/// One of the layers that make a painting larger.
struct FinerLayer<'l> {
    method: &'l FastMethod,
    affine: &'l [f32],
    canvas: [u32; 2],
    /// The fractions of the work that are done before and after it.
    first: f64,
    last: f64,
    job: Job<'l>,
}

impl FinerLayer<'_> {
    /// Paints over the painting at the size of the canvas; `take` gets each tile.
    fn paint(
        &self,
        painting: &SmallPainting,
        ladder: &mut Ladder<'_>,
        report: &mut Report,
        mut take: impl FnMut(Tile, Vec<Color>) -> Result<()>,
    ) -> Result<()> {
        let room = Room::new(self.canvas, MARGIN).with_around(tones::REACH);
        ladder.climb(|attempt| {
            let mut painter = Folded::new(self.method, self.affine, &attempt.device.clone())?;
            attempt.device = painter.device().clone();
            let fallback =
                painter.fallback().filter(|note| !report.notes.iter().any(|n| n == note));
            report.notes.extend(fallback.map(str::to_owned));
            let tiles = room.tiles(attempt.memory);
            attempt.memory = attempt.memory.min(room.bytes_of(&tiles));
            attempt.can_be_smaller = true;
            room.ensure(&tiles)?;
            for (k, &tile) in tiles.iter().enumerate() {
                let done = (self.last - self.first) * k as f64 / tiles.len() as f64;
                self.job.step(PHASE, (self.first + done) as f32)?;
                take(tile, self.tile(painting, tile, &mut painter)?)?;
            }
            Ok(())
        })
    }

    fn tile(
        &self,
        painting: &SmallPainting,
        tile: Tile,
        painter: &mut dyn Painter,
    ) -> Result<Vec<Color>> {
        let pool = self.method.pool();
        let (seen, inner) = (seen_by(tile), exactly(tile));
        let under = pool.install(|| painting.pixels_on(self.canvas, &seen))?;
        let input = pool.install(|| planes(&under))?;
        let wide = widened(&inner, i64::from(tones::REACH), &seen);
        let scale = painting.scale(self.canvas);
        let deviation = (TONES / scale[0].min(scale[1])) as f32;
        let painted = painter.run(&input, &seen, &wide, self.job.cancel)?;
        drop(input);
        pool.install(|| tones::kept_in((&painted, &wide), (&under, &seen), &inner, deviation))
    }
}

/// The canvases between a painting and its picture, of which it has `scale` pixels for each.
fn canvases_between(scale: [f64; 2], picture: [u32; 2]) -> Vec<[u32; 2]> {
    let times = 1.0 / scale[0].max(scale[1]);
    // A margin's rounding is no reason for another layer.
    let layers = (times.ln() / MOST_AT_ONCE.ln() - 0.05).ceil().max(1.0) as u32;
    let side = |side: u32, layer: u32| {
        let larger = times.powf(f64::from(layers - layer) / f64::from(layers));
        ((f64::from(side) / larger).round() as u32).max(1)
    };
    (1..layers).map(|layer| picture.map(|length| side(length, layer))).collect()
}

fn pixels([width, height]: [u32; 2]) -> f64 {
    f64::from(width) * f64::from(height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_enlargements_go_by_several_layers() {
        assert!(canvases_between([0.5, 0.5], [1000, 800]).is_empty());
        assert!(canvases_between([0.49, 0.5], [1000, 800]).is_empty());
        assert_eq!(canvases_between([1.0 / 8.0; 2], [8000, 800]), [[2000, 200], [4000, 400]]);
        assert_eq!(canvases_between([1.0 / 4.0; 2], [6400, 1]), [[3200, 1]]);
    }
}
