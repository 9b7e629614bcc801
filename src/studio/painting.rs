//! A painting by the studio method.

use std::sync::Arc;

use super::composition::Composition;
use super::compositions::Compositions;
use crate::canvas::{Canvas, Finishing, Overview, PlainAreas};
use crate::color::{Conversion, Thumbnail};
use crate::error::Result;
use crate::fast::{FastMethod, FastOptions, FastPainting, Sheet, Style};
use crate::image::{ColorSpace, Picture, PixelView};
use crate::job::Cancel;
use crate::ladder::Ladder;
use crate::method::{Method, Work};
use crate::observer::{Job, Part};
use crate::optimize::{
    Averaging, OptimizeMethod, OptimizeOptions, OptimizePainting, Optimizer, Pooling, Preset,
    ScaleIterations, Start, StylePart,
};
use crate::report::Report;

/// The longest side of a composition. Forms of the style are as large as the network's features
/// see, so on a larger one they are smaller.
const SIDE: u32 = 256;

/// Sizes and steps of a composition.
const SCHEDULE: [ScaleIterations; 2] =
    [ScaleIterations { side: 128, iterations: 40 }, ScaleIterations { side: SIDE, iterations: 36 }];

/// How much more the style counts than in a painting by the optimise method: a composition is seen
/// through the layers over it.
const STYLE_COUNTS: f32 = 2.0;

/// Steps from the composition of the frame before, which is nearly there.
const STEPS_AFTER: u32 = 10;

/// Part of the whole work that is done when the composition is.
const FRACTION: f32 = 0.9;

/// The studio method with a style in the forms that both its methods take, and their options.
pub(crate) struct StudioPainting<'p> {
    pub optimize: &'p OptimizeMethod,
    pub fast: &'p FastMethod,
    pub compositions: &'p Compositions,
    pub parts: &'p [StylePart<'p>],
    pub code: &'p Style,
    pub composition: &'p OptimizeOptions,
    pub layers: &'p FastOptions,
    /// What was composed for the picture.
    pub given: Option<&'p Composition>,
}

impl Method for StudioPainting<'_> {
    fn paint(
        &self,
        canvas: Canvas<'_, '_>,
        work: Work<'_>,
        ladder: &mut Ladder<'_>,
    ) -> Result<Report> {
        let conversion = canvas.check()?;
        let (composition, composed) = match self.given {
            Some(known) => (Arc::clone(&known.sheet), None),
            None => {
                let photo = self.photo(canvas.input, &conversion, work)?;
                self.composed(&photo, None, work, ladder)?
            }
        };
        // The long part is done: a request to stop that kept it would only lose it now.
        let uncancelled = Cancel::new();
        let stopped = composed.as_ref().is_some_and(|report| report.stopped);
        let first = if composed.is_some() { FRACTION } else { 0.0 };
        let observer = Part { of: work.job.observer, first, last: 1.0 };
        let cancel = if stopped { &uncancelled } else { work.job.cancel };
        let work = Work { job: Job { cancel, observer: &observer }, ..work };
        let painting = FastPainting {
            method: self.fast,
            style: self.code,
            options: self.layers,
            look: None,
            composition: Some(composition),
        };
        let painted = painting.paint(canvas, work, ladder)?;
        let mut report = Report { method: "studio", stopped, ..painted };
        if let Some(composed) = composed {
            report.seconds.network += composed.seconds.network;
            report.scales = composed.scales;
            report.notes.extend(composed.notes);
        }
        Ok(report)
    }
}

impl StudioPainting<'_> {
    /// The composition of a frame: from that of the frame before where both are of one shot.
    pub fn compose(
        &self,
        picture: &Picture,
        before: Option<&Composition>,
        work: Work<'_>,
        ladder: &mut Ladder<'_>,
    ) -> Result<Composition> {
        let conversion = Conversion::new(picture.color_space())?;
        let photo = self.photo(picture.view(), &conversion, work)?;
        let cancel = work.job.cancel;
        let start = match before {
            Some(before) => self.fast.pool().install(|| before.moved_to(&photo, cancel))?,
            None => None,
        };
        let (sheet, _) = self.composed(&photo, start.as_ref(), work, ladder)?;
        Ok(Composition { photo: Arc::new(photo), sheet })
    }

    /// The photograph at the size of a composition, as methods see it.
    fn photo(
        &self,
        picture: PixelView<'_>,
        conversion: &Conversion,
        work: Work<'_>,
    ) -> Result<Picture> {
        let job = work.job;
        job.step("Looking at the picture", 0.0)?;
        let sides = [picture.width(), picture.height()];
        let shrink = (f64::from(SIDE) / f64::from(sides[0].max(sides[1]))).min(1.0);
        let [width, height] = sides.map(|side| ((f64::from(side) * shrink).round() as u32).max(1));
        let Overview { thumbnail, .. } = self.fast.pool().install(|| {
            let mut small = Thumbnail::of(picture, conversion, width, height, job.cancel)?;
            small.fill_transparent()?;
            Overview::of(small, work.finishing.plain_areas)
        })?;
        let size = [thumbnail.width as u32, thumbnail.height as u32];
        Picture::of_srgb(size, thumbnail.colors.iter().copied())
    }

    /// What the optimise method is told: what is the studio's, and nothing else that was set.
    fn options(&self) -> OptimizeOptions {
        let mut options = OptimizeOptions {
            preset: Preset::default(),
            style_weight: self.composition.style_weight * STYLE_COUNTS,
            iterations: 0,
            resolution: 0,
            pooling: Pooling::Average,
            optimizer: Optimizer::default(),
            start: Start::default(),
            averaging: Averaging::default(),
            ..self.composition.clone()
        };
        if options.schedule.is_empty() {
            options.schedule = SCHEDULE.to_vec();
        }
        options
    }

    /// The composition, and what it took where it was not there; in a few steps where there is a
    /// start.
    fn composed(
        &self,
        photo: &Picture,
        start: Option<&Picture>,
        work: Work<'_>,
        ladder: &mut Ladder<'_>,
    ) -> Result<(Arc<Sheet>, Option<Report>)> {
        let mut options = self.options();
        if let (Some(last), Some(_)) = (options.schedule.last().copied(), start) {
            options.schedule = vec![ScaleIterations { iterations: STEPS_AFTER, ..last }];
        }
        let painting = OptimizePainting {
            method: self.optimize,
            styles: self.parts,
            start,
            options: &options,
            enlarger: None,
        };
        let finishing = Finishing { plain_areas: PlainAreas::Paint, ..Finishing::default() };
        let observer = Part { of: work.job.observer, first: 0.0, last: FRACTION };
        let job = Job { observer: &observer, ..work.job };
        let work = Work { finishing: &finishing, picture_scale: [1.0; 2], job, ..work };
        let mut painted =
            Picture::new(photo.width(), photo.height(), photo.format(), ColorSpace::Srgb)?;
        let mut output = painted.view_mut();
        let canvas = Canvas {
            input: photo.view(),
            color_space: photo.color_space(),
            mask: None,
            output: &mut output,
        };
        let made_from = painting.made_from(&canvas, &work);
        if let Some(known) = self.compositions.find(&made_from) {
            return Ok((known, None));
        }
        let report = painting.paint(canvas, work, ladder)?;
        let composition = self.fast.pool().install(|| Sheet::of_picture(&painted))?;
        let composition = Arc::new(composition);
        if !report.stopped {
            self.compositions.keep(made_from, Arc::clone(&composition));
        }
        Ok((composition, Some(report)))
    }
}
