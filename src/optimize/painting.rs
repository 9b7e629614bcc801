//! A painting by the optimise method: from pictures and settings to the painted picture.

use std::time::Instant;

use super::coarse_to_fine::coarse_to_fine;
use super::course::{Course, PHASE};
use super::fingerprint::fingerprint;
use super::matched::{color_match, moments};
use super::method::OptimizeMethod;
use super::model::Model;
use super::options::{OnCancel, OptimizeOptions};
use super::schedule::{Frame, scales};
use super::source::{StylePart, StyleSource};
use super::written::{small, write};
use crate::canvas::{Canvas, Finish, Finishing, KeepColor, Overview, Source};
use crate::color::Thumbnail;
use crate::error::{Error, ErrorKind, Result};
use crate::image::Picture;
use crate::job::Cancel;
use crate::ladder::Ladder;
use crate::method::{Enlarge, Method, Work};
use crate::observer::{Job, Part};
use crate::report::Report;
use crate::whole_file;

/// The area of the thumbnail whose colours lie under what is transparent, in pixels.
const THUMBNAIL_PIXELS: f64 = 448.0 * 448.0;

/// Part of the whole work that is done when the painting is optimised, where it is enlarged by
/// more than arithmetic.
const FRACTION: f32 = 0.95;

/// The optimise method with styles and its options.
pub(crate) struct OptimizePainting<'p> {
    pub method: &'p OptimizeMethod,
    pub styles: &'p [StylePart<'p>],
    /// Goes before the options' start: a picture, scaled to fit.
    pub start: Option<&'p Picture>,
    pub options: &'p OptimizeOptions,
    /// What brings a painting that is smaller than its picture to its size; without one, it is
    /// only enlarged.
    pub enlarger: Option<Box<dyn Enlarge + 'p>>,
}

impl Method for OptimizePainting<'_> {
    fn paint(
        &self,
        canvas: Canvas<'_, '_>,
        work: Work<'_>,
        ladder: &mut Ladder<'_>,
    ) -> Result<Report> {
        let started = Instant::now();
        let Self { method, styles, start, options, ref enlarger } = *self;
        let (job, pool) = (work.job, method.pool());
        check_weights(styles)?;
        let conversion = canvas.check()?;
        if let Some(path) = &options.checkpoint {
            whole_file::check(path)?;
        }
        job.step("Looking at the pictures", 0.0)?;
        let models = method.models(options)?;
        models.iter().try_for_each(|model| check_statistics(styles, model))?;
        let picture = [canvas.input.width(), canvas.input.height()];
        let [width, height] = Thumbnail::size_within(THUMBNAIL_PIXELS, picture);
        let mut thumbnail =
            pool.install(|| Thumbnail::of(canvas.input, &conversion, width, height, job.cancel))?;
        thumbnail.fill_transparent()?;
        let overview = pool.install(|| Overview::of(thumbnail, work.finishing.plain_areas))?;
        let source = Source::new(&canvas, &conversion, &overview);
        let multiple = models.last().spec(0)?.multiple() as u32;
        let matches_colors = work.finishing.keep_color == KeepColor::Match;
        // What was measured of a picture cannot be given other colours: the painting is.
        let matches_styles = matches_colors && styles.iter().all(StylePart::is_picture);
        let plan = scales(picture, multiple, options)?;
        let is_whole = plan.last().is_none_or(|last| {
            let frame = Frame::new(picture, multiple);
            [last.width, last.height] == [frame.width, frame.height]
        });
        let fraction = if enlarger.is_some() && !is_whole { FRACTION } else { 1.0 };
        let optimizing = Part { of: job.observer, first: 0.0, last: fraction };
        let course = Course {
            pool,
            models: &models,
            source: &source,
            styles,
            start,
            options,
            seed: work.seed,
            multiple,
            colors: matches_styles.then(|| moments(&overview.thumbnail)),
            plan,
            name: match &options.checkpoint {
                Some(_) => self.made_from(&canvas, &work),
                None => String::new(),
            },
            job: Job { observer: &optimizing, ..job },
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
        let (painting, color_match) = pool.install(|| {
            let painting = small(&painted, picture, multiple)?;
            drop(painted);
            let color_match = (matches_colors && !matches_styles)
                .then(|| color_match(&painting, &overview.thumbnail))
                .transpose()?;
            Ok::<_, Error>((painting, color_match))
        })?;
        let finish = Finish::new(&source, canvas.mask, finishing, color_match);
        if let Some(enlarger) = enlarger.as_ref().filter(|_| !painting.is_whole()) {
            let observer = &Part { of: job.observer, first: FRACTION, last: 1.0 };
            let part = Job { cancel, observer };
            let enlarged =
                enlarger.write(&painting, &finish, canvas.output, part, ladder, &mut report);
            // The long part is done, and is not lost for want of the marks over it.
            match enlarged {
                Err(e) if e.kind() != ErrorKind::Cancelled => {
                    report.notes.push(format!("was only enlarged: {}", e.full_message()));
                }
                Err(_) if options.on_cancel == OnCancel::Keep => report.stopped = true,
                done => return done.map(|()| report),
            }
        }
        let cancel = if report.stopped { &uncancelled } else { job.cancel };
        pool.install(|| write(&painting, &finish, canvas.output, cancel))?;
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
            if spec.is_matching() {
                let what = "cannot match the strokes of a style by name, of which no picture is \
                            kept: give its picture, or choose another style loss";
                return Err(Error::new(ErrorKind::Style, what));
            }
            statistics.moments(&spec, model.measured_by(), 1.0)?;
        }
    }
    Ok(())
}
