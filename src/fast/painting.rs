//! A painting by the fast method: coarse layers whole, then the finest one tile by tile, each with
//! statistics from a small version of what the network sees.

use std::sync::Arc;
use std::time::Instant;

use super::folded::Folded;
use super::layers::Layer;
use super::look::Look;
use super::method::{FastMethod, Measured};
use super::options::FastOptions;
use super::sheet::Sheet;
use super::style::Style;
use super::tiles::{Below, Painting};
use super::turbulence::Turbulence;
use super::underpainting::{self, Ground, Underpainting};
use crate::canvas::{Canvas, Finish, KeepColor, Source};
use crate::error::Result;
use crate::ladder::Ladder;
use crate::method::{Method, Work};
use crate::report::Report;

/// Part of the whole work that is done when the statistics are.
const STATISTICS_FRACTION: f32 = 0.25;

/// The fast method with a style, its options, and a look, which is the picture's own if none is
/// given.
pub(crate) struct FastPainting<'p> {
    pub method: &'p FastMethod,
    pub style: &'p Style,
    pub options: &'p FastOptions,
    pub look: Option<&'p Look>,
    /// What stands for the coarsest layer of paint, of the picture after its levels.
    pub composition: Option<Arc<Sheet>>,
}

impl Method for FastPainting<'_> {
    fn paint(
        &self,
        canvas: Canvas<'_, '_>,
        work: Work<'_>,
        ladder: &mut Ladder<'_>,
    ) -> Result<Report> {
        let started = Instant::now();
        let Self { method, style, options, look, .. } = *self;
        let (job, pool) = (work.job, method.pool());
        let conversion = canvas.check()?;
        method.check_style(style)?;
        look.map_or(Ok(()), |look| method.check_look(look))?;
        job.step("Looking at the picture", 0.0)?;
        let picture = [canvas.input.width(), canvas.input.height()];
        let is_composed = self.composition.is_some();
        let layers = options.layering(picture, work.picture_scale, is_composed);
        let layers = if work.is_draft { layers.of_a_draft(picture) } else { layers };
        let under = Underpainting {
            method,
            style,
            picture: canvas.input,
            conversion: &conversion,
            look,
            composition: self.composition.clone(),
            plain_areas: work.finishing.plain_areas,
            keep_faces: options.keep_faces,
            seed: work.seed,
            job,
        };
        let Ground { overview, faces, seen, below, .. } = under.ground(&layers, ladder)?;
        let layer = &layers.finest;
        let Layer { canvas: size, turbulence, .. } = *layer;
        let turbulence = Turbulence::new(turbulence, work.seed);
        let cancel = job.cancel;
        let faces = faces.as_ref();
        let measured = Measured { seen: &seen, style, layer, turbulence, faces, cancel };
        let source = Source::new(&canvas, &conversion, &overview);
        let below = below.as_ref().map(|sheet| Below { sheet, share: layers.share });
        let painting = Painting::new(&source, size, below, faces, turbulence, pool);
        let room = painting.room();
        let part = painting.part_for(&pool.install(|| canvas.covered()));
        let Canvas { mask, output, .. } = canvas;
        let first_fraction = match below {
            Some(_) => underpainting::FRACTION + STATISTICS_FRACTION,
            None => STATISTICS_FRACTION,
        };
        let mut own: Option<Vec<f32>> = None;
        let mut report = Report::new("fast", ladder.device(), picture);
        ladder.climb(|attempt| {
            let wanted = attempt.device.clone();
            let affine = match (look, &mut own) {
                (Some(look), _) => look.of_layer(layers.left_out),
                (None, Some(own)) => own,
                (None, none) => {
                    none.insert(method.affine(measured, &wanted, &mut attempt.device)?)
                }
            };
            let mut painter = Folded::new(method, affine, &wanted)?;
            attempt.device = painter.device().clone();
            let color_match = match work.finishing.keep_color {
                KeepColor::Match => match look.and_then(|look| look.color_match.clone()) {
                    None => {
                        Some(method.color_match(measured, &overview.thumbnail, &mut painter)?)
                    }
                    known => known,
                },
                _ => None,
            };
            let finish = Finish::new(&source, mask, work.finishing.clone(), color_match);
            report.device = painter.device().clone();
            report.notes = painter.fallback().map(str::to_owned).into_iter().collect();
            report.seconds.statistics = started.elapsed();
            let tiles = room.tiles_of(part.clone(), attempt.memory);
            attempt.memory = attempt.memory.min(room.bytes_of(&tiles));
            attempt.can_be_smaller = true;
            room.ensure(&tiles)?;
            report.tiles = tiles.len();
            painting.leave(&part, &finish, output, job.cancel)?;
            report.seconds.network =
                painting.write(&tiles, &mut painter, &finish, output, first_fraction, job)?;
            Ok(())
        })?;
        Ok(report)
    }
}
