//! A painting by the optimise method: from pictures and settings to the painted picture.

use std::time::Instant;

use super::coarse_to_fine::coarse_to_fine;
use super::course::{Course, PHASE};
use super::fingerprint::fingerprint;
use super::graph::StyleLoss;
use super::matched::{color_match, moments};
use super::method::OptimizeMethod;
use super::model::Model;
use super::options::OptimizeOptions;
use super::schedule::scales;
use super::source::{StylePart, StyleSource};
use super::written::write;
use crate::canvas::{Canvas, Finish, Finishing, KeepColor, Overview, Source};
use crate::color::Thumbnail;
use crate::error::{Error, ErrorKind, Result};
use crate::image::Picture;
use crate::job::Cancel;
use crate::ladder::Ladder;
use crate::method::{Method, Work};
use crate::report::Report;
use crate::whole_file;

/// The area of the thumbnail whose colours lie under what is transparent, in pixels.
const THUMBNAIL_PIXELS: f64 = 448.0 * 448.0;

/// The optimise method with styles and its options.
pub(crate) struct OptimizePainting<'p> {
    pub method: &'p OptimizeMethod,
    pub styles: &'p [StylePart<'p>],
    /// Goes before the options' start: a picture, scaled to fit.
    pub start: Option<&'p Picture>,
    pub options: &'p OptimizeOptions,
}

impl Method for OptimizePainting<'_> {
    fn paint(
        &self,
        canvas: Canvas<'_, '_>,
        work: Work<'_>,
        ladder: &mut Ladder<'_>,
    ) -> Result<Report> {
        let started = Instant::now();
        let Self { method, styles, start, options } = *self;
        let (job, pool) = (work.job, method.pool());
        check_weights(styles)?;
        let conversion = canvas.check()?;
        if let Some(path) = &options.checkpoint {
            whole_file::check(path)?;
        }
        job.step("Looking at the pictures", 0.0)?;
        let model = method.model(options)?;
        check_statistics(styles, &model)?;
        let picture = [canvas.input.width(), canvas.input.height()];
        let [width, height] = Thumbnail::size_within(THUMBNAIL_PIXELS, picture);
        let mut thumbnail =
            pool.install(|| Thumbnail::of(canvas.input, &conversion, width, height, job.cancel))?;
        thumbnail.fill_transparent()?;
        let overview = pool.install(|| Overview::of(thumbnail, work.finishing.plain_areas))?;
        let source = Source::new(&canvas, &conversion, &overview);
        let multiple = model.spec(0)?.multiple() as u32;
        let matches_colors = work.finishing.keep_color == KeepColor::Match;
        // What was measured of a picture cannot be given other colours: the painting is.
        let matches_styles = matches_colors && styles.iter().all(StylePart::is_picture);
        let course = Course {
            pool,
            model: &model,
            source: &source,
            styles,
            start,
            options,
            seed: work.seed,
            multiple,
            colors: matches_styles.then(|| moments(&overview.thumbnail)),
            plan: scales(picture, multiple, options)?,
            name: match &options.checkpoint {
                Some(_) => self.made_from(&canvas, &work),
                None => String::new(),
            },
            job,
        };
        let mut report = Report::new("optimize", ladder.device(), picture);
        let painted = coarse_to_fine(&course, ladder, &mut report)?;
        report.seconds.network = started.elapsed();
        report.tiles = report.scales.last().map_or(0, |scale| scale.tiles);
        // The work is done: a request to stop now would only lose it.
        let uncancelled = Cancel::new();
        let cancel = if report.stopped { &uncancelled } else { job.cancel };
        // Where colours are matched, the styles had the photograph's already.
        let keep_color = if matches_styles { KeepColor::None } else { work.finishing.keep_color };
        let finishing = Finishing { keep_color, ..work.finishing.clone() };
        pool.install(|| {
            let color_match = (matches_colors && !matches_styles)
                .then(|| color_match(&painted, &overview.thumbnail, picture, multiple))
                .transpose()?;
            let finish = Finish::new(&source, canvas.mask, finishing, color_match);
            write(&source, multiple, painted, &finish, canvas.output, cancel)
        })?;
        if !report.stopped {
            job.step(PHASE, 1.0)?;
        }
        Ok(report)
    }
}

impl OptimizePainting<'_> {
    /// Stands for all that bears on a painting.
    pub fn made_from(&self, canvas: &Canvas<'_, '_>, work: &Work<'_>) -> String {
        fingerprint(canvas, self.styles, self.start, self.options, work)
    }
}

fn check_weights(styles: &[StylePart<'_>]) -> Result<()> {
    let refuse = |what: &str| Err(Error::new(ErrorKind::Style, what));
    if styles.is_empty() {
        return refuse("cannot optimise without a style: give a picture, or one by name");
    }
    if styles.iter().any(|style| !(style.weight > 0.0 && style.weight <= 1e6)) {
        return refuse("cannot weigh a style by what is not above 0 and up to 1000000");
    }
    Ok(())
}

/// What is not known of a style is told now, not at the size that needs it.
fn check_statistics(styles: &[StylePart<'_>], model: &Model) -> Result<()> {
    let spec = model.spec(1)?;
    for style in styles {
        if let StyleSource::Statistics(statistics) = style.source {
            if spec.style_loss == StyleLoss::Matching {
                let what = "cannot match the strokes of a style by name, of which no picture is \
                            kept: give its picture, or choose another style loss";
                return Err(Error::new(ErrorKind::Style, what));
            }
            statistics.moments(&spec, model.network_sha256(), 1.0)?;
        }
    }
    Ok(())
}
