//! Styles: what a painting is painted in.

use std::fmt;
use std::path::Path;

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::ffi::{self, Handle};
use crate::library::Library;
use crate::pixels::Pixels;
use crate::run::Run;

/// A style. It never changes, may be shared by threads, and does not depend on the engine that
/// made it.
pub struct Style {
    handle: Handle<ffi::Style>,
    library: Library,
}

impl Style {
    /// The style called `name`: one of the user's own, or a shipped one.
    ///
    /// # Errors
    /// `Style` where there is none of that name.
    pub fn from_name(engine: &Engine, name: &str) -> Result<Self> {
        let library = engine.library();
        let handle = library.functions().style_from_name(engine.handle(), name)?;
        Ok(Self { handle, library })
    }

    /// The style of a picture file (PNG, JPEG, TIFF, WebP, OpenEXR), or one saved as `.toml`. Of
    /// the run, the request to stop and the progress count.
    ///
    /// # Errors
    /// `Picture`, `File` or `Style` for a file that cannot be used, `Cancelled`.
    pub fn from_file(engine: &Engine, path: &Path, run: Run<'_>) -> Result<Self> {
        let library = engine.library();
        let handle = library.functions().style_from_file(engine.handle(), path, run.asked())?;
        Ok(Self { handle, library })
    }

    /// The style of a picture in memory, called `name` or "picture". Of the run counts what counts
    /// for [`Style::from_file`], and [`Run::scale`] where pixels are not square: 0.5 and 1 for those
    /// that are shown twice as wide as high.
    ///
    /// # Errors
    /// `Picture` for one that cannot be used, `Cancelled`.
    pub fn from_pixels(
        engine: &Engine,
        pixels: &Pixels<'_>,
        name: Option<&str>,
        run: Run<'_>,
    ) -> Result<Self> {
        let (library, run) = (engine.library(), run.asked());
        let handle = library.functions().style_from_pixels(engine.handle(), pixels, name, run)?;
        Ok(Self { handle, library })
    }

    /// A style that was saved as [`Style::bytes`].
    ///
    /// # Errors
    /// `Style` for bytes that are no style.
    pub fn from_bytes(library: &Library, bytes: &[u8]) -> Result<Self> {
        let handle = library.functions().style_from_bytes(bytes)?;
        Ok(Self { handle, library: *library })
    }

    /// Several styles in one, by weight. Weights need not sum to 1.
    ///
    /// # Errors
    /// `Argument` for no styles or wrong weights, `Style` for styles of different networks.
    pub fn mix(parts: &[(&Self, f32)]) -> Result<Self> {
        let Some((first, _)) = parts.first() else {
            return Err(Error::argument("cannot mix no styles: give at least one"));
        };
        let handles: Vec<_> =
            parts.iter().map(|(style, weight)| (&style.handle, *weight)).collect();
        let handle = first.library.functions().mix_styles(&handles)?;
        Ok(Self { handle, library: first.library })
    }

    /// The same style for a part of the painting, or of a part of its picture: the optimise method
    /// takes it only where `mask` is white, `None` for everywhere, and looks only at what is white
    /// in `region`, `None` for all of the style's picture; both may have any size. The fast method
    /// takes no notice. Mix such styles to give each part of a painting a style of its own.
    ///
    /// # Errors
    /// `Style` for a style that is a code alone, and for a region of one without its picture.
    pub fn masked(&self, mask: Option<&Pixels<'_>>, region: Option<&Pixels<'_>>) -> Result<Self> {
        let handle = self.library.functions().masked_style(&self.handle, mask, region)?;
        Ok(Self { handle, library: self.library })
    }

    /// The style as bytes, to save it (a small TOML file).
    pub fn bytes(&self) -> &[u8] {
        self.library.functions().style_bytes(&self.handle)
    }

    /// What the style is called.
    pub fn name(&self) -> &str {
        self.library.functions().style_name(&self.handle)
    }

    pub(crate) fn handle(&self) -> &Handle<ffi::Style> {
        &self.handle
    }
}

impl fmt::Debug for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Style").field(&self.name()).finish()
    }
}
