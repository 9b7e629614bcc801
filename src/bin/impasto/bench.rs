//! `impasto bench`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use clap::{ArgMatches, Args};
use impasto::canvas::Canvas;
use impasto::fast::{FastOptions, Report, Style};
use impasto::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType, file};
use impasto::job::{Job, Losses, Progress};
use impasto::optimize::{OptimizeOptions, ScaleIterations, StylePicture, Watching};
use impasto::parameters::Method;
use impasto::{Engine, Result, memory};
use serde_json::{Value, json};

use crate::arguments::{EngineArguments, settings};
use crate::{cancel, output, size, style};

#[derive(Args)]
pub struct BenchArguments {
    /// Size of the picture: 1024, or 6000x4000
    #[arg(long, default_value = "1024", value_parser = parse_size)]
    size: [u32; 2],
    /// Timed runs after one that is not counted; of the optimise method, steps
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    runs: u32,
    /// The picture to paint, at its own size; by default one drawn by formula
    #[arg(long, value_name = "PICTURE")]
    content: Option<PathBuf>,
    /// A style by name, or a picture
    #[arg(long, short, default_value = "great-wave")]
    style: Vec<String>,
    /// Print the result for programs as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(
    engine: &Engine,
    engine_arguments: &EngineArguments,
    arguments: &BenchArguments,
    matches: &ArgMatches,
) -> Result<()> {
    let settings = settings(matches)?;
    let cancel = cancel::on_interrupt();
    let picture = match &arguments.content {
        Some(path) => file::read(path)?,
        None => drawn(arguments.size)?,
    };
    let mut painted = Picture::new(
        picture.width(),
        picture.height(),
        picture.format(),
        picture.color_space().clone(),
    )?;
    let held = memory::resident_bytes().unwrap_or(0);
    let budget = engine_arguments.memory.map(|limit| limit.saturating_sub(held));
    let job = Job { cancel: &cancel, progress: &|_| {}, memory: budget };
    if settings.method == Method::Optimize {
        let options = &settings.optimize;
        return optimize(engine, arguments, options, &picture, &mut painted, job);
    }
    let options = settings.fast;
    let style = style::resolve(engine, &arguments.style, job)?;
    engine.prepare_fast()?;

    let mut seconds = Vec::new();
    let mut last = None;
    for run in 0..=arguments.runs {
        let started = Instant::now();
        let report = paint(engine, &picture, &mut painted, &style, &options, job)?;
        if run > 0 {
            seconds.push(started.elapsed().as_secs_f64());
        }
        last = Some(report);
    }
    let Spread { least, median, most } = Spread::of(seconds);
    let tiles = last.as_ref().map_or(0, |report| report.tiles);
    let phases = last.as_ref().map(|report| {
        json!({
            "statistics": report.statistics.as_secs_f64(),
            "network": report.network.as_secs_f64(),
            "pixels": report.pixels.as_secs_f64(),
        })
    });
    let peak = memory::peak_resident_bytes();
    let (width, height) = (picture.width(), picture.height());
    if arguments.json {
        let result = json!({
            "name": "fast",
            "size": [width, height],
            "tiles": tiles,
            "seconds": {"median": median, "min": least, "max": most},
            "last_run": phases,
            "losses": losses(engine, arguments, &picture, painted, job)?,
            "device": last.map(|report| report.device.to_string()),
            "peak_rss_bytes": peak,
        });
        output::line(json!({"results": [result]}))?;
    } else {
        output::line(format_args!(
            "fast {width}x{height}: {median:.3} s (least {least:.3}, most {most:.3}, {} runs), \
             {:.3} s a megapixel, {tiles} tiles, peak memory {}",
            arguments.runs,
            median / (f64::from(width) * f64::from(height) / 1e6),
            peak.map_or("unknown".to_owned(), size::bytes)
        ))?;
    }
    Ok(())
}

/// Steps of the optimise method at the picture's own size, margin included.
fn optimize(
    engine: &Engine,
    arguments: &BenchArguments,
    options: &OptimizeOptions,
    picture: &Picture,
    painted: &mut Picture,
    job: Job<'_>,
) -> Result<()> {
    let style = match &arguments.style[..] {
        [path] if Path::new(path).is_file() => file::read(Path::new(path))?,
        // The default is a code, which this method cannot use.
        _ => drawn([picture.width(), picture.height()])?,
    };
    let style = StylePicture { picture: &style, weight: 1.0, mask: None, region: None };
    let side = picture.width().max(picture.height());
    let steps = ScaleIterations { side, iterations: arguments.runs + 1 };
    let options = OptimizeOptions { schedule: vec![steps], ..options.clone() };
    let started = Instant::now();
    let times = Mutex::new(Vec::new());
    let note = |progress: Progress| {
        if progress.losses.is_some()
            && let Ok(mut times) = times.lock()
        {
            times.push(started.elapsed().as_secs_f64());
        }
    };
    let job = Job { progress: &note, ..job };
    let canvas = Canvas {
        input: picture.view(),
        color_space: picture.color_space(),
        mask: None,
        output: &mut painted.view_mut(),
    };
    let report = engine.paint_optimize(canvas, &[style], &options, Watching::default(), job)?;
    let times = times.into_inner().unwrap_or_default();
    let setup = times.first().copied().unwrap_or(0.0);
    let Spread { least, median, most } =
        Spread::of(times.windows(2).map(|pair| pair[1] - pair[0]).collect());
    let Some(scale) = report.scales.first() else { return Ok(()) };
    let peak = memory::peak_resident_bytes();
    let losses = scale.losses.map(as_json);
    if arguments.json {
        let result = json!({
            "name": "optimize",
            "size": [scale.width, scale.height],
            "tiles": scale.tiles,
            "seconds": {"median": median, "min": least, "max": most},
            "setup_and_first_step_seconds": setup,
            "losses": losses,
            "device": report.device.to_string(),
            "peak_rss_bytes": peak,
        });
        return output::line(json!({"results": [result]}));
    }
    output::line(format_args!(
        "optimise step {}x{}: {median:.3} s (least {least:.3}, most {most:.3}, {} steps), {:.3} s a \
         megapixel, {} tiles, targets and first step {setup:.1} s, peak memory {}",
        scale.width,
        scale.height,
        arguments.runs,
        median / (f64::from(scale.width) * f64::from(scale.height) / 1e6),
        scale.tiles,
        peak.map_or("unknown".to_owned(), size::bytes)
    ))
}

/// The optimise method's losses of a painting, at 512 pixels; none without a picture for the style.
fn losses(
    engine: &Engine,
    arguments: &BenchArguments,
    picture: &Picture,
    painted: Picture,
    job: Job<'_>,
) -> Result<Option<Value>> {
    let [path] = &arguments.style[..] else { return Ok(None) };
    if !Path::new(path).is_file() {
        return Ok(None);
    }
    let style = file::read(Path::new(path))?;
    let style = StylePicture { picture: &style, weight: 1.0, mask: None, region: None };
    let mut unused =
        Picture::new(picture.width(), picture.height(), picture.format(), ColorSpace::Srgb)?;
    let canvas = Canvas {
        input: picture.view(),
        color_space: picture.color_space(),
        mask: None,
        output: &mut unused.view_mut(),
    };
    // One step, whose losses are those of what it starts from.
    let options = OptimizeOptions {
        schedule: vec![ScaleIterations { side: 512, iterations: 1 }],
        start_picture: Some(Arc::new(painted)),
        ..OptimizeOptions::default()
    };
    let report = engine.paint_optimize(canvas, &[style], &options, Watching::default(), job)?;
    Ok(report.scales.first().and_then(|scale| scale.losses).map(as_json))
}

fn as_json(losses: Losses) -> Value {
    json!({
        "content": losses.content,
        "style": losses.style,
        "variation": losses.variation,
        "total": losses.total,
    })
}

/// The least, the middle and the most of some times.
struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

impl Spread {
    fn of(mut seconds: Vec<f64>) -> Self {
        seconds.sort_by(f64::total_cmp);
        let at = |k: usize| seconds.get(k).copied().unwrap_or(f64::NAN);
        Self {
            least: at(0),
            median: at(seconds.len() / 2),
            most: at(seconds.len().saturating_sub(1)),
        }
    }
}

fn paint(
    engine: &Engine,
    picture: &Picture,
    painted: &mut Picture,
    style: &Style,
    options: &FastOptions,
    job: Job<'_>,
) -> Result<Report> {
    let canvas = Canvas {
        input: picture.view(),
        color_space: picture.color_space(),
        mask: None,
        output: &mut painted.view_mut(),
    };
    engine.paint_fast(canvas, style, options, job)
}

/// Rings and waves at many scales in 8-bit sRGB: what a photograph asks of the network.
fn drawn([width, height]: [u32; 2]) -> Result<Picture> {
    let format = PixelFormat::new(Channels::Rgb, SampleType::U8);
    let mut picture = Picture::new(width, height, format, ColorSpace::Srgb)?;
    let mut row = vec![[0.0, 0.0, 0.0, 1.0]; width as usize];
    for y in 0..height {
        for (x, pixel) in row.iter_mut().enumerate() {
            let (x, y) = (x as f32, y as f32);
            let rings = ((x * x + y * y) / 9000.0).sin();
            let waves = (x / 37.0 + (y / 23.0).sin()).sin();
            let fine = (x * 1.3).sin() * (y * 0.9).cos();
            pixel[0] = 0.5 + 0.25 * rings + 0.2 * waves;
            pixel[1] = 0.5 + 0.3 * waves + 0.1 * fine;
            pixel[2] = 0.5 + 0.3 * rings - 0.1 * fine;
        }
        picture.view_mut().write_row(y, 0, &row);
    }
    Ok(picture)
}

fn parse_size(text: &str) -> Result<[u32; 2], String> {
    let side = |text: &str| text.parse().map_err(|_| "a size such as 1024 or 6000x4000".to_owned());
    match text.split_once('x') {
        Some((width, height)) => Ok([side(width)?, side(height)?]),
        None => side(text).map(|side| [side, side]),
    }
}
