//! A painting by a network of the user's own, whole: only the network knows whether its picture may
//! be cut.

use std::time::Instant;

use rayon::ThreadPool;

use super::options::FastOptions;
use super::per_style::PerStyle;
use super::statistics;
use super::tiles::{Painter, Painting, cut};
use super::turbulence::Turbulence;
use crate::canvas::{
    Canvas, Color, Finish, KeepColor, Overview, PlainAreas, Region, Source, interleaved,
};
use crate::error::{Error, ErrorKind, Result};
use crate::job::Cancel;
use crate::ladder::Ladder;
use crate::method::{Method, Work};
use crate::report::Report;
use crate::runtime::Device;

/// Part of the whole work that is done when the picture was looked at.
const LOOKING_FRACTION: f32 = 0.05;

/// A network of the user's own with the options that it follows.
pub(crate) struct PerStylePainting<'p> {
    pub network: &'p PerStyle,
    pub options: &'p FastOptions,
    pub pool: &'p ThreadPool,
}

impl Method for PerStylePainting<'_> {
    fn paint(
        &self,
        canvas: Canvas<'_, '_>,
        work: Work<'_>,
        ladder: &mut Ladder<'_>,
    ) -> Result<Report> {
        let started = Instant::now();
        let Self { network, options, pool } = *self;
        let job = work.job;
        let conversion = canvas.check()?;
        if work.finishing.keep_color == KeepColor::Match {
            let what = "cannot match colours with a network of your own: it shows no thumbnail";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        job.step("Looking at the picture", 0.0)?;
        // What such a network learned is not known: only the user may scale its picture.
        let brush_size = if options.brush_size == 0.0 { 1.0 } else { options.brush_size };
        let options = FastOptions { brush_size, ..options.clone() };
        let picture = [canvas.input.width(), canvas.input.height()];
        let size = options.canvas(picture, work.picture_scale);
        let thumbnail = statistics::thumbnail(canvas.input, &conversion, size, pool, job.cancel)?;
        // It sees the picture just as it is.
        let overview = pool.install(|| Overview::of(thumbnail, PlainAreas::Paint))?;
        let source = Source::new(&canvas, &conversion, &overview);
        let turbulence = Turbulence::new(options.turbulence, work.seed);
        let painting = Painting::new(&source, size, None, None, turbulence, pool);
        let tiles = [painting.whole(network.size_multiple())];
        let Canvas { mask, output, .. } = canvas;
        let finish = Finish::new(&source, mask, work.finishing.clone(), None);
        let mut report = Report::new("network", ladder.device(), picture);
        report.tiles = tiles.len();
        ladder.climb(|attempt| {
            let (device, fallback) = network.prepare(&attempt.device)?;
            (report.device, report.notes) = (device.clone(), fallback.into_iter().collect());
            report.seconds.statistics = started.elapsed();
            let mut painter = Own { network, chosen: &attempt.device };
            let written =
                painting.write(&tiles, &mut painter, &finish, output, LOOKING_FRACTION, job);
            attempt.device = device;
            report.seconds.network = written?;
            Ok(())
        })?;
        Ok(report)
    }
}

/// The network on the device that was chosen for it.
struct Own<'p> {
    network: &'p PerStyle,
    chosen: &'p Device,
}

impl Painter for Own<'_> {
    fn run(
        &mut self,
        planes: &[f32],
        seen: &Region,
        inner: &Region,
        cancel: &Cancel,
    ) -> Result<Vec<Color>> {
        let size = [seen.width(), seen.height()];
        let painted = self.network.run(planes, size, self.chosen, cancel)?;
        cut(&interleaved(&painted)?, seen, inner)
    }
}
