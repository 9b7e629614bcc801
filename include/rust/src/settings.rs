//! Values of settings.

use std::fmt;
use std::sync::Arc;

use crate::error::Result;
use crate::ffi::{self, Functions, Handle};
use crate::library::Library;

/// How to paint: a value for each of [`Library::settings`]. Clones share the values until one of
/// them is changed; threads may share them.
#[derive(Clone)]
pub struct Settings {
    values: Arc<Handle<ffi::Settings>>,
    library: Library,
}

impl Settings {
    /// All defaults.
    ///
    /// # Errors
    /// Only for a defect in the library.
    pub fn new(library: &Library) -> Result<Self> {
        let values = library.functions().new_settings()?;
        Ok(Self { values: Arc::new(values), library: *library })
    }

    /// Sets a number by its name, such as `brush-size`; a choice by its place in the list, from 0.
    ///
    /// # Errors
    /// `Argument` for an unknown name, a text, or a value outside the range; nothing is changed
    /// then.
    pub fn set_number(&mut self, name: &str, value: f64) -> Result<()> {
        self.change(|functions, values| functions.set_number(values, name, value))
    }

    /// Sets a choice to one of its words: `method` to `optimize`.
    ///
    /// # Errors
    /// `Argument` for an unknown name, a setting that is no choice, or a word that is none of its
    /// own; nothing is changed then.
    pub fn set_choice(&mut self, name: &str, choice: &str) -> Result<()> {
        self.change(|functions, values| functions.set_choice(values, name, choice))
    }

    /// Sets any setting to what a text stands for, as the command line reads it; an empty text is
    /// the default.
    ///
    /// # Errors
    /// `Argument` for an unknown name or a text that is no value of it; nothing is changed then.
    pub fn set_text(&mut self, name: &str, text: &str) -> Result<()> {
        self.change(|functions, values| functions.set_text(values, name, text))
    }

    /// The value of a number; of a choice its place.
    ///
    /// # Errors
    /// `Argument` for an unknown name or a text.
    pub fn number(&self, name: &str) -> Result<f64> {
        self.library.functions().number(&self.values, name)
    }

    /// The value of any setting as [`Settings::set_text`] takes it.
    ///
    /// # Errors
    /// `Argument` for an unknown name.
    pub fn text(&self, name: &str) -> Result<&str> {
        self.library.functions().text(&self.values, name)
    }

    pub(crate) fn handle(&self) -> &Handle<ffi::Settings> {
        &self.values
    }

    /// Changes a copy, for clones may share the values, and other threads read them.
    fn change(
        &mut self,
        change: impl FnOnce(&Functions, &mut Handle<ffi::Settings>) -> Result<()>,
    ) -> Result<()> {
        let functions = self.library.functions();
        let mut values = functions.copy_settings(&self.values)?;
        change(functions, &mut values)?;
        self.values = Arc::new(values);
        Ok(())
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = self.library.settings().into_iter().filter_map(|setting| {
            let text = self.text(setting.name).ok()?;
            (text != setting.default_text).then_some((setting.name, text))
        });
        f.debug_map().entries(texts).finish()
    }
}
