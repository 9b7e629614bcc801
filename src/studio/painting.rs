//! A painting by the studio method.

use std::sync::Arc;

use super::compositions::Compositions;
use crate::canvas::{Canvas, Finishing, Overview, PlainAreas};
use crate::color::{Conversion, Thumbnail};
use crate::error::Result;
use crate::fast::{FastMethod, FastOptions, FastPainting, Sheet, Style};
use crate::image::{ColorSpace, Picture};
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
}

impl Method for StudioPainting<'_> {
    fn paint(
        &self,
        canvas: Canvas<'_, '_>,
        work: Work<'_>,
        ladder: &mut Ladder<'_>,
    ) -> Result<Report> {
        let conversion = canvas.check()?;
        let photo = self.photo(&canvas, &conversion, work)?;
        let (composition, composed) = self.compose(&photo, work, ladder)?;
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
    /// The photograph at the size of a composition, as methods see it.
    fn photo(
        &self,
        canvas: &Canvas<'_, '_>,
        conversion: &Conversion,
        work: Work<'_>,
    ) -> Result<Picture> {
        let job = work.job;
        job.step("Looking at the picture", 0.0)?;
        let picture = [canvas.input.width(), canvas.input.height()];
        let shrink = (f64::from(SIDE) / f64::from(picture[0].max(picture[1]))).min(1.0);
        let [width, height] =
            picture.map(|side| ((f64::from(side) * shrink).round() as u32).max(1));
        let Overview { thumbnail, .. } = self.fast.pool().install(|| {
            let mut small = Thumbnail::of(canvas.input, conversion, width, height, job.cancel)?;
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

    /// The composition, and what it took where it was not there.
    fn compose(
        &self,
        photo: &Picture,
        work: Work<'_>,
        ladder: &mut Ladder<'_>,
    ) -> Result<(Arc<Sheet>, Option<Report>)> {
        let options = self.options();
        let painting = OptimizePainting {
            method: self.optimize,
            styles: self.parts,
            start: None,
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
