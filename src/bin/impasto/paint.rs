//! `impasto paint`.

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{ArgGroup, ArgMatches, Args};
use impasto::canvas::Canvas;
use impasto::fast::{PerStyle, PictureFormat, Report, Style};
use impasto::file::{self, FileFormat, WriteOptions};
use impasto::image::{Channels, ColorSpace, Picture, PixelFormat};
use impasto::job::{Cancel, Job, Progress};
use impasto::models::ChannelOrder;
use impasto::optimize::{OptimizeReport, Watching};
use impasto::parameters::{self as painting, Settings};
use impasto::{Engine, Error, ErrorKind, Result, memory};
use serde_json::{Value, json};

use crate::arguments::{EngineArguments, settings};
use crate::optimize::{OptimizeArguments, Styles};
use crate::{cancel, output, progress, size, style};

/// Memory that a painting needs besides pictures, whatever its size.
const LEAST_WORKING_MEMORY: u64 = 256 << 20;

#[derive(Args)]
#[group(skip)]
#[command(group = ArgGroup::new("target").required(true))]
pub struct PaintArguments {
    /// Pictures to paint: PNG, JPEG, TIFF, WebP or OpenEXR; - for standard input
    #[arg(required = true, value_name = "PICTURE")]
    inputs: Vec<PathBuf>,
    /// A style by name (see `impasto styles`) or a picture; :WEIGHT mixes several
    #[arg(long, short, value_name = "STYLE[:WEIGHT]", required_unless_present = "network")]
    style: Vec<String>,
    /// The file to write; its ending chooses the format; - for standard output (PNG)
    #[arg(long, short, value_name = "FILE", group = "target")]
    out: Option<PathBuf>,
    /// A folder to write pictures of the same names to
    #[arg(long, value_name = "FOLDER", group = "target")]
    out_dir: Option<PathBuf>,
    /// Paint only where this picture is white; it is scaled to fit
    #[arg(long, value_name = "PICTURE")]
    mask: Option<PathBuf>,
    /// Quality of written JPEG files
    #[arg(long, value_name = "1-100", default_value_t = 92, value_parser = clap::value_parser!(u8).range(1..=100))]
    quality: u8,
    /// Print a report for programs as JSON
    #[arg(long)]
    json: bool,
    /// Show no progress
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    network: NetworkArguments,
    #[command(flatten)]
    optimize: OptimizeArguments,
}

/// A network that paints in one style of its own.
#[derive(Args)]
#[command(next_help_heading = "Own network")]
struct NetworkArguments {
    /// A per-style ONNX network to paint with, described by a manifest beside it or by the
    /// options below
    #[arg(long, value_name = "FILE", conflicts_with = "style")]
    network: Option<PathBuf>,
    /// The values of black and white in its pictures, such as 0..255
    #[arg(long, value_name = "BLACK..WHITE", value_parser = parse_range, requires = "network")]
    network_range: Option<[f32; 2]>,
    /// The order of its colour channels
    #[arg(long, value_name = "rgb|bgr", default_value = "rgb", value_parser = parse_order, requires = "network_range")]
    network_order: ChannelOrder,
    /// Its pictures' sides must be multiples of this
    #[arg(long, value_name = "N", default_value_t = 4, requires = "network_range")]
    network_multiple: u32,
}

/// What paints: a style for our network, a network of the user's own, or style pictures.
enum Method {
    Style(Style),
    Network(PerStyle),
    Optimize(Styles),
}

pub fn run(
    engine: &Engine,
    engine_arguments: &EngineArguments,
    arguments: &PaintArguments,
    matches: &ArgMatches,
) -> Result<()> {
    check_network_settings(arguments, matches)?;
    let mut settings = settings(matches)?;
    let targets = targets(arguments)?;
    if settings.method == painting::Method::Fast {
        arguments.optimize.refuse_for_fast()?;
    } else {
        arguments.optimize.apply(&mut settings.optimize)?;
        if targets.len() > 1 && settings.optimize.checkpoint.is_some() {
            let what = "cannot keep one checkpoint for several pictures";
            return Err(Error::new(ErrorKind::Argument, what));
        }
    }
    let cancel = cancel::on_interrupt();
    let started = Instant::now();
    let mut method = method(engine, settings.method, arguments, &cancel)?;
    let mask = arguments.mask.as_deref().map(file::read).transpose()?;
    let style_seconds = started.elapsed().as_secs_f64();

    let mut reports = Vec::new();
    let mut failures = 0;
    for (input, output) in &targets {
        let one = One {
            engine,
            settings: &settings,
            mask: mask.as_ref(),
            arguments,
            cancel: &cancel,
            memory: engine_arguments.memory,
        };
        match one.paint(input, output, &mut method) {
            Ok(report) => reports.push(report),
            Err(e) if e.kind() == ErrorKind::Cancelled => return Err(e),
            // A single picture's error ends the program below, with its words.
            Err(e) if targets.len() == 1 => return Err(e),
            Err(e) => {
                failures += 1;
                eprintln!("impasto: {}", e.full_message());
                reports.push(json!({"input": input, "error": e.full_message()}));
            }
        }
    }
    if arguments.json {
        let report = json!({
            "style_seconds": style_seconds,
            "pictures": reports,
            "peak_memory_bytes": memory::peak_resident_bytes(),
        });
        // With the picture on standard output the report goes to standard error.
        if arguments.out.as_deref().is_some_and(is_standard) {
            eprintln!("{report}");
        } else {
            output::line(format_args!("{report}"))?;
        }
    }
    if failures > 0 {
        let what = format!("{failures} of {} pictures were not painted", targets.len());
        return Err(Error::new(ErrorKind::Picture, what));
    }
    Ok(())
}

/// A network of the user's own has no controls: a setting that does nothing is an error.
fn check_network_settings(arguments: &PaintArguments, matches: &ArgMatches) -> Result<()> {
    let without_effect = ["strength", "grain"];
    let given = matches
        .subcommand()
        .and_then(|(_, matches)| without_effect.iter().find(|name| matches.contains_id(name)));
    match given.filter(|_| arguments.network.network.is_some()) {
        Some(name) => {
            let what = format!("cannot use --{name} with --network: only our network has it");
            Err(Error::new(ErrorKind::Argument, what))
        }
        None => Ok(()),
    }
}

/// Each input with the file it becomes.
fn targets(arguments: &PaintArguments) -> Result<Vec<(PathBuf, PathBuf)>> {
    let refuse = |what: &str| Err(Error::new(ErrorKind::Argument, what));
    if let Some(out) = &arguments.out {
        if arguments.inputs.len() > 1 {
            return refuse("cannot write several pictures to one file: use --out-dir");
        }
        if is_standard(out) && std::io::stdout().is_terminal() {
            return refuse("cannot write a picture to a terminal: give a file, or use a pipe");
        }
        // An unknown ending is told before the work, not after it.
        if !is_standard(out) {
            FileFormat::for_writing(out)?;
        }
        return Ok(vec![(arguments.inputs[0].clone(), out.clone())]);
    }
    let folder = arguments.out_dir.clone().unwrap_or_default();
    std::fs::create_dir_all(&folder).map_err(|e| {
        let what = format!("cannot make the folder '{}'", folder.display());
        Error::caused(ErrorKind::File, what, e)
    })?;
    let mut targets: Vec<(PathBuf, PathBuf)> = Vec::new();
    for input in &arguments.inputs {
        let Some(name) = input.file_name().filter(|_| !is_standard(input)) else {
            return refuse("cannot name the picture from standard input: use --out");
        };
        let output = folder.join(name);
        let same = |a: &Path, b: &Path| {
            a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
        };
        if same(input, &output) {
            return refuse("cannot write to --out-dir: it is the folder of the pictures");
        }
        FileFormat::for_writing(&output)?;
        if targets.iter().any(|(_, other)| *other == output) {
            let what = format!("cannot write two pictures to '{}'", output.display());
            return Err(Error::new(ErrorKind::Argument, what));
        }
        targets.push((input.clone(), output));
    }
    Ok(targets)
}

fn method(
    engine: &Engine,
    wanted: painting::Method,
    arguments: &PaintArguments,
    cancel: &Cancel,
) -> Result<Method> {
    if wanted == painting::Method::Optimize {
        if arguments.network.network.is_some() {
            let what = "cannot use --network with --method optimize: see --features";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        return Ok(Method::Optimize(arguments.optimize.styles(&arguments.style)?));
    }
    let Some(path) = &arguments.network.network else {
        let job = Job { cancel, progress: &|_| {}, memory: None };
        return Ok(Method::Style(style::resolve(engine, &arguments.style, job)?));
    };
    let format = arguments.network.network_range.map(|value_range| PictureFormat {
        value_range,
        channel_order: arguments.network.network_order,
        size_multiple: arguments.network.network_multiple,
    });
    Ok(Method::Network(engine.open_network(path, format)?))
}

/// What a painting took, by whatever method.
struct Done {
    device: String,
    tiles: usize,
    seconds: Vec<(&'static str, f64)>,
    notes: Vec<String>,
    scales: Option<Value>,
    /// Whether it is unfinished work, kept on a request to stop.
    is_kept: bool,
}

impl Done {
    fn of_fast(report: &Report) -> Self {
        Self {
            device: report.device.to_string(),
            tiles: report.tiles,
            seconds: vec![
                ("statistics", report.statistics.as_secs_f64()),
                ("network", report.network.as_secs_f64()),
                ("pixels", report.pixels.as_secs_f64()),
            ],
            notes: report.notes.clone(),
            scales: None,
            is_kept: false,
        }
    }

    fn of_optimization(report: &OptimizeReport) -> Self {
        let scales = report.scales.iter().map(|scale| {
            let losses = scale.losses.map(|losses| {
                json!({
                    "content": losses.content,
                    "style": losses.style,
                    "variation": losses.variation,
                    "total": losses.total,
                })
            });
            json!({
                "size": [scale.width, scale.height],
                "steps": scale.steps,
                "tiles": scale.tiles,
                "seconds": scale.time.as_secs_f64(),
                "losses": losses,
            })
        });
        Self {
            device: report.device.to_string(),
            tiles: report.scales.last().map_or(0, |scale| scale.tiles),
            seconds: vec![
                ("optimizing", report.optimizing.as_secs_f64()),
                ("pixels", report.pixels.as_secs_f64()),
            ],
            notes: report.notes.clone(),
            scales: Some(scales.collect()),
            is_kept: report.stopped,
        }
    }
}

/// One picture's painting.
struct One<'a> {
    engine: &'a Engine,
    settings: &'a Settings,
    mask: Option<&'a Picture>,
    arguments: &'a PaintArguments,
    cancel: &'a Cancel,
    memory: Option<u64>,
}

impl One<'_> {
    fn paint(&self, input: &Path, output: &Path, method: &mut Method) -> Result<Value> {
        let name = input.file_name().unwrap_or(input.as_os_str()).to_string_lossy().into_owned();
        let bar = progress::bar(&name, !self.arguments.quiet);
        let started = Instant::now();
        let picture = colored(read(input)?)?;
        let read_seconds = started.elapsed().as_secs_f64();

        let mask = self.mask.map(|mask| mask.mask(picture.width(), picture.height()));
        let mask = mask.transpose()?;
        let mut painted = Picture::new(
            picture.width(),
            picture.height(),
            picture.format(),
            picture.color_space().clone(),
        )?;
        painted.set_exif(picture.exif().map(<[u8]>::to_vec));
        let canvas = Canvas {
            input: picture.view(),
            color_space: picture.color_space(),
            mask: mask.as_ref().map(Picture::view),
            output: &mut painted.view_mut(),
        };
        let show = |state: Progress| progress::show(&bar, state);
        let job =
            Job { cancel: self.cancel, progress: &show, memory: self.working_memory(&picture)? };
        let done = match method {
            Method::Style(style) => {
                let report = self.engine.paint_fast(canvas, style, &self.settings.fast, job);
                report.map(|report| Done::of_fast(&report))
            }
            Method::Network(network) => {
                let fast = &self.settings.fast;
                let report = self.engine.paint_with_network(canvas, network, fast, job);
                report.map(|report| Done::of_fast(&report))
            }
            Method::Optimize(styles) => self.optimize(canvas, styles, job),
        }
        .map_err(|e| match e.kind() {
            ErrorKind::Cancelled => e,
            kind => Error::caused(kind, format!("cannot paint '{}'", input.display()), e),
        })?;

        let (width, height) = (picture.width(), picture.height());
        drop(picture);
        drop(mask);
        let writing = Instant::now();
        if !done.is_kept {
            self.cancel.check()?;
        }
        let notes = self.write(&painted, output)?;
        if !done.is_kept {
            self.arguments.optimize.remove_checkpoint();
        }
        bar.finish_and_clear();
        for note in done.notes.iter().chain(&notes) {
            log::warn!("{}: {note}", output.display());
        }
        let write_seconds = writing.elapsed().as_secs_f64();
        Ok(self.report(
            input,
            output,
            [width, height],
            &done,
            &notes,
            [read_seconds, write_seconds, started.elapsed().as_secs_f64()],
        ))
    }

    fn report(
        &self,
        input: &Path,
        output: &Path,
        size: [u32; 2],
        done: &Done,
        notes: &[String],
        [read, write, total]: [f64; 3],
    ) -> Value {
        let mut seconds = done.seconds.clone();
        seconds.extend([("read", read), ("write", write), ("total", total)]);
        let seconds: serde_json::Map<String, Value> =
            seconds.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
        let mut report = json!({
            "input": input,
            "output": output,
            "size": size,
            "device": done.device,
            "tiles": done.tiles,
            "seconds": seconds,
            "notes": done.notes.iter().chain(notes).collect::<Vec<_>>(),
        });
        if let Some(scales) = &done.scales {
            report["scales"] = scales.clone();
            report["stopped"] = json!(done.is_kept);
        }
        report
    }

    fn optimize(&self, canvas: Canvas<'_, '_>, styles: &Styles, job: Job<'_>) -> Result<Done> {
        let preview = self.arguments.optimize.preview();
        let watching = match &preview {
            Some((every, write)) => Watching { preview: Some(write), preview_every: *every },
            None => Watching::default(),
        };
        let options = &self.settings.optimize;
        let report =
            self.engine.paint_optimize(canvas, &styles.pictures(), options, watching, job)?;
        Ok(Done::of_optimization(&report))
    }

    /// What `--memory` leaves beside what the program holds already, pictures included.
    fn working_memory(&self, picture: &Picture) -> Result<Option<u64>> {
        let Some(limit) = self.memory else { return Ok(None) };
        let held = memory::resident_bytes().unwrap_or(0);
        if held + LEAST_WORKING_MEMORY > limit {
            let what = format!(
                "cannot paint {}x{} within {}: the program and the pictures take {} alone; allow \
                 {} or more",
                picture.width(),
                picture.height(),
                size::bytes(limit),
                size::bytes(held),
                size::bytes(held + LEAST_WORKING_MEMORY)
            );
            return Err(Error::new(ErrorKind::Memory, what));
        }
        Ok(Some(limit - held))
    }

    fn write(&self, painted: &Picture, output: &Path) -> Result<Vec<String>> {
        let options = WriteOptions { jpeg_quality: self.arguments.quality, ..Default::default() };
        if !is_standard(output) {
            return file::write(painted, output, &options);
        }
        let mut out = std::io::stdout().lock();
        let notes = file::write_bytes(painted, FileFormat::Png, &options, &mut out)?;
        out.flush()
            .map_err(|e| Error::caused(ErrorKind::File, "cannot write to standard output", e))?;
        Ok(notes)
    }
}

fn read(input: &Path) -> Result<Picture> {
    if !is_standard(input) {
        return file::read(input);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(|e| {
        Error::caused(ErrorKind::File, "cannot read the picture from standard input", e)
    })?;
    file::read_bytes(&bytes, "standard input")
}

/// A gray photograph is painted in colour.
fn colored(picture: Picture) -> Result<Picture> {
    let format = picture.format();
    let channels = match format.channels {
        Channels::Gray => Channels::Rgb,
        Channels::GrayAlpha => Channels::Rgba,
        _ => return Ok(picture),
    };
    let space = match picture.color_space() {
        // A gray profile describes no colours.
        ColorSpace::Icc(_) => ColorSpace::Srgb,
        other => other.clone(),
    };
    picture.converted(PixelFormat { channels, ..format }, space)
}

fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn parse_range(text: &str) -> Result<[f32; 2], String> {
    let wrong = || "two numbers such as 0..255 are expected".to_owned();
    let (black, white) = text.split_once("..").ok_or_else(wrong)?;
    Ok([black.trim().parse().map_err(|_| wrong())?, white.trim().parse().map_err(|_| wrong())?])
}

fn parse_order(text: &str) -> Result<ChannelOrder, String> {
    match text {
        "rgb" => Ok(ChannelOrder::Rgb),
        "bgr" => Ok(ChannelOrder::Bgr),
        _ => Err("rgb or bgr is expected".to_owned()),
    }
}
