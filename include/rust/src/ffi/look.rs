//! Looks.

use std::path::Path;

use super::functions::Functions;
use super::handle::Handle;
use super::run::Run;
use super::text::path_text;
use super::types::{Engine, Look, Settings, Style};
use crate::error::Result;
use crate::pixels::Pixels;

impl Functions {
    pub fn look_from_pixels(
        &self,
        engine: &Handle<Engine>,
        style: &Handle<Style>,
        settings: &Handle<Settings>,
        run: Run<'_>,
        pixels: &Pixels<'_>,
    ) -> Result<Handle<Look>> {
        let pixels = self.readable(pixels)?;
        let (engine, style, settings) = (engine.as_ptr(), style.as_ptr(), settings.as_ptr());
        // SAFETY: the handles keep the objects alive; the run was initialised with its true size;
        // the pixels are borrowed and only read, and their layout was checked against the slice.
        let make = |run, look| unsafe {
            (self.impasto_look_from_pixels)(engine, style, settings, run, &pixels, look)
        };
        self.with_run(run, |run| self.new_look(|look| make(run, look)))
    }

    pub fn look_from_file(
        &self,
        engine: &Handle<Engine>,
        style: &Handle<Style>,
        settings: &Handle<Settings>,
        run: Run<'_>,
        path: &Path,
    ) -> Result<Handle<Look>> {
        let path = path_text(path)?;
        let (engine, style, settings) = (engine.as_ptr(), style.as_ptr(), settings.as_ptr());
        // SAFETY: the handles keep the objects alive; the run was initialised with its true size;
        // the path lives until the call returns.
        let make = |run, look| unsafe {
            (self.impasto_look_from_file)(engine, style, settings, run, path.as_ptr(), look)
        };
        self.with_run(run, |run| self.new_look(|look| make(run, look)))
    }

    pub fn mix_looks(&self, parts: &[(&Handle<Look>, f32)]) -> Result<Handle<Look>> {
        let (looks, weights): (Vec<_>, Vec<_>) =
            parts.iter().map(|(look, weight)| (look.as_ptr(), *weight)).unzip();
        // SAFETY: the handles keep the looks alive; both lists have as many entries as there are
        // parts.
        self.new_look(|look| unsafe {
            (self.impasto_look_mix)(looks.as_ptr(), weights.as_ptr(), parts.len(), look)
        })
    }

    /// `make` is one of the library's functions that make looks.
    fn new_look(&self, make: impl FnOnce(*mut *mut Look) -> i32) -> Result<Handle<Look>> {
        // SAFETY: a look that such a function writes is new and freed by `impasto_look_free`.
        unsafe { self.made(self.impasto_look_free, make) }
    }
}
