//! Finding the look of a picture.

use std::path::Path;

use crate::engine::Engine;
use crate::error::Result;
use crate::look::Look;
use crate::pixels::Pixels;
use crate::run::Run;
use crate::settings::Settings;
use crate::style::Style;

impl Look {
    /// The look that [`Engine::paint`] would give to a picture, in a fraction of the time. Of the
    /// run, the request to stop, the scale and the progress count.
    ///
    /// # Errors
    /// `Cancelled`, or what went wrong.
    pub fn from_pixels(
        engine: &Engine,
        style: &Style,
        settings: &Settings,
        run: Run<'_>,
        pixels: &Pixels<'_>,
    ) -> Result<Self> {
        let (library, run) = (engine.library(), run.asked());
        let (engine, style, settings) = (engine.handle(), style.handle(), settings.handle());
        let handle = library.functions().look_from_pixels(engine, style, settings, run, pixels)?;
        Ok(Self::new(handle, library))
    }

    /// As [`Look::from_pixels`], of a picture file, which has no scale.
    ///
    /// # Errors
    /// `Picture` or `File` for a file that cannot be used, `Cancelled`, or what went wrong.
    pub fn from_file(
        engine: &Engine,
        style: &Style,
        settings: &Settings,
        run: Run<'_>,
        path: &Path,
    ) -> Result<Self> {
        let (library, run) = (engine.library(), run.asked());
        let (engine, style, settings) = (engine.handle(), style.handle(), settings.handle());
        let handle = library.functions().look_from_file(engine, style, settings, run, path)?;
        Ok(Self::new(handle, library))
    }
}
