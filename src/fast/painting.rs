//! A painting by the fast method: statistics from a thumbnail, then the network tile by tile.

use std::time::Instant;

use rayon::ThreadPool;

use super::look::Look;
use super::method::{FastMethod, Measured};
use super::network::pixels;
use super::options::FastOptions;
use super::statistics;
use super::style::Style;
use super::tiles::{Painter, Painting};
use super::turbulence::Turbulence;
use crate::canvas::{Canvas, Color, Finish, KeepColor, Region, Source};
use crate::error::Result;
use crate::job::Cancel;
use crate::ladder::Ladder;
use crate::method::{Method, Work};
use crate::report::Report;
use crate::runtime::{Input, Session};

/// Part of the whole work that is done when the statistics are.
const STATISTICS_FRACTION: f32 = 0.25;

/// The fast method with a style, its options, and a look, which is the picture's own if none is
/// given.
pub(crate) struct FastPainting<'p> {
    pub method: &'p FastMethod,
    pub style: &'p Style,
    pub options: &'p FastOptions,
    pub look: Option<&'p Look>,
}

impl Method for FastPainting<'_> {
    fn paint(
        &self,
        canvas: Canvas<'_, '_>,
        work: Work<'_>,
        ladder: &mut Ladder<'_>,
    ) -> Result<Report> {
        let started = Instant::now();
        let Self { method, style, options, look } = *self;
        let (job, pool) = (work.job, method.pool());
        let conversion = canvas.check()?;
        method.check_style(style)?;
        look.map_or(Ok(()), |look| method.check_look(look))?;
        job.step("Looking at the picture", 0.0)?;
        let picture = [canvas.input.width(), canvas.input.height()];
        let size = options.canvas(picture, work.picture_scale);
        let thumbnail = statistics::thumbnail(canvas.input, &conversion, size, pool, job.cancel)?;
        let turbulence = Turbulence::new(options.turbulence, work.seed);
        let cancel = job.cancel;
        let measured = Measured { thumbnail: &thumbnail, style, options, turbulence, cancel };
        let source = Source::new(&canvas, &conversion, &thumbnail);
        let painting = Painting::new(&source, size, turbulence, pool);
        let Canvas { mask, output, .. } = canvas;
        let mut own = None;
        let mut report = Report::new("fast", ladder.device(), picture);
        ladder.climb(|attempt| {
            let wanted = attempt.device.clone();
            let affine = match (look, &mut own) {
                (Some(look), _) => &look.affine,
                (None, Some(own)) => own,
                (None, none) => {
                    none.insert(method.affine(measured, &wanted, &mut attempt.device)?)
                }
            };
            let mut session = method.painter(affine, &wanted)?;
            attempt.device = session.device().clone();
            let color_match = match work.finishing.keep_color {
                KeepColor::Match => match look.and_then(|look| look.color_match.clone()) {
                    None => Some(method.color_match(measured, &mut session)?),
                    known => known,
                },
                _ => None,
            };
            let finish = Finish::new(&source, mask, work.finishing.clone(), color_match);
            report.device = session.device().clone();
            report.notes = session.fallback().map(str::to_owned).into_iter().collect();
            report.seconds.statistics = started.elapsed();
            let tiles = painting.tiles(attempt.memory);
            attempt.memory = attempt.memory.min(painting.bytes_of(&tiles));
            attempt.can_be_smaller = true;
            painting.ensure(&tiles)?;
            let mut painter = Folded { session, pool };
            report.tiles = tiles.len();
            report.seconds.network =
                painting.write(&tiles, &mut painter, &finish, output, STATISTICS_FRACTION, job)?;
            Ok(())
        })?;
        Ok(report)
    }
}

/// The network with its normalisation folded in.
struct Folded<'p> {
    session: Session,
    pool: &'p ThreadPool,
}

impl Painter for Folded<'_> {
    fn run(
        &mut self,
        planes: &[f32],
        seen: &Region,
        inner: &Region,
        cancel: &Cancel,
    ) -> Result<Vec<Color>> {
        let shape = [1, 3, seen.height() as i64, seen.width() as i64];
        let image = Input { name: "image", shape: &shape, values: planes };
        self.session.run(&[image], cancel, |outputs| {
            let painted = outputs.floats("painted")?;
            self.pool.install(|| pixels(painted, seen, inner))
        })
    }
}
