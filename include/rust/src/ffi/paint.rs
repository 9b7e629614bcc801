//! Painting.

use std::ptr;

use super::functions::Functions;
use super::handle::Handle;
use super::run::Run;
use super::text::{copied, written};
use super::types::{self, Engine, Settings, Style};
use crate::error::Result;
use crate::pixels::{Pixels, PixelsMut};
use crate::report::Report;

/// What is painted, and where to.
pub(crate) enum Canvas<'a> {
    Between(Pixels<'a>, PixelsMut<'a>),
    InPlace(PixelsMut<'a>),
}

impl Functions {
    pub fn paint(
        &self,
        engine: &Handle<Engine>,
        style: &Handle<Style>,
        settings: &Handle<Settings>,
        run: Run<'_>,
        canvas: Canvas<'_>,
        mask: Option<&Pixels<'_>>,
    ) -> Result<Report> {
        let (input, output) = match canvas {
            Canvas::Between(input, mut output) => {
                (self.readable(&input)?, self.described(output.top(), output.layout())?)
            }
            Canvas::InPlace(mut pixels) => {
                let (top, layout) = (pixels.top(), pixels.layout());
                (self.described(top, layout)?, self.described(top, layout)?)
            }
        };
        let mask = mask.map(|mask| self.readable(mask)).transpose()?;
        let mut report: types::Report = self.initialised(self.impasto_report_init)?;
        let (engine, style, settings) = (engine.as_ptr(), style.as_ptr(), settings.as_ptr());
        let mask = mask.as_ref().map_or(ptr::null(), ptr::from_ref);
        let paint = self.impasto_engine_paint;
        // SAFETY: the handles keep the objects alive; run and report were initialised with their
        // true sizes; the pixels are borrowed, the output's exclusively, and their layouts were
        // checked against the slices.
        let mut call = |run| unsafe {
            paint(engine, style, settings, run, &input, mask, &output, &mut report)
        };
        self.with_run(run, |run| self.checked(call(run)))?;
        // SAFETY: the text stays until the next painting on this thread, which cannot begin before
        // it is copied.
        let json = unsafe { copied(report.json) }.unwrap_or_default();
        Ok(Report {
            device: written(&report.device),
            seconds: report.seconds,
            statistics_seconds: report.statistics_seconds,
            network_seconds: report.network_seconds,
            peak_bytes: report.peak_bytes,
            tiles: report.tiles,
            retries: report.retries,
            steps: report.steps,
            stopped: report.stopped != 0,
            content_loss: report.content_loss,
            style_loss: report.style_loss,
            note: written(&report.note),
            json,
        })
    }
}
