//! Engines, and the lists that they give.

use super::functions::Functions;
use super::handle::Handle;
use super::text::{copied, optional, path_text, text};
use super::types::{self, Engine};
use crate::device::Device;
use crate::engine_options::EngineOptions;
use crate::error::Result;
use crate::style_entry::StyleEntry;

impl Functions {
    pub fn new_engine(&self, options: &EngineOptions) -> Result<Handle<Engine>> {
        let path = |path: &Option<_>| path.as_deref().map(path_text).transpose();
        let runtime = path(&options.runtime)?;
        let models = path(&options.models)?;
        let cache = path(&options.cache)?;
        let user_styles = path(&options.user_styles)?;
        let user_networks = path(&options.user_networks)?;
        let device = options.device.as_deref().map(text).transpose()?;

        let mut raw: types::EngineOptions = self.initialised(self.impasto_engine_options_init)?;
        raw.runtime_path = optional(&runtime);
        raw.models_path = optional(&models);
        raw.cache_path = optional(&cache);
        raw.user_styles_path = optional(&user_styles);
        raw.user_networks_path = optional(&user_networks);
        raw.device = optional(&device);
        raw.memory_budget = options.memory_budget.map_or(0, |bytes| bytes.get());
        raw.threads = options.threads.map_or(0, |threads| threads.get());
        // SAFETY: the options were initialised with their true size, and their strings live until
        // the call returns, which copies them; the engine is new.
        unsafe {
            self.made(self.impasto_engine_free, |engine| (self.impasto_engine_new)(&raw, engine))
        }
    }

    pub fn prepare(&self, engine: &Handle<Engine>) -> Result<()> {
        // SAFETY: the handle keeps the engine alive.
        self.checked(unsafe { (self.impasto_engine_prepare)(engine.as_ptr()) })
    }

    pub fn devices(&self, engine: &Handle<Engine>) -> Result<Vec<Device>> {
        // SAFETY: the handle keeps the engine alive; the list is new and freed by its own function.
        let list = unsafe {
            self.made(self.impasto_device_list_free, |list| {
                (self.impasto_engine_devices)(engine.as_ptr(), list)
            })
        }?;
        let list = list.as_ptr();
        // SAFETY: the list lives until this function ends.
        let count = unsafe { (self.impasto_device_list_count)(list) };
        // SAFETY: the list lives until this function ends, and its strings with it; they are
        // copied.
        let device = |k| unsafe {
            Device {
                name: copied((self.impasto_device_list_name)(list, k)).unwrap_or_default(),
                unavailable: copied((self.impasto_device_list_reason)(list, k)),
            }
        };
        Ok((0..count).map(device).collect())
    }

    pub fn styles(&self, engine: &Handle<Engine>) -> Result<Vec<StyleEntry>> {
        // SAFETY: the handle keeps the engine alive; the list is new and freed by its own function.
        let list = unsafe {
            self.made(self.impasto_style_list_free, |list| {
                (self.impasto_engine_styles)(engine.as_ptr(), list)
            })
        }?;
        let list = list.as_ptr();
        // SAFETY: the list lives until this function ends.
        let count = unsafe { (self.impasto_style_list_count)(list) };
        // SAFETY: the list lives until this function ends, and its strings with it; they are
        // copied.
        let entry = |k| unsafe {
            StyleEntry {
                name: copied((self.impasto_style_list_name)(list, k)).unwrap_or_default(),
                title: copied((self.impasto_style_list_title)(list, k)).unwrap_or_default(),
                painter: copied((self.impasto_style_list_painter)(list, k)).unwrap_or_default(),
                year: copied((self.impasto_style_list_year)(list, k)).unwrap_or_default(),
                thumbnail: copied((self.impasto_style_list_thumbnail)(list, k)).map(Into::into),
            }
        };
        Ok((0..count).map(entry).collect())
    }
}
