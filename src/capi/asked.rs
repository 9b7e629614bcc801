//! What painting and looking are asked with alike.

use super::engine::impasto_engine;
use super::pointer::shared;
use super::run::{Run, impasto_run};
use super::settings::impasto_settings;
use super::style::impasto_style;
use crate::engine::Engine;
use crate::error::Result;
use crate::settings::Settings;

/// Who paints, in what style, how, and who hears of it.
pub(super) struct Asked<'a> {
    pub engine: &'a Engine,
    pub style: &'a impasto_style,
    pub settings: Settings,
    pub run: Run,
}

impl Asked<'_> {
    /// # Safety
    /// Objects are NULL, or not freed and settings not changed while the result lives; the run is
    /// as [`Run::read`] asks for.
    pub unsafe fn read(
        engine: *const impasto_engine,
        style: *const impasto_style,
        settings: *const impasto_settings,
        run: *const impasto_run,
    ) -> Result<Self> {
        // SAFETY: this function's condition is that of each of them.
        unsafe {
            Ok(Self {
                engine: impasto_engine::given(engine)?,
                style: shared(style, "style")?,
                settings: impasto_settings::read(settings)?,
                run: Run::read(run)?,
            })
        }
    }
}
