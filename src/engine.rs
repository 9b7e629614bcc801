//! The engine: one a process is enough; every call may come from any thread.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use crate::canvas::Canvas;
use crate::error::{Error, ErrorKind, Result};
use crate::fast::{
    FastMethod, FastNetwork, FastOptions, Look, NetworkForms, PerStyle, PictureFormat, Report,
    Style,
};
use crate::image::{ColorSpace, Picture, PixelView};
use crate::job::Job;
use crate::memory;
use crate::models::Models;
use crate::optimize::{OptimizeMethod, OptimizeOptions, OptimizeReport, StylePicture, Watching};
use crate::runtime::{Device, DeviceStatus, Runtime, Session};
use crate::styles::StyleLibrary;
use crate::vgg::FeatureLibrary;

/// Where things are and what may be used.
#[derive(Debug, Clone, Default)]
pub struct EngineOptions {
    /// ONNX Runtime's library; by default the environment's or the one beside our own.
    pub runtime: Option<PathBuf>,
    /// The folder of networks; by default the environment's or the one beside our own library.
    pub models: Option<PathBuf>,
    /// The processor.
    pub device: Device,
    /// Threads; by default one for each core.
    pub threads: Option<NonZeroUsize>,
    /// Bytes that the engine may take besides the pictures it is given; by default a quarter of
    /// what is free.
    pub memory: Option<u64>,
    /// The folder for the user's own styles; by default the user's data folder.
    pub user_styles: Option<PathBuf>,
    /// The folder for feature networks that the user imported; by default the user's data folder.
    pub user_networks: Option<PathBuf>,
    /// The folder for codes of style pictures seen before; by default the user's cache folder.
    pub cache: Option<PathBuf>,
}

/// Networks, styles and a device, loaded when they are first needed.
pub struct Engine {
    options: EngineOptions,
    threads: NonZeroUsize,
    models: OnceLock<Models>,
    fast: OnceLock<FastMethod>,
    optimize: OnceLock<OptimizeMethod>,
    loading: Mutex<()>,
    /// Goes last, and takes the networks' memory with it.
    runtime: OnceLock<Arc<Runtime>>,
}

impl Engine {
    /// Takes note of the options; nothing is loaded yet.
    pub fn new(options: EngineOptions) -> Self {
        let threads = options
            .threads
            .or_else(|| std::thread::available_parallelism().ok())
            .unwrap_or(NonZeroUsize::MIN);
        Self {
            options,
            threads,
            models: OnceLock::new(),
            fast: OnceLock::new(),
            optimize: OnceLock::new(),
            loading: Mutex::new(()),
            runtime: OnceLock::new(),
        }
    }

    /// How many threads the engine's work may take.
    pub fn threads(&self) -> NonZeroUsize {
        self.threads
    }

    /// The networks on disk.
    ///
    /// # Errors
    /// `Model` where they cannot be found.
    pub fn models(&self) -> Result<&Models> {
        let _one_at_a_time = self.lock();
        self.load(&self.models, || Models::open(self.options.models.as_deref()))
    }

    /// ONNX Runtime.
    ///
    /// # Errors
    /// `Runtime` where it cannot be loaded.
    pub fn runtime(&self) -> Result<&Arc<Runtime>> {
        let _one_at_a_time = self.lock();
        self.load(&self.runtime, || Runtime::load(self.options.runtime.as_deref()))
    }

    /// Every kind of device, with the reason where it cannot be used.
    ///
    /// # Errors
    /// `Runtime` where ONNX Runtime cannot be loaded.
    pub fn devices(&self) -> Result<Vec<DeviceStatus>> {
        Ok(self.runtime()?.devices())
    }

    /// Shipped styles and the user's own.
    ///
    /// # Errors
    /// `Model` where the shipped ones cannot be found.
    pub fn styles(&self) -> Result<StyleLibrary> {
        let shipped = self.models()?.folder().join("styles");
        Ok(StyleLibrary::new(shipped, self.options.user_styles.clone()))
    }

    /// Feature networks for the optimise method: the shipped one and the user's own.
    ///
    /// # Errors
    /// `Model` where the shipped ones cannot be found.
    pub fn feature_networks(&self) -> Result<FeatureLibrary> {
        Ok(FeatureLibrary::new(self.models()?.clone(), self.options.user_networks.clone()))
    }

    /// The style of a picture. Its code is kept on disk by the picture's content.
    ///
    /// # Errors
    /// `Picture` for one that cannot be used, `Model`, `Runtime` and `Device` where the network
    /// cannot run.
    pub fn style_of_picture(&self, picture: &Picture, name: &str, job: Job<'_>) -> Result<Style> {
        self.fast()?.style_of_picture(picture, name, self.options.cache.as_deref(), job)
    }

    /// Loads everything that [`Engine::paint_fast`] needs, so that the first painting is as quick
    /// as the next.
    ///
    /// # Errors
    /// As [`Engine::paint_fast`].
    pub fn prepare_fast(&self) -> Result<()> {
        self.fast()?.prepare()
    }

    /// Paints with the fast method.
    ///
    /// # Errors
    /// `Cancelled`, or what went wrong; the output may then hold a part of the painting.
    pub fn paint_fast(
        &self,
        canvas: Canvas<'_, '_>,
        style: &Style,
        options: &FastOptions,
        job: Job<'_>,
    ) -> Result<Report> {
        self.paint_fast_in_look(canvas, style, options, None, job)
    }

    /// As [`Engine::paint_fast`], in a look that [`Engine::look_fast`] found in this or another
    /// picture.
    ///
    /// # Errors
    /// As [`Engine::paint_fast`]; `Argument` for a look of another network.
    pub fn paint_fast_in_look(
        &self,
        canvas: Canvas<'_, '_>,
        style: &Style,
        options: &FastOptions,
        look: Option<&Look>,
        job: Job<'_>,
    ) -> Result<Report> {
        let memory = job.memory.or(self.options.memory).unwrap_or_else(memory::default_budget);
        self.fast()?.paint(canvas, style, options, look, memory, job)
    }

    /// The look that [`Engine::paint_fast`] would give to a picture.
    ///
    /// # Errors
    /// As [`Engine::paint_fast`].
    pub fn look_fast(
        &self,
        picture: PixelView<'_>,
        color_space: &ColorSpace,
        style: &Style,
        options: &FastOptions,
        job: Job<'_>,
    ) -> Result<Look> {
        self.fast()?.look(picture, color_space, style, options, job)
    }

    /// Paints with the optimise method (Gatys et al. 2016), within the memory budget.
    ///
    /// # Errors
    /// `Cancelled`, or what went wrong; the output may then hold a part of the painting.
    pub fn paint_optimize(
        &self,
        canvas: Canvas<'_, '_>,
        styles: &[StylePicture<'_>],
        options: &OptimizeOptions,
        watching: Watching<'_>,
        job: Job<'_>,
    ) -> Result<OptimizeReport> {
        // Twice of what the fast method takes: tiles make this one several times slower.
        let own = || 2 * memory::default_budget();
        let memory = job.memory.or(self.options.memory).unwrap_or_else(own);
        self.optimize()?.paint(canvas, styles, options, watching, memory, job)
    }

    /// One step of the optimise method as an ONNX file: forward, losses, backward and Adam, for
    /// pictures of any size. `masks` is 0, or the number of masks that guide styles.
    ///
    /// # Errors
    /// `Model` where the feature network cannot be used or lacks a layer.
    pub fn step_graph(&self, options: &OptimizeOptions, masks: usize) -> Result<Vec<u8>> {
        self.optimize()?.step_graph(options, masks)
    }

    /// A network of the fast method; the one that paints with `look` folded in.
    ///
    /// # Errors
    /// `Model` where it cannot be found or built.
    pub fn fast_network(&self, which: FastNetwork, look: &Look) -> Result<NetworkForms> {
        self.fast()?.network(which, look)
    }

    /// Prepares a network of the fast method, or a like one, as [`Engine::paint_fast`] would.
    ///
    /// # Errors
    /// `Device` where the device fails, `Model` where the network is not valid ONNX.
    pub fn fast_session(&self, name: &str, network: &NetworkForms) -> Result<Session> {
        self.fast()?.session(name, network)
    }

    /// Opens a network that the user brings; see [`PerStyle::open`].
    ///
    /// # Errors
    /// As [`PerStyle::open`].
    pub fn open_network(&self, path: &Path, format: Option<PictureFormat>) -> Result<PerStyle> {
        PerStyle::open(path, format, self.runtime()?, &self.options.device, self.threads)
    }

    /// Paints with a network that the user brings, whole and within no memory budget: only the
    /// network knows whether it may be cut.
    ///
    /// # Errors
    /// As [`Engine::paint_fast`].
    pub fn paint_with_network(
        &self,
        canvas: Canvas<'_, '_>,
        network: &mut PerStyle,
        options: &FastOptions,
        job: Job<'_>,
    ) -> Result<Report> {
        self.fast()?.paint_with_network(canvas, network, options, job)
    }

    fn fast(&self) -> Result<&FastMethod> {
        let (models, runtime) = (self.models()?, self.runtime()?);
        let _one_at_a_time = self.lock();
        self.load(&self.fast, || {
            let device = self.options.device.clone();
            FastMethod::new(models.clone(), Arc::clone(runtime), device, self.threads)
        })
    }

    fn optimize(&self) -> Result<&OptimizeMethod> {
        let (library, runtime) = (self.feature_networks()?, self.runtime()?);
        let _one_at_a_time = self.lock();
        self.load(&self.optimize, || {
            let (device, threads) = (self.options.device.clone(), self.threads);
            OptimizeMethod::new(library, Arc::clone(runtime), device, threads)
        })
    }

    /// A panic while loading leaves the cell empty, never half-filled.
    fn lock(&self) -> MutexGuard<'_, ()> {
        self.loading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fills a cell under the loading lock; a failure is tried again at the next call.
    fn load<'c, T>(
        &self,
        cell: &'c OnceLock<T>,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<&'c T> {
        if cell.get().is_none() {
            let started = Instant::now();
            let made = make()?;
            log::debug!("loaded {} in {:?}", std::any::type_name::<T>(), started.elapsed());
            let _ = cell.set(made);
        }
        cell.get().ok_or_else(|| Error::new(ErrorKind::Runtime, "cannot load the engine"))
    }
}
