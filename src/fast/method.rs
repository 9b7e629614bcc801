//! The fast method's networks and the three things they do: take a style, take statistics, paint.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rayon::ThreadPool;

use super::cache;
use super::look::Look;
use super::network::{CODE_LENGTH, Network};
use super::options::FastOptions;
use super::paint::{Painter, Painting, Report, paint_tiles};
use super::per_style::PerStyle;
use super::statistics;
use super::style::Style;
use crate::canvas::{Canvas, Finish, KeepColor, Source};
use crate::color::{ColorMatch, Conversion, Thumbnail};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Form, in_half};
use crate::image::{ColorSpace, Picture, PixelView};
use crate::job::{Cancel, Job};
use crate::models::Models;
use crate::runtime::{self, Device, Halve, Input, Runtime, Session};
use crate::threads;

/// The short side at which a style picture is looked at: strokes were learned at 256 to 400.
const STYLE_SIDE: u32 = 320;

/// The longest side: a scroll or a frieze does not take minutes.
const LONGEST_STYLE_SIDE: u32 = 1280;

/// Part of the whole work that is done when the statistics are.
const STATISTICS_FRACTION: f32 = 0.25;

/// The networks of the fast method on one device.
pub(crate) struct FastMethod {
    models: Models,
    runtime: Arc<Runtime>,
    device: Device,
    threads: NonZeroUsize,
    network: Network,
    pool: ThreadPool,
    /// `style.onnx`, once a style picture was seen.
    encoder: Mutex<Option<Session>>,
    /// The network that measures, once anything was painted.
    analyst: Mutex<Option<Session>>,
    /// The same on the CPU, once another device had too little memory.
    cpu: OnceLock<Box<FastMethod>>,
}

/// Which of the fast method's networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FastNetwork {
    /// The one that paints.
    Render,
    /// The one that takes the statistics of features.
    Statistics,
}

/// A network as ONNX files.
pub struct NetworkForms {
    /// Ordinary ONNX, for every device.
    pub onnx: Vec<u8>,
    /// For the CPU, with operators of the engine's own.
    pub for_cpu: Vec<u8>,
    /// What makes one in 16-bit floats, of the network that paints: the statistics that make the
    /// look stay in 32 bits.
    pub in_half: Option<Halve>,
}

impl NetworkForms {
    fn of(graph: impl Fn(Form) -> Result<Vec<u8>>, in_half: Option<Halve>) -> Result<Self> {
        Ok(Self { onnx: graph(Form::Onnx)?, for_cpu: graph(Form::Cpu)?, in_half })
    }
}

/// What want of memory led to.
#[derive(Default)]
struct Relief {
    /// The device that paints.
    device: Option<Device>,
    retries: u32,
    notes: Vec<String>,
}

impl Relief {
    fn note(&mut self, what: &str, error: &Error) {
        let note = format!("{what}: {}", error.full_message());
        log::warn!("{note}");
        self.notes.push(note);
        self.retries += 1;
    }
}

impl FastMethod {
    pub fn new(
        models: Models,
        runtime: Arc<Runtime>,
        device: Device,
        threads: NonZeroUsize,
    ) -> Result<Self> {
        let network = Network::parse("render.onnx", &models.load("render")?)?;
        let pool = threads::pool(threads)?;
        let (encoder, analyst) = (Mutex::new(None), Mutex::new(None));
        let cpu = OnceLock::new();
        Ok(Self { models, runtime, device, threads, network, pool, encoder, analyst, cpu })
    }

    pub fn prepare(&self) -> Result<()> {
        self.analyst().map(drop)
    }

    pub fn style_of_picture(
        &self,
        picture: &Picture,
        name: &str,
        cache_folder: Option<&Path>,
        job: Job<'_>,
    ) -> Result<Style> {
        job.step("Looking at the style", 0.0)?;
        let network = self.models.sha256("style").unwrap_or_default().to_owned();
        let key = cache::key(picture, &network);
        if let Some(mut style) = cache::load(cache_folder, &key, &network) {
            style.name = name.to_owned();
            return Ok(style);
        }
        let (width, height) = (picture.width(), picture.height());
        let shrink = (f64::from(STYLE_SIDE) / f64::from(width.min(height)))
            .min(f64::from(LONGEST_STYLE_SIDE) / f64::from(width.max(height)));
        let size = [width, height].map(|side| (f64::from(side) * shrink.min(1.0)).round() as u32);
        let conversion = Conversion::new(picture.color_space())?;
        let mut seen = self
            .pool
            .install(|| Thumbnail::of(picture.view(), &conversion, size[0], size[1], job.cancel))?;
        seen.fill_transparent();
        // Its deepest features need 8 pixels; mirroring a tiny picture up leaves its statistics.
        let input = statistics::mirrored(&seen, 0, 1);
        let shape = [1, 3, input.height as i64, input.width as i64];
        let image = Input { name: "style", shape: &shape, values: &input.planes };
        let mut encoder = self.encoder()?;
        let code = session(&mut encoder)?
            .run(&[image], job.cancel, |outputs| Ok(outputs.floats("code")?.1.to_vec()))?;
        drop(encoder);
        if code.len() != CODE_LENGTH || code.iter().any(|v| !v.is_finite()) {
            let what = format!("cannot use '{name}' as a style: its code is not finite");
            return Err(Error::new(ErrorKind::Style, what));
        }
        let style = Style::unnamed(name, &network, code);
        cache::store(cache_folder, &key, &style);
        job.step("Looking at the style", 1.0)?;
        Ok(style)
    }

    /// Paints in the picture's own look, or in the one given. Where the device has too little
    /// memory for the smallest tiles tried, the CPU paints.
    pub fn paint(
        &self,
        canvas: Canvas<'_, '_>,
        style: &Style,
        options: &FastOptions,
        look: Option<&Look>,
        memory: u64,
        job: Job<'_>,
    ) -> Result<Report> {
        let mut relief = Relief::default();
        let again = Canvas { output: &mut *canvas.output, ..canvas };
        match self.paint_here(again, style, options, look, memory, job, &mut relief) {
            Err(e) if e.kind() == ErrorKind::Memory && self.is_beside_cpu(&relief) => {
                relief.note("painted on the CPU instead", &e);
                self.on_cpu()?.paint_here(canvas, style, options, look, memory, job, &mut relief)
            }
            painted => painted,
        }
    }

    fn is_beside_cpu(&self, relief: &Relief) -> bool {
        match &relief.device {
            Some(device) => *device != Device::Cpu,
            // No network could be prepared; `Auto` tried the CPU last.
            None => !matches!(self.device, Device::Auto | Device::Cpu),
        }
    }

    fn on_cpu(&self) -> Result<&Self> {
        if self.cpu.get().is_none() {
            let (models, runtime) = (self.models.clone(), Arc::clone(&self.runtime));
            let made = Self::new(models, runtime, Device::Cpu, self.threads)?;
            let _ = self.cpu.set(Box::new(made));
        }
        let cpu = self.cpu.get().map(Box::as_ref);
        cpu.ok_or_else(|| Error::new(ErrorKind::Runtime, "cannot reach the CPU's networks"))
    }

    #[allow(clippy::too_many_arguments, reason = "those of `paint`, and what it keeps")]
    fn paint_here(
        &self,
        canvas: Canvas<'_, '_>,
        style: &Style,
        options: &FastOptions,
        look: Option<&Look>,
        memory: u64,
        job: Job<'_>,
        relief: &mut Relief,
    ) -> Result<Report> {
        let started = Instant::now();
        options.check()?;
        let conversion = canvas.check()?;
        self.check_style(style)?;
        look.map_or(Ok(()), |look| look.check(self.network_of_looks()))?;
        job.step("Looking at the picture", 0.0)?;
        let thumbnail = self.thumbnail(canvas.input, &conversion, options, job.cancel)?;
        let own = match look {
            Some(_) => None,
            None => Some(self.affine(&thumbnail, style, options, job.cancel)?),
        };
        let affine = look.map(|look| &look.affine).or(own.as_ref());
        let affine = affine.map_or(&[][..], Vec::as_slice);
        let mut session = self.render_session(affine)?;
        relief.device = Some(session.device().clone());
        let color_match = match (options.keep_color, look.and_then(|l| l.color_match.clone())) {
            (KeepColor::Match, Some(color_match)) => Some(color_match),
            (KeepColor::Match, None) => {
                Some(self.color_match(&thumbnail, options, &mut session, job.cancel)?)
            }
            _ => None,
        };
        let source = Source::new(&canvas, &conversion, &thumbnail);
        let painting = Painting::new(&source, options, &self.pool);
        let statistics = started.elapsed();
        let mut report = Report {
            device: session.device().clone(),
            statistics,
            network: Duration::ZERO,
            pixels: Duration::ZERO,
            tiles: 0,
            retries: 0,
            notes: session.fallback().map(str::to_owned).into_iter().collect(),
        };
        let finish = Finish::new(&source, canvas.mask, options.finishing(), color_match);
        let mut painter = Painter::Folded(session);
        let mut budget = memory;
        // A tile that does not fit after all is tried at half and at a quarter of its size.
        for attempt in 0..3 {
            let tiles = painting.tiles(budget);
            let painted = paint_tiles(
                &painting,
                &tiles,
                &mut painter,
                &finish,
                canvas.output,
                STATISTICS_FRACTION,
                job,
            );
            match painted {
                Ok(network) => {
                    report.network = network;
                    report.tiles = tiles.len();
                    break;
                }
                Err(e) if e.kind() == ErrorKind::Memory && attempt < 2 => {
                    // Less than this attempt took, however large the budget is.
                    budget = painting.bytes_of(&tiles) / 2;
                    relief.note("tiles were halved", &e);
                    painter = Painter::Folded(self.render_session(affine)?);
                }
                Err(e) => return Err(e),
            }
        }
        report.pixels = started.elapsed() - report.statistics - report.network;
        report.retries = relief.retries;
        report.notes.append(&mut relief.notes);
        Ok(report)
    }

    pub fn paint_with_network(
        &self,
        canvas: Canvas<'_, '_>,
        network: &mut PerStyle,
        options: &FastOptions,
        job: Job<'_>,
    ) -> Result<Report> {
        let started = Instant::now();
        options.check()?;
        let conversion = canvas.check()?;
        if options.keep_color == KeepColor::Match {
            let what = "cannot match colours with a network of your own: it shows no thumbnail";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        // What such a network learned is not known: only the user may scale its picture.
        let brush_size = if options.brush_size == 0.0 { 1.0 } else { options.brush_size };
        let options = &FastOptions { brush_size, ..options.clone() };
        job.step("Looking at the picture", 0.0)?;
        let thumbnail = self.thumbnail(canvas.input, &conversion, options, job.cancel)?;
        let source = Source::new(&canvas, &conversion, &thumbnail);
        let painting = Painting::new(&source, options, &self.pool);
        let tiles = [painting.whole(network.size_multiple())];
        let statistics = started.elapsed();
        let notes = network.fallback().map(str::to_owned).into_iter().collect();
        let mut painter = Painter::PerStyle(network);
        let device = painter.device().clone();
        let finish = Finish::new(&source, canvas.mask, options.finishing(), None);
        let in_network =
            paint_tiles(&painting, &tiles, &mut painter, &finish, canvas.output, 0.05, job)?;
        Ok(Report {
            device,
            statistics,
            network: in_network,
            pixels: started.elapsed() - statistics - in_network,
            tiles: 1,
            retries: 0,
            notes,
        })
    }

    /// What a painting of `picture` would take from the whole of it.
    pub fn look(
        &self,
        picture: PixelView<'_>,
        color_space: &ColorSpace,
        style: &Style,
        options: &FastOptions,
        job: Job<'_>,
    ) -> Result<Look> {
        options.check()?;
        self.check_style(style)?;
        job.step("Looking at the picture", 0.0)?;
        let conversion = Conversion::new(color_space)?;
        let thumbnail = self.thumbnail(picture, &conversion, options, job.cancel)?;
        let affine = self.affine(&thumbnail, style, options, job.cancel)?;
        let color_match = if options.keep_color == KeepColor::Match {
            let mut session = self.render_session(&affine)?;
            Some(self.color_match(&thumbnail, options, &mut session, job.cancel)?)
        } else {
            None
        };
        job.step("Looking at the picture", 1.0)?;
        Ok(Look { affine, color_match, network: self.network_of_looks().to_owned() })
    }

    pub fn network(&self, which: FastNetwork, look: &Look) -> Result<NetworkForms> {
        match which {
            FastNetwork::Render => self.render(&look.affine),
            FastNetwork::Statistics => self.statistics(),
        }
    }

    fn render(&self, affine: &[f32]) -> Result<NetworkForms> {
        NetworkForms::of(|form| self.network.render_graph(affine, form), Some(in_half))
    }

    fn statistics(&self) -> Result<NetworkForms> {
        let network = Network::parse("stylize.onnx", &self.models.load("stylize")?)?;
        NetworkForms::of(|form| network.statistics_graph(form), None)
    }

    /// The normalisation that the whole picture gets, from a thumbnail of it.
    fn affine(
        &self,
        thumbnail: &Thumbnail,
        style: &Style,
        options: &FastOptions,
        cancel: &Cancel,
    ) -> Result<Vec<f32>> {
        let input = statistics::input(thumbnail, 0, options, &self.pool);
        let shape = [1, 3, input.height as i64, input.width as i64];
        let inputs = [
            Input { name: "image", shape: &shape, values: &input.planes },
            Input { name: "code", shape: &[1, CODE_LENGTH as i64], values: &style.code },
            Input { name: "control", shape: &[1, 2], values: &options.controls() },
        ];
        let mut analyst = self.analyst()?;
        let affine = session(&mut analyst)?
            .run(&inputs, cancel, |outputs| Ok(outputs.floats("affine")?.1.to_vec()))?;
        if affine.iter().any(|v| !v.is_finite()) {
            let what = format!("cannot paint in the style '{}': its code is extreme", style.name);
            return Err(Error::new(ErrorKind::Style, what));
        }
        Ok(affine)
    }

    /// Of the thumbnail, so that all tiles agree.
    fn color_match(
        &self,
        thumbnail: &Thumbnail,
        options: &FastOptions,
        session: &mut Session,
        cancel: &Cancel,
    ) -> Result<ColorMatch> {
        statistics::color_match(thumbnail, options, session, &self.pool, cancel)
    }

    fn thumbnail(
        &self,
        picture: PixelView<'_>,
        conversion: &Conversion,
        options: &FastOptions,
        cancel: &Cancel,
    ) -> Result<Thumbnail> {
        let size = [picture.width(), picture.height()];
        let [width, height] = statistics::thumbnail_size(options.canvas(size));
        let mut thumbnail =
            self.pool.install(|| Thumbnail::of(picture, conversion, width, height, cancel))?;
        thumbnail.fill_transparent();
        let (width, height) = (width as usize, height as usize);
        if thumbnail.width < width || thumbnail.height < height {
            // Of a picture that is smaller than its canvas: strokes are looked for at their size.
            thumbnail = self.pool.install(|| {
                thumbnail.enlarged(width.max(thumbnail.width), height.max(thumbnail.height))
            });
        }
        Ok(thumbnail)
    }

    fn network_of_looks(&self) -> &str {
        self.models.sha256("stylize").unwrap_or_default()
    }

    fn check_style(&self, style: &Style) -> Result<()> {
        let known = self.models.sha256("style").unwrap_or_default();
        if style.code.len() == CODE_LENGTH && style.network.eq_ignore_ascii_case(known) {
            return Ok(());
        }
        let what = format!(
            "cannot paint in the style '{}': its code was made by another network; make it again \
             from its picture",
            style.name
        );
        Err(Error::new(ErrorKind::Style, what))
    }

    fn encoder(&self) -> Result<MutexGuard<'_, Option<Session>>> {
        let mut encoder = self.encoder.lock().unwrap_or_else(PoisonError::into_inner);
        if encoder.is_none() {
            let network = self.models.load("style")?;
            *encoder = Some(self.runtime.session("style", &network, &self.device, self.threads)?);
        }
        Ok(encoder)
    }

    fn analyst(&self) -> Result<MutexGuard<'_, Option<Session>>> {
        let mut analyst = self.analyst.lock().unwrap_or_else(PoisonError::into_inner);
        if analyst.is_none() {
            *analyst = Some(self.session("statistics", &self.statistics()?)?);
        }
        Ok(analyst)
    }

    fn render_session(&self, affine: &[f32]) -> Result<Session> {
        self.session("render", &self.render(affine)?)
    }

    pub fn session(&self, name: &str, forms: &NetworkForms) -> Result<Session> {
        let NetworkForms { onnx, for_cpu, in_half } = forms;
        let network = runtime::Network { onnx, for_cpu: Some(for_cpu), in_half: *in_half };
        self.runtime.session(name, network, &self.device, self.threads)
    }
}

fn session<'s>(guard: &'s mut MutexGuard<'_, Option<Session>>) -> Result<&'s mut Session> {
    guard.as_mut().ok_or_else(|| Error::new(ErrorKind::Runtime, "cannot reach the network"))
}
