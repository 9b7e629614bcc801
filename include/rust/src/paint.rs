//! Painting.

use crate::engine::Engine;
use crate::error::Result;
use crate::ffi::Canvas;
use crate::pixels::{Pixels, PixelsMut};
use crate::report::Report;
use crate::run::Run;
use crate::settings::Settings;
use crate::style::Style;

impl Engine {
    /// Paints `input` in a style. The output has the picture's size and curve; the rest of its
    /// format may differ. It is written when the painting is complete, and left as it was on every
    /// failure. The painting covers the picture where `mask` is white.
    ///
    /// # Errors
    /// `Cancelled`, or what went wrong.
    pub fn paint(
        &self,
        style: &Style,
        settings: &Settings,
        run: Run<'_>,
        input: &Pixels<'_>,
        mask: Option<&Pixels<'_>>,
        output: &mut PixelsMut<'_>,
    ) -> Result<Report> {
        let canvas = Canvas::Between(*input, output.reborrowed());
        self.paint_canvas(style, settings, run, canvas, mask)
    }

    /// As [`Engine::paint`], with one buffer as picture and output.
    ///
    /// # Errors
    /// As [`Engine::paint`].
    pub fn paint_in_place(
        &self,
        style: &Style,
        settings: &Settings,
        run: Run<'_>,
        pixels: &mut PixelsMut<'_>,
        mask: Option<&Pixels<'_>>,
    ) -> Result<Report> {
        self.paint_canvas(style, settings, run, Canvas::InPlace(pixels.reborrowed()), mask)
    }

    fn paint_canvas(
        &self,
        style: &Style,
        settings: &Settings,
        run: Run<'_>,
        canvas: Canvas<'_>,
        mask: Option<&Pixels<'_>>,
    ) -> Result<Report> {
        let (functions, run) = (self.library().functions(), run.asked());
        functions.paint(self.handle(), style.handle(), settings.handle(), run, canvas, mask)
    }
}
