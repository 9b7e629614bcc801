//! The engine: one a process is enough; every call may come from any thread.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use rayon::ThreadPool;

use crate::error::{Error, ErrorKind, Result};
use crate::fast::{
    FastMethod, FastPainting, LOOK_ENDING, Look, NetworkEnlarger, PerStyle, PerStylePainting,
    PictureFormat, Style,
};
use crate::file;
use crate::image::{ColorSpace, Picture, PixelView, PixelViewMut};
use crate::job::Cancel;
use crate::ladder::Ladder;
use crate::memory;
use crate::method::{Enlarge, Method, Work};
use crate::models::Models;
use crate::motion::{self, PaintedFrame};
use crate::observer::{Job, Observer};
use crate::optimize::{
    Enlarging, OptimizeMethod, OptimizeOptions, OptimizePainting, StylePart, StyleStatistics,
};
use crate::report::Report;
use crate::request::{Request, Styles};
use crate::runtime::{Device, DeviceStatus, Runtime};
use crate::settings::{self, Settings};
use crate::studio::{Composition, Compositions, StudioPainting};
use crate::styles::StyleLibrary;
use crate::vgg::FeatureLibrary;
use crate::workshop::{self, Workshop};

/// Where things are and what may be used.
#[derive(Debug, Clone, Default)]
pub struct EngineOptions {
    /// ONNX Runtime's library; by default the environment's or the one beside our own.
    pub runtime: Option<PathBuf>,
    /// The folder of networks; by default the environment's or the one beside our own library.
    pub models: Option<PathBuf>,
    /// The processor.
    pub device: Device,
    /// Threads; by default one for each core, and never more: they would only wait for each other.
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
    pool: OnceLock<Arc<ThreadPool>>,
    workshop: OnceLock<Arc<Workshop>>,
    fast: OnceLock<FastMethod>,
    optimize: OnceLock<OptimizeMethod>,
    compositions: Compositions,
    loading: Mutex<()>,
    /// Goes last, and takes the networks' memory with it.
    runtime: OnceLock<Arc<Runtime>>,
}

impl Engine {
    /// Takes note of the options; nothing is loaded yet.
    pub fn new(options: EngineOptions) -> Self {
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let threads = options.threads.map_or(cores, |wanted| wanted.min(cores));
        Self {
            options,
            threads,
            models: OnceLock::new(),
            pool: OnceLock::new(),
            workshop: OnceLock::new(),
            fast: OnceLock::new(),
            optimize: OnceLock::new(),
            compositions: Compositions::default(),
            loading: Mutex::new(()),
            runtime: OnceLock::new(),
        }
    }

    /// Paints a picture: what is asked for, and how, is the request's; the observer hears of it on
    /// this thread.
    ///
    /// # Errors
    /// `Argument` for settings out of range or of no use with another, `Style` for a style that the
    /// method cannot take, `Cancelled`, or what went wrong; the output may then hold a part of the
    /// painting.
    pub fn paint(&self, request: Request<'_, '_>, observer: &dyn Observer) -> Result<Report> {
        let started = Instant::now();
        request.settings.check()?;
        check_scale(request.picture_scale)?;
        let chosen = self.method(&request)?;
        let Request { canvas, settings, limits, picture_scale, is_draft, .. } = request;
        let job = Job { cancel: limits.cancel, observer };
        let memory = limits.memory.or(self.options.memory);
        let memory = memory.unwrap_or_else(|| chosen.share * memory::default_budget());
        let mut ladder = Ladder::new(memory, &self.options.device, job);
        let (finishing, seed) = (&settings.finishing, settings.seed);
        let work = Work { finishing, seed, picture_scale, is_draft, job };
        let mut report = chosen.method.paint(canvas, work, &mut ladder)?;
        report.retries = ladder.retries();
        report.notes.extend(ladder.into_notes());
        report.seconds.total = started.elapsed();
        let parts = report.seconds.statistics + report.seconds.network;
        report.seconds.pixels = report.seconds.total.saturating_sub(parts);
        Ok(report)
    }

    /// The method that the settings name, with what it takes of the request. A method of its own is
    /// a line here.
    fn method<'r>(&'r self, request: &Request<'r, '_>) -> Result<Chosen<'r>> {
        let Request { styles, settings, look, composition, start, .. } = *request;
        let Styles { code, parts, network } = styles;
        let (fast, optimize) = (&settings.fast, &settings.optimize);
        let is_fast = settings.method == settings::Method::Fast;
        let is_optimize = settings.method == settings::Method::Optimize;
        if look.is_some() && (!is_fast || network.is_some()) {
            let what = "cannot paint in a look with this method: only the fast method has it";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        if start.is_some() && !is_optimize {
            let what = "cannot start from a picture with this method: only the optimise method \
                        does";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        if composition.is_some() && settings.method != settings::Method::Studio {
            let what = "cannot paint over a composition with this method: only the studio method \
                        does";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        Ok(match (settings.method, network) {
            (settings::Method::Fast, None) => {
                let style = code.ok_or_else(no_code)?;
                let method = self.fast()?;
                Chosen::new(
                    FastPainting { method, style, options: fast, look, composition: None },
                    1,
                )
            }
            (settings::Method::Fast, Some(network)) => {
                let pool = self.pool()?;
                Chosen::new(PerStylePainting { network, options: fast, pool }, 1)
            }
            (settings::Method::Optimize, None) => {
                let (method, styles) = (self.optimize()?, parts);
                let enlarger = match optimize.enlarge {
                    Enlarging::Paint => self.enlarger(code, parts)?,
                    Enlarging::Plain => None,
                };
                let painting =
                    OptimizePainting { method, styles, start, options: optimize, enlarger };
                // Tiles make this one several times slower.
                Chosen::new(painting, 2)
            }
            (settings::Method::Studio, None) => {
                Chosen::new(self.studio(styles, settings, composition)?, 1)
            }
            (settings::Method::Optimize | settings::Method::Studio, Some(_)) => {
                let what = "cannot optimise with a network of your own: it paints by itself";
                return Err(Error::new(ErrorKind::Argument, what));
            }
        })
    }

    fn studio<'r>(
        &'r self,
        styles: Styles<'r>,
        settings: &'r Settings,
        given: Option<&'r Composition>,
    ) -> Result<StudioPainting<'r>> {
        Ok(StudioPainting {
            // Told before networks are loaded.
            code: styles.code.ok_or_else(no_code)?,
            optimize: self.optimize()?,
            fast: self.fast()?,
            compositions: &self.compositions,
            parts: styles.parts,
            composition: &settings.optimize,
            layers: &settings.fast,
            given,
        })
    }

    /// The network as painter of what is finer than an optimised painting; `None` where it cannot
    /// be: it paints in one style all over.
    fn enlarger<'r>(
        &'r self,
        code: Option<&'r Style>,
        parts: &[StylePart<'_>],
    ) -> Result<Option<Box<dyn Enlarge + 'r>>> {
        let is_masked = parts.iter().any(|part| part.mask.is_some());
        let Some(style) = code.filter(|_| !is_masked) else { return Ok(None) };
        match self.fast() {
            Ok(method) if method.check_style(style).is_ok() => {
                Ok(Some(Box::new(NetworkEnlarger { method, style })))
            }
            Err(e) if e.kind() != ErrorKind::Model => Err(e),
            _ => Ok(None),
        }
    }

    /// Loads everything that painting with the fast method needs, so that the first painting is as
    /// quick as the next.
    ///
    /// # Errors
    /// `Model`, `Runtime` and `Device` where something cannot be loaded.
    pub fn prepare(&self) -> Result<()> {
        self.fast()?.prepare()
    }

    /// The look that the fast method would give to a picture; `picture_scale` as in
    /// [`Request::picture_scale`].
    ///
    /// # Errors
    /// As [`Engine::paint`].
    pub fn look(
        &self,
        picture: PixelView<'_>,
        color_space: &ColorSpace,
        style: &Style,
        settings: &Settings,
        picture_scale: [f32; 2],
        job: Job<'_>,
    ) -> Result<Look> {
        settings.check()?;
        check_scale(picture_scale)?;
        let (finishing, seed) = (&settings.finishing, settings.seed);
        let work = Work { finishing, seed, picture_scale, is_draft: false, job };
        let fast = self.fast()?;
        let memory = self.options.memory.unwrap_or_else(memory::default_budget);
        let ladder = &mut Ladder::new(memory, &self.options.device, job);
        fast.look(picture, color_space, style, &settings.fast, work, ladder)
    }

    /// [`Engine::look`] of a picture as it is shown.
    ///
    /// # Errors
    /// As [`Engine::look`].
    pub fn look_of_picture(
        &self,
        picture: &Picture,
        style: &Style,
        settings: &Settings,
        job: Job<'_>,
    ) -> Result<Look> {
        let (space, squeeze) = (picture.color_space(), picture.squeeze());
        self.look(picture.view(), space, style, settings, squeeze, job)
    }

    /// The look in a file that [`Look::write`] wrote, known by its ending [`LOOK_ENDING`], or that
    /// of the picture in another file.
    ///
    /// # Errors
    /// `Argument` for a look in another style; as [`Look::read`] and [`file::read`](fn@crate::file::read)
    /// for the file; as [`Engine::look`].
    pub fn look_of_file(
        &self,
        path: &Path,
        style: &Style,
        settings: &Settings,
        job: Job<'_>,
    ) -> Result<Look> {
        if path.extension().is_none_or(|ending| ending != LOOK_ENDING) {
            return self.look_of_picture(&self.read_picture(path)?, style, settings, job);
        }
        let look = Look::read(path)?;
        if look.is_for(style) {
            return Ok(look);
        }
        let what = format!(
            "cannot paint in the look '{}': it is for another style. Make one in this style with \
             `impasto look`",
            path.display()
        );
        Err(Error::new(ErrorKind::Argument, what))
    }

    /// The composition that the studio method paints a frame of a shot over, for
    /// [`Request::composition`]. From that of the frame before, moved along the motion, in a few
    /// steps; all steps where there is none, or where motion explains too little of the frame.
    ///
    /// # Errors
    /// As [`Engine::paint`]; `Argument` for settings of another method.
    pub fn compose(
        &self,
        frame: &Picture,
        styles: Styles<'_>,
        settings: &Settings,
        before: Option<&Composition>,
        job: Job<'_>,
    ) -> Result<Composition> {
        settings.check()?;
        if settings.method != settings::Method::Studio {
            let what = "cannot compose with this method: only the studio method does";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        let painting = self.studio(styles, settings, None)?;
        let (finishing, seed) = (&settings.finishing, settings.seed);
        let work = Work { finishing, seed, picture_scale: [1.0; 2], is_draft: false, job };
        let memory = self.options.memory.unwrap_or_else(memory::default_budget);
        let ladder = &mut Ladder::new(memory, &self.options.device, job);
        painting.compose(frame, before, work, ladder)
    }

    /// Whether two frames belong to one shot: motion explains much of one by the other. Frames of
    /// different sizes do not. Loads neither ONNX Runtime nor a network.
    ///
    /// # Errors
    /// `Cancelled`, or `Memory`.
    pub fn is_one_shot(&self, frames: [&Picture; 2], cancel: &Cancel) -> Result<bool> {
        let frames = frames.map(|frame| (frame.view(), frame.color_space()));
        self.pool()?.install(|| motion::is_one_shot(frames, cancel))
    }

    /// Steadies the painting of a frame by those of the frames around: see
    /// `impasto_engine_steady`. Loads neither ONNX Runtime nor a network.
    ///
    /// # Errors
    /// `Cancelled`, or `Memory`; the output may then hold a part of the result.
    pub fn steady(
        &self,
        frame: PaintedFrame<'_>,
        neighbors: &[PaintedFrame<'_>],
        mask: Option<PixelView<'_>>,
        output: &mut PixelViewMut<'_>,
        cancel: &Cancel,
    ) -> Result<()> {
        self.pool()?.install(|| motion::steady(frame, neighbors, mask, output, cancel))
    }

    /// Reads a picture file on the engine's own threads; see [`file::read`](fn@crate::file::read).
    ///
    /// # Errors
    /// As [`file::read`](fn@crate::file::read).
    pub fn read_picture(&self, path: &Path) -> Result<Picture> {
        self.pool()?.install(|| file::read(path))
    }

    /// The device that was chosen for the networks.
    pub fn device(&self) -> &Device {
        &self.options.device
    }

    /// How many threads the engine's work takes.
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
        self.load(&self.runtime, || {
            // Libraries know no want of memory while they are loaded.
            workshop::ensure_room("ONNX Runtime")?;
            Runtime::load(self.options.runtime.as_deref())
        })
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

    /// What the optimise method needs of a style's picture, to paint in it without the picture: at
    /// its default style layers and feature network.
    ///
    /// # Errors
    /// `Picture` or `Style` for one that cannot be used, `Model`, `Runtime` and `Device` where the
    /// network cannot run.
    pub fn style_statistics(
        &self,
        picture: &Picture,
        name: &str,
        job: Job<'_>,
    ) -> Result<StyleStatistics> {
        self.optimize()?.statistics_of(picture, name, job)
    }

    /// One step of the optimise method as an ONNX file: forward, losses, backward and Adam, for
    /// pictures of any size. `masks` is 0, or the number of masks that guide styles.
    ///
    /// # Errors
    /// `Model` where the feature network cannot be used or lacks a layer.
    pub fn step_graph(&self, options: &OptimizeOptions, masks: usize) -> Result<Vec<u8>> {
        self.optimize()?.step_graph(options, masks)
    }

    /// Opens a network that the user brings. Without a `format` it is described by the manifest
    /// beside it: the same name with the ending `.toml`, else `manifest.toml`.
    ///
    /// # Errors
    /// `Model`: no description, a file that does not match it, or a network of another kind.
    pub fn open_network(&self, path: &Path, format: Option<PictureFormat>) -> Result<PerStyle> {
        PerStyle::open(path, format, self.options.memory, self.workshop()?)
    }

    fn fast(&self) -> Result<&FastMethod> {
        let (models, workshop) = (self.models()?, self.workshop()?);
        let _one_at_a_time = self.lock();
        self.load(&self.fast, || FastMethod::new(models.clone(), Arc::clone(workshop)))
    }

    fn optimize(&self) -> Result<&OptimizeMethod> {
        let (library, workshop) = (self.feature_networks()?, self.workshop()?);
        let _one_at_a_time = self.lock();
        self.load(&self.optimize, || Ok(OptimizeMethod::new(library, Arc::clone(workshop))))
    }

    fn workshop(&self) -> Result<&Arc<Workshop>> {
        let (runtime, pool) = (Arc::clone(self.runtime()?), Arc::clone(self.pool()?));
        let _one_at_a_time = self.lock();
        self.load(&self.workshop, || {
            let (device, threads) = (self.options.device.clone(), self.threads);
            Ok(Arc::new(Workshop { runtime, device, threads, pool }))
        })
    }

    /// The engine's threads for work on pixels.
    fn pool(&self) -> Result<&Arc<ThreadPool>> {
        let _one_at_a_time = self.lock();
        self.load(&self.pool, || workshop::pool(self.threads).map(Arc::new))
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

/// A method ready to paint.
struct Chosen<'r> {
    method: Box<dyn Method + 'r>,
    /// How many times the usual budget of memory it takes.
    share: u64,
}

impl<'r> Chosen<'r> {
    fn new(method: impl Method + 'r, share: u64) -> Self {
        Self { method: Box::new(method), share }
    }
}

/// Refuses a scale of a picture that is none.
pub(crate) fn check_scale(scale: [f32; 2]) -> Result<()> {
    if scale.iter().all(|scale| (0.01..=100.0).contains(scale)) {
        return Ok(());
    }
    let what =
        format!("cannot use the scale {} x {} of a picture: 0.01 to 100", scale[0], scale[1]);
    Err(Error::new(ErrorKind::Argument, what))
}

fn no_code() -> Error {
    let what = "cannot paint without a style: give one, or a picture to take it from";
    Error::new(ErrorKind::Style, what)
}
