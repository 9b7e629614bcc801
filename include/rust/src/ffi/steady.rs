//! Steadying paintings.

use std::ptr;

use super::functions::Functions;
use super::handle::Handle;
use super::run::Run;
use super::types::{self, Engine};
use crate::error::Result;
use crate::frame::PaintedFrame;
use crate::pixels::{Pixels, PixelsMut};

impl Functions {
    pub fn steady(
        &self,
        engine: &Handle<Engine>,
        frame: &PaintedFrame<'_>,
        neighbors: &[PaintedFrame<'_>],
        mask: Option<&Pixels<'_>>,
        run: Run<'_>,
        mut output: PixelsMut<'_>,
    ) -> Result<()> {
        let picture = self.readable(&frame.picture)?;
        let painting = self.readable(&frame.painting)?;
        let pictures: Vec<_> =
            neighbors.iter().map(|frame| self.readable(&frame.picture)).collect::<Result<_>>()?;
        let paintings: Vec<_> =
            neighbors.iter().map(|frame| self.readable(&frame.painting)).collect::<Result<_>>()?;
        let list = |all: &[types::Pixels]| all.iter().map(ptr::from_ref).collect::<Vec<_>>();
        let (pictures, paintings) = (list(&pictures), list(&paintings));
        let mask = mask.map(|mask| self.readable(mask)).transpose()?;
        let mask = mask.as_ref().map_or(ptr::null(), ptr::from_ref);
        let output = self.described(output.top(), output.layout())?;
        let (engine, steady) = (engine.as_ptr(), self.impasto_engine_steady);
        let (around, count) = ((pictures.as_ptr(), paintings.as_ptr()), neighbors.len());
        // SAFETY: the handle keeps the engine alive; the run was initialised with its true size;
        // both lists have as many entries as there are neighbours; the pixels are borrowed, the
        // output's exclusively, and their layouts were checked against the slices.
        let call = |run| unsafe {
            steady(engine, &picture, &painting, around.0, around.1, count, mask, run, &output)
        };
        self.with_run(run, |run| self.checked(call(run)))
    }
}
