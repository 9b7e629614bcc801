//! The optimise method: from pictures and settings to the painting.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::ThreadPool;
use sha2::{Digest, Sha256};

use super::checkpoint::{self, State};
use super::memory::{self, Plan};
use super::model::{Graph, Model};
use super::options::{OptimizeOptions, Start};
use super::planes::Planes;
use super::run::{Beginning, Clock, Run};
use super::schedule::{Frame, Scale, scales};
use super::source::{self, Looking, StylePicture};
use super::target::{Gathering, Target};
use crate::canvas::{
    Canvas, Color, Crop, Finish, KeepColor, Painted, Region, Source, interleaved, resize,
};
use crate::color::{Conversion, Moments, Thumbnail};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Form;
use crate::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType};
use crate::job::{Cancel, Job, Losses, Progress};
use crate::parameters::Fields;
use crate::runtime::{Device, Runtime};
use crate::threads;
use crate::vgg::{FeatureLibrary, FeatureNetwork};

const PHASE: &str = "Optimising";

/// Rows that are enlarged and finished at once.
const ROWS_AT_ONCE: u32 = 512;

/// The area of the thumbnail whose colours lie under what is transparent, in pixels.
const THUMBNAIL_PIXELS: f64 = 448.0 * 448.0;

/// Steps so far and of how many, with the picture that they made.
pub struct Preview<'p> {
    /// The picture as it stands, in 32-bit floats of encoded sRGB, at the size that is worked on.
    pub picture: &'p Picture,
    /// Steps done at all sizes.
    pub step: u32,
    /// Steps of all sizes.
    pub steps: u32,
    /// What the losses are.
    pub losses: Losses,
}

/// Who watches an optimisation.
#[derive(Clone, Copy, Default)]
pub struct Watching<'a> {
    /// Sees the picture every so many steps.
    pub preview: Option<&'a (dyn Fn(Preview<'_>) + Sync)>,
    /// Steps from one preview to the next; 0 counts as 1.
    pub preview_every: u32,
}

/// What was done at one size.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaleReport {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Steps.
    pub steps: u32,
    /// Tiles of each step.
    pub tiles: usize,
    /// Time of targets and steps.
    pub time: Duration,
    /// The losses of the last step.
    pub losses: Option<Losses>,
}

/// What an optimisation took.
#[derive(Debug, Clone, PartialEq)]
pub struct OptimizeReport {
    /// The device that did the work.
    pub device: Device,
    /// Each size, from coarse to fine.
    pub scales: Vec<ScaleReport>,
    /// Time from the first target to the last step.
    pub optimizing: Duration,
    /// Time for everything else: reading, converting and writing pixels.
    pub pixels: Duration,
    /// Whether a request to stop ended it early.
    pub stopped: bool,
    /// How often tiles had to be made smaller, or the CPU taken, for want of memory.
    pub retries: u32,
    /// What the caller should know.
    pub notes: Vec<String>,
}

/// The optimise method on one device.
pub(crate) struct OptimizeMethod {
    library: FeatureLibrary,
    runtime: Arc<Runtime>,
    device: Device,
    threads: NonZeroUsize,
    pool: ThreadPool,
    networks: Mutex<HashMap<String, Arc<FeatureNetwork>>>,
}

/// What the work on one painting shares.
struct Work<'w> {
    /// For what is computed; listeners are called on the caller's thread.
    pool: &'w ThreadPool,
    model: &'w Model,
    source: &'w Source<'w>,
    styles: &'w [StylePicture<'w>],
    options: &'w OptimizeOptions,
    multiple: u32,
    /// The photograph's, where the styles get its colours.
    colors: Option<Moments>,
    memory: u64,
    plan: Vec<Scale>,
    /// Stands for pictures and settings in checkpoints.
    name: String,
    watching: Watching<'w>,
    job: Job<'w>,
}

impl OptimizeMethod {
    pub fn new(
        library: FeatureLibrary,
        runtime: Arc<Runtime>,
        device: Device,
        threads: NonZeroUsize,
    ) -> Result<Self> {
        let pool = threads::pool(threads)?;
        Ok(Self { library, runtime, device, threads, pool, networks: Mutex::default() })
    }

    /// The step graph as an ONNX file.
    pub fn step_graph(&self, options: &OptimizeOptions, masks: usize) -> Result<Vec<u8>> {
        self.model(options)?.onnx(Graph::Step, masks, Form::Onnx)
    }

    pub fn paint(
        &self,
        canvas: Canvas<'_, '_>,
        styles: &[StylePicture<'_>],
        options: &OptimizeOptions,
        watching: Watching<'_>,
        memory: u64,
        job: Job<'_>,
    ) -> Result<OptimizeReport> {
        let started = Instant::now();
        options.check_values()?;
        check_styles(styles)?;
        let conversion = canvas.check()?;
        job.step("Looking at the pictures", 0.0)?;
        let model = self.model(options)?;
        let picture = [canvas.input.width(), canvas.input.height()];
        let thumbnail = self.thumbnail(&canvas, &conversion, job.cancel)?;
        let source = Source::new(&canvas, &conversion, &thumbnail);
        let multiple = model.spec(0)?.multiple() as u32;
        let work = Work {
            pool: &self.pool,
            model: &model,
            source: &source,
            styles,
            options,
            multiple,
            colors: (options.keep_color == KeepColor::Match).then(|| moments(&thumbnail)),
            memory,
            plan: scales(picture, multiple, options)?,
            name: match &options.checkpoint {
                Some(_) => fingerprint(&canvas, styles, options),
                None => String::new(),
            },
            watching,
            job,
        };
        let (painted, mut report) = work.run()?;
        // The work is done: a request to stop now would only lose it.
        let uncancelled = Cancel::new();
        let cancel = if report.stopped { &uncancelled } else { job.cancel };
        let mut finishing = options.finishing();
        if finishing.keep_color == KeepColor::Match {
            // The styles had the photograph's colours already.
            finishing.keep_color = KeepColor::None;
        }
        let finish = Finish::new(&source, canvas.mask, finishing, None);
        self.pool.install(|| write(&work, painted, &finish, canvas.output, cancel))?;
        report.pixels = started.elapsed() - report.optimizing;
        if !report.stopped {
            job.step(PHASE, 1.0)?;
        }
        Ok(report)
    }

    fn model(&self, options: &OptimizeOptions) -> Result<Model> {
        Model::new(
            (Arc::clone(&self.runtime), self.device.clone(), self.threads),
            self.network(&options.features)?,
            options.pooling,
            &options.content_layers,
            &options.style_layers,
        )
    }

    /// The feature network called `name`, or in the file of that name.
    fn network(&self, name: &str) -> Result<Arc<FeatureNetwork>> {
        let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = networks.get(name) {
            return Ok(Arc::clone(known));
        }
        let network = Arc::new(self.library.find(name)?);
        networks.insert(name.to_owned(), Arc::clone(&network));
        Ok(network)
    }

    fn thumbnail(
        &self,
        canvas: &Canvas<'_, '_>,
        conversion: &Conversion,
        cancel: &Cancel,
    ) -> Result<Thumbnail> {
        let size = [canvas.input.width(), canvas.input.height()];
        let [width, height] = Thumbnail::size_within(THUMBNAIL_PIXELS, size);
        let mut thumbnail =
            self.pool.install(|| Thumbnail::of(canvas.input, conversion, width, height, cancel))?;
        thumbnail.fill_transparent();
        Ok(thumbnail)
    }
}

impl Work<'_> {
    /// From the coarsest size to the finest.
    fn run(&self) -> Result<(Planes, OptimizeReport)> {
        let begun = Instant::now();
        let mut report = OptimizeReport {
            device: self.model.device().clone(),
            scales: Vec::new(),
            optimizing: Duration::ZERO,
            pixels: Duration::ZERO,
            stopped: false,
            retries: 0,
            notes: Vec::new(),
        };
        // Want of memory at the last size is told now, not after all the others.
        if let Some(last) = self.plan.last() {
            let pixels = u64::from(last.width) * u64::from(last.height);
            memory::plan(pixels, &self.model.spec(0)?, self.options.optimizer, self.memory)?;
        }
        let mut state = self.first_state(&mut report)?;
        let work = |scale: &Scale| f64::from(scale.width) * f64::from(scale.height);
        let all = self.plan.iter().map(|s| work(s) * f64::from(s.iterations)).sum();
        let before: f64 =
            self.plan[..state.scale].iter().map(|s| work(s) * f64::from(s.iterations)).sum();
        let here = work(&self.plan[state.scale]) * f64::from(state.step);
        let mut clock = Clock::new(all, before + here);
        for number in state.scale..self.plan.len() {
            let scale = self.plan[number];
            if state.scale < number {
                let (width, height) = (scale.width as usize, scale.height as usize);
                let image = self.pool.install(|| state.image.into_resized(width, height))?;
                state = State { scale: number, step: 0, image, moments: None, mean: None };
            }
            let (image, stopped) = self.optimize(number, state, &mut clock, &mut report)?;
            state = State { scale: number, step: 0, image, moments: None, mean: None };
            if stopped {
                report.stopped = true;
                break;
            }
        }
        report.optimizing = begun.elapsed();
        Ok((state.image, report))
    }

    /// Where to begin: at the checkpoint, or at the coarsest size.
    fn first_state(&self, report: &mut OptimizeReport) -> Result<State> {
        let first = &self.plan[0];
        if let Some(path) = &self.options.checkpoint
            && let Some(state) = checkpoint::load(path, &self.name)?
        {
            let fits = self.plan.get(state.scale).is_some_and(|scale| {
                let size = (scale.width as usize, scale.height as usize);
                size == (state.image.width, state.image.height) && state.step <= scale.iterations
            });
            if !fits {
                let what = format!(
                    "cannot go on from the checkpoint '{}': it is damaged; delete it or name \
                     another",
                    path.display()
                );
                return Err(Error::new(ErrorKind::File, what));
            }
            let note = format!("went on from '{}'", path.display());
            log::info!("{note}");
            report.notes.push(note);
            return Ok(state);
        }
        let image =
            self.pool.install(|| match (&self.options.start_picture, self.options.start) {
                (Some(picture), _) => source::start(picture, first, self.job.cancel),
                (None, Start::Content) => source::content(self.source, self.multiple, first),
                (None, Start::Noise) => Ok(source::noise(self.options.seed, first)),
            })?;
        Ok(State { scale: 0, step: 0, image, moments: None, mean: None })
    }

    /// All steps at one size. The second value is whether a request to stop ended them.
    fn optimize(
        &self,
        number: usize,
        state: State,
        clock: &mut Clock,
        report: &mut OptimizeReport,
    ) -> Result<(Planes, bool)> {
        let begun = Instant::now();
        let scale = &self.plan[number];
        let stoppable = self.options.keep_on_cancel || self.options.checkpoint.is_some();
        let first_step = state.step;
        let mut memory = self.memory;
        let target = loop {
            match self.pool.install(|| self.target(scale, memory)) {
                Err(e) if e.kind() == ErrorKind::Cancelled && stoppable => {
                    self.stop(&state, e)?;
                    return Ok((state.image, true));
                }
                Err(e) => match self.relief(&e, report) {
                    Some(Relief::Smaller) => memory /= 2,
                    Some(Relief::Cpu) => memory = self.memory,
                    None => return Err(e),
                },
                Ok(target) => break target,
            }
        };
        let pixels = u64::from(scale.width) * u64::from(scale.height);
        let spec = self.model.spec(target.masks.len())?;
        let mut memory = self.memory;
        let mut state = Some(state);
        let mut last = None;
        let mut saved = Instant::now();
        let (stopped, run) = loop {
            let plan = memory::plan(pixels, &spec, self.options.optimizer, memory)?;
            let Some(from) = state.take() else {
                return Err(Error::new(ErrorKind::Runtime, "cannot find the optimisation's state"));
            };
            let beginning = Beginning {
                scale: number,
                iterations: scale.iterations,
                is_last: number + 1 == self.plan.len(),
                // Kept until the run has begun: a want of memory is met by another plan.
                state: from.clone(),
            };
            let mut run = match Run::new(self.model, &target, plan, self.options, beginning) {
                Err(e) => {
                    memory = match self.relief(&e, report) {
                        Some(Relief::Smaller) => smaller(memory, pixels, plan),
                        Some(Relief::Cpu) => self.memory,
                        None => return Err(e),
                    };
                    state = Some(from);
                    continue;
                }
                Ok(run) => run,
            };
            drop(from);
            report.device = run.device().clone();
            let ended = self.steps(&mut run, clock, &mut last, &mut saved, pixels);
            match ended {
                Ok(()) => break (false, run),
                Err(e) if e.kind() == ErrorKind::Cancelled && stoppable => {
                    self.stop(&run.state()?, e)?;
                    break (true, run);
                }
                Err(e) => {
                    memory = match self.relief(&e, report) {
                        Some(Relief::Smaller) => smaller(memory, pixels, plan),
                        Some(Relief::Cpu) => self.memory,
                        None => return Err(e),
                    };
                    state = Some(run.state()?);
                }
            }
        };
        report.scales.push(ScaleReport {
            width: scale.width,
            height: scale.height,
            steps: run.step - first_step,
            tiles: run.tiles,
            time: begun.elapsed(),
            losses: last,
        });
        Ok((run.into_image()?, stopped))
    }

    /// Keeps what was done when a stop was asked for; the error where that ends the work.
    fn stop(&self, state: &State, cancelled: Error) -> Result<()> {
        if let Some(path) = &self.options.checkpoint {
            checkpoint::save(path, &self.name, state)?;
        }
        if self.options.keep_on_cancel { Ok(()) } else { Err(cancelled) }
    }

    fn steps(
        &self,
        run: &mut Run<'_>,
        clock: &mut Clock,
        last: &mut Option<Losses>,
        saved: &mut Instant,
        pixels: u64,
    ) -> Result<()> {
        let (before, all) = self.steps_around(run);
        while !run.is_done() {
            let from = run.step;
            let losses = self.pool.install(|| run.advance(self.job.cancel))?;
            *last = Some(losses);
            clock.advance(pixels as f64 * f64::from(run.step - from));
            log::debug!("step {} of {}: {losses:?}", before + run.step, all);
            self.show(run, before + from..before + run.step, all, losses)?;
            if let Some(path) = &self.options.checkpoint
                && saved.elapsed() >= self.options.checkpoint_every
            {
                checkpoint::save(path, &self.name, &run.state()?)?;
                *saved = Instant::now();
            }
            self.job.report(Progress {
                phase: PHASE,
                fraction: clock.fraction(),
                remaining: clock.remaining(),
                losses: Some(losses),
            })?;
        }
        Ok(())
    }

    /// Steps of the sizes before this one, and of all.
    fn steps_around(&self, run: &Run<'_>) -> (u32, u32) {
        let sum = |scales: &[Scale]| scales.iter().map(|scale| scale.iterations).sum();
        (sum(&self.plan[..run.number()]), sum(&self.plan))
    }

    /// A preview where the steps just taken come to one: L-BFGS takes several at once.
    fn show(&self, run: &Run<'_>, taken: Range<u32>, steps: u32, losses: Losses) -> Result<()> {
        let Some(preview) = self.watching.preview else { return Ok(()) };
        let every = self.watching.preview_every.max(1);
        if taken.end / every > taken.start / every || taken.end == steps {
            let picture = as_picture(&run.image()?)?;
            preview(Preview { picture: &picture, step: taken.end, steps, losses });
        }
        Ok(())
    }

    /// How a want of memory is met: by tiles or smaller ones twice, then by the CPU, once.
    fn relief(&self, error: &Error, report: &mut OptimizeReport) -> Option<Relief> {
        if error.kind() != ErrorKind::Memory {
            return None;
        }
        let (relief, what) = if report.retries < 2 {
            (Relief::Smaller, "tiles were made smaller")
        } else if self.model.leave_device(&report.device) {
            (Relief::Cpu, "went on on the CPU")
        } else {
            return None;
        };
        report.retries += 1;
        let note = format!("{what}: {}", error.full_message());
        log::warn!("{note}");
        report.notes.push(note);
        Some(relief)
    }

    fn target(&self, scale: &Scale, memory: u64) -> Result<Target> {
        let size = [self.source.picture.width(), self.source.picture.height()];
        let content = source::content(self.source, self.multiple, scale)?;
        let (masks, groups) = source::masks(self.styles, size, self.multiple, scale)?;
        let factor = f64::from(self.options.style_scale).powi(2);
        let looking = Looking {
            pixels: f64::from(scale.width) * f64::from(scale.height) * factor,
            multiple: self.multiple,
            colors: self.colors.as_ref(),
            cancel: self.job.cancel,
        };
        let styles = self
            .styles
            .iter()
            .zip(groups)
            .map(|(style, group)| looking.at(style, group))
            .collect::<Result<Vec<_>>>()?;
        let spec = self.model.spec(1)?;
        let mut session = self.model.session(Graph::Statistics, 1)?;
        let gathering = Gathering {
            session: &mut session,
            spec: &spec,
            most_pixels: memory::statistics_pixels(
                u64::from(scale.width) * u64::from(scale.height),
                &spec,
                memory,
            ),
            cancel: self.job.cancel,
        };
        let OptimizeOptions { content_weight, style_weight, tv_weight, .. } = *self.options;
        let weights = [content_weight, style_weight, tv_weight];
        let shares = [&self.model.content_shares[..], &self.model.style_shares[..]];
        Target::new(gathering, &content, &styles, masks, weights, shares)
    }
}

/// What is done about a want of memory.
enum Relief {
    /// Tiles, or smaller ones.
    Smaller,
    /// All of the memory again, on the CPU.
    Cpu,
}

/// Half of the memory, or so little that the whole picture does not fit any more.
fn smaller(memory: u64, pixels: u64, plan: Plan) -> u64 {
    match plan {
        Plan::Whole => (memory / 2).min(memory::just_below_whole(pixels)),
        Plan::Tiles { .. } => memory / 2,
    }
}

fn check_styles(styles: &[StylePicture<'_>]) -> Result<()> {
    let refuse = |what: &str| Err(Error::new(ErrorKind::Style, what));
    if styles.is_empty() {
        return refuse("cannot optimise without a style picture");
    }
    if styles.iter().any(|style| !(style.weight > 0.0 && style.weight <= 1e6)) {
        return refuse("cannot weigh a style picture by what is not above 0 and up to 1000000");
    }
    Ok(())
}

fn moments(thumbnail: &Thumbnail) -> Moments {
    let mut moments = Moments::default();
    for (&color, &alpha) in thumbnail.colors.iter().zip(&thumbnail.alphas) {
        moments.add(color, alpha);
    }
    moments
}

/// Stands for the pictures and settings that a checkpoint belongs to.
fn fingerprint(
    canvas: &Canvas<'_, '_>,
    styles: &[StylePicture<'_>],
    options: &OptimizeOptions,
) -> String {
    let mut hash = Sha256::new();
    for y in 0..canvas.input.height() {
        hash.update(canvas.input.row_bytes(y, 0, canvas.input.width()));
    }
    let described = |size: [u32; 2], format: PixelFormat, space: &ColorSpace| {
        format!("{size:?} {format:?} {space:?}")
    };
    let size = [canvas.input.width(), canvas.input.height()];
    hash.update(described(size, canvas.input.format(), canvas.color_space));
    let mut picture = |picture: Option<&Picture>| match picture {
        Some(picture) => {
            let size = [picture.width(), picture.height()];
            hash.update(described(size, picture.format(), picture.color_space()));
            hash.update(picture.data());
        }
        // A mask is no region.
        None => hash.update("none"),
    };
    for style in styles {
        [Some(style.picture), style.mask, style.region].into_iter().for_each(&mut picture);
    }
    picture(options.start_picture.as_deref());
    let plain = OptimizeOptions {
        start_picture: None,
        checkpoint: None,
        checkpoint_every: Duration::ZERO,
        keep_on_cancel: false,
        ..options.clone()
    };
    hash.update(format!("{plain:?}"));
    hash.update(format!("{:?}", styles.iter().map(|style| style.weight).collect::<Vec<_>>()));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn as_picture(planes: &Planes) -> Result<Picture> {
    let format = PixelFormat::new(Channels::Rgb, SampleType::F32);
    let (width, height) = (planes.width as u32, planes.height as u32);
    let mut picture = Picture::new(width, height, format, ColorSpace::Srgb)?;
    let colors = interleaved(&planes.values);
    for (y, row) in colors.chunks_exact(planes.width).enumerate() {
        let row: Vec<[f32; 4]> =
            row.iter().map(|color| [color.0[0], color.0[1], color.0[2], 1.0]).collect();
        picture.view_mut().write_row(y as u32, 0, &row);
    }
    Ok(picture)
}

/// The painting in the picture's own pixels: without its margin, and enlarged with the photograph's
/// fine detail where it was optimised smaller.
fn write(
    work: &Work<'_>,
    painted: Planes,
    finish: &Finish<'_>,
    output: &mut crate::image::PixelViewMut<'_>,
    cancel: &Cancel,
) -> Result<()> {
    let size = [work.source.picture.width(), work.source.picture.height()];
    let Frame { margin, width, height } = Frame::new(size, work.multiple);
    let own = Region { x: 0..painted.width as i64, y: 0..painted.height as i64 };
    let is_whole = [painted.width as u32, painted.height as u32] == [width, height];
    let coarse = match is_whole {
        true => None,
        false => {
            let (width, height) = (painted.width as u32, painted.height as u32);
            let scale = Scale { width, height, iterations: 0 };
            Some(interleaved(&source::content(work.source, work.multiple, &scale)?.values))
        }
    };
    let colors = interleaved(&painted.values);
    drop(painted);
    let scale = [own.width() as f64 / f64::from(width), own.height() as f64 / f64::from(height)];
    for top in (0..size[1]).step_by(ROWS_AT_ONCE as usize) {
        let rows = top..(top + ROWS_AT_ONCE).min(size[1]);
        let enlarged = |colors: &[Color]| {
            let crop = Crop {
                left: f64::from(margin) * scale[0],
                top: f64::from(margin + top) * scale[1],
                width: f64::from(size[0]) * scale[0],
                height: rows.len() as f64 * scale[1],
            };
            resize(colors, &own, crop, [size[0] as usize, rows.len()])
        };
        let (painted, coarse) = match &coarse {
            Some(coarse) => (enlarged(&colors)?, Some(enlarged(coarse)?)),
            None => {
                let inner = rows.clone().flat_map(|y| {
                    let from = (y + margin) as usize * width as usize + margin as usize;
                    &colors[from..from + size[0] as usize]
                });
                (inner.copied().collect(), None)
            }
        };
        let part = Painted { columns: 0..size[0], rows, colors: painted, coarse };
        finish.write(&part, output, cancel)?;
    }
    Ok(())
}
