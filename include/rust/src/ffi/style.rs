//! Styles.

use std::path::Path;
use std::{ptr, slice};

use super::functions::Functions;
use super::handle::Handle;
use super::run::Run;
use super::text::{borrowed, optional, path_text, text};
use super::types::{self, Engine, Style};
use crate::error::Result;
use crate::pixels::Pixels;

impl Functions {
    pub fn style_from_name(&self, engine: &Handle<Engine>, name: &str) -> Result<Handle<Style>> {
        let name = text(name)?;
        // SAFETY: the handle keeps the engine alive, and the name lives until the call returns.
        self.new_style(|style| unsafe {
            (self.impasto_style_from_name)(engine.as_ptr(), name.as_ptr(), style)
        })
    }

    pub fn style_from_file(
        &self,
        engine: &Handle<Engine>,
        path: &Path,
        run: Run<'_>,
    ) -> Result<Handle<Style>> {
        let (engine, path) = (engine.as_ptr(), path_text(path)?);
        // SAFETY: the handle keeps the engine alive, the path lives until the call returns, and
        // the run was initialised with its true size.
        let make = |run, style| unsafe {
            (self.impasto_style_from_file)(engine, path.as_ptr(), run, style)
        };
        self.with_run(run, |run| self.new_style(|style| make(run, style)))
    }

    pub fn style_from_pixels(
        &self,
        engine: &Handle<Engine>,
        pixels: &Pixels<'_>,
        name: Option<&str>,
        run: Run<'_>,
    ) -> Result<Handle<Style>> {
        let (engine, pixels) = (engine.as_ptr(), self.readable(pixels)?);
        let name = name.map(text).transpose()?;
        // SAFETY: the handle keeps the engine alive, the name lives until the call returns, the
        // run was initialised with its true size, and the pixels are borrowed and only read; their
        // layout was checked against the slice.
        let make = |run, style| unsafe {
            (self.impasto_style_from_pixels)(engine, &pixels, optional(&name), run, style)
        };
        self.with_run(run, |run| self.new_style(|style| make(run, style)))
    }

    pub fn style_from_bytes(&self, bytes: &[u8]) -> Result<Handle<Style>> {
        // SAFETY: the slice is as long as it says.
        self.new_style(|style| unsafe {
            (self.impasto_style_from_bytes)(bytes.as_ptr(), bytes.len(), style)
        })
    }

    pub fn mix_styles(&self, parts: &[(&Handle<Style>, f32)]) -> Result<Handle<Style>> {
        let (styles, weights): (Vec<_>, Vec<_>) =
            parts.iter().map(|(style, weight)| (style.as_ptr(), *weight)).unzip();
        // SAFETY: the handles keep the styles alive; both lists have as many entries as there are
        // parts.
        self.new_style(|style| unsafe {
            (self.impasto_style_mix)(styles.as_ptr(), weights.as_ptr(), parts.len(), style)
        })
    }

    pub fn masked_style(
        &self,
        style: &Handle<Style>,
        mask: Option<&Pixels<'_>>,
        region: Option<&Pixels<'_>>,
    ) -> Result<Handle<Style>> {
        let raw = |pixels: Option<&Pixels<'_>>| pixels.map(|p| self.readable(p)).transpose();
        let (mask, region) = (raw(mask)?, raw(region)?);
        let given =
            |pixels: &Option<types::Pixels>| pixels.as_ref().map_or(ptr::null(), ptr::from_ref);
        let (mask, region) = (given(&mask), given(&region));
        // SAFETY: the handle keeps the style alive; the pixels are borrowed and only read, and
        // their layouts were checked against the slices.
        self.new_style(|masked| unsafe {
            (self.impasto_style_masked)(style.as_ptr(), mask, region, masked)
        })
    }

    pub fn style_bytes<'s>(&self, style: &'s Handle<Style>) -> &'s [u8] {
        let (mut bytes, mut length) = (ptr::null(), 0);
        // SAFETY: the handle keeps the style alive, and there is room for a pointer and a length.
        let status = unsafe { (self.impasto_style_bytes)(style.as_ptr(), &mut bytes, &mut length) };
        if status != 0 || bytes.is_null() {
            return &[];
        }
        // SAFETY: the bytes are as many as told and belong to the style, which never changes and
        // lives for as long as its handle is borrowed.
        unsafe { slice::from_raw_parts(bytes, length) }
    }

    pub fn style_name<'s>(&self, style: &'s Handle<Style>) -> &'s str {
        // SAFETY: the string belongs to the style, which never changes and lives for as long as
        // its handle is borrowed.
        unsafe { borrowed((self.impasto_style_name)(style.as_ptr())) }
    }

    /// `make` is one of the library's functions that make styles.
    fn new_style(&self, make: impl FnOnce(*mut *mut Style) -> i32) -> Result<Handle<Style>> {
        // SAFETY: a style that such a function writes is new and freed by `impasto_style_free`.
        unsafe { self.made(self.impasto_style_free, make) }
    }
}
