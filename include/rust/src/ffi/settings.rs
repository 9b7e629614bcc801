//! Values of settings.

use std::ptr;

use super::functions::Functions;
use super::handle::Handle;
use super::text::{borrowed, text};
use super::types::Settings;
use crate::error::Result;

impl Functions {
    pub fn new_settings(&self) -> Result<Handle<Settings>> {
        // SAFETY: the function asks for nothing but room for a handle, and what it writes there is
        // new and freed by `impasto_settings_free`.
        unsafe { self.made(self.impasto_settings_free, |made| (self.impasto_settings_new)(made)) }
    }

    pub fn copy_settings(&self, settings: &Handle<Settings>) -> Result<Handle<Settings>> {
        // SAFETY: the handle keeps the settings alive, and nobody changes them while it is
        // borrowed; the copy is new and freed by `impasto_settings_free`.
        unsafe {
            self.made(self.impasto_settings_free, |copy| {
                (self.impasto_settings_copy)(settings.as_ptr(), copy)
            })
        }
    }

    pub fn set_number(
        &self,
        settings: &mut Handle<Settings>,
        name: &str,
        value: f64,
    ) -> Result<()> {
        let (settings, name) = (settings.as_mut_ptr(), text(name)?);
        // SAFETY: the handle is borrowed for this call alone; the name lives until it returns.
        self.checked(unsafe { (self.impasto_settings_set_number)(settings, name.as_ptr(), value) })
    }

    pub fn set_choice(
        &self,
        settings: &mut Handle<Settings>,
        name: &str,
        choice: &str,
    ) -> Result<()> {
        let (settings, name, choice) = (settings.as_mut_ptr(), text(name)?, text(choice)?);
        let set = self.impasto_settings_set_choice;
        // SAFETY: the handle is borrowed for this call alone; both strings live until it returns.
        self.checked(unsafe { set(settings, name.as_ptr(), choice.as_ptr()) })
    }

    pub fn set_text(&self, settings: &mut Handle<Settings>, name: &str, value: &str) -> Result<()> {
        let (settings, name, value) = (settings.as_mut_ptr(), text(name)?, text(value)?);
        let set = self.impasto_settings_set_text;
        // SAFETY: the handle is borrowed for this call alone; both strings live until it returns.
        self.checked(unsafe { set(settings, name.as_ptr(), value.as_ptr()) })
    }

    pub fn number(&self, settings: &Handle<Settings>, name: &str) -> Result<f64> {
        let (settings, name, mut value) = (settings.as_ptr(), text(name)?, 0.0);
        let get = self.impasto_settings_number;
        // SAFETY: nobody changes the settings while their handle is borrowed; the name lives until
        // the call returns, and there is room for a number.
        self.checked(unsafe { get(settings, name.as_ptr(), &mut value) })?;
        Ok(value)
    }

    pub fn text<'s>(&self, settings: &'s Handle<Settings>, name: &str) -> Result<&'s str> {
        let (settings, name, mut value) = (settings.as_ptr(), text(name)?, ptr::null());
        let get = self.impasto_settings_text;
        // SAFETY: nobody changes the settings while their handle is borrowed; the name lives until
        // the call returns, and there is room for a pointer.
        self.checked(unsafe { get(settings, name.as_ptr(), &mut value) })?;
        // SAFETY: the string ends with NUL and belongs to the settings, which are neither changed
        // nor freed for as long as their handle is borrowed.
        Ok(unsafe { borrowed(value) })
    }
}
