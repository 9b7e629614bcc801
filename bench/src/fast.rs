//! The fast method, a picture in memory to a picture in memory.

use std::time::Instant;

use impasto::canvas::Canvas;
use impasto::image::Picture;
use impasto::{Engine, Job, Limits, Request, Result, Settings};
use impasto_cli::{output, style};
use serde_json::json;

use crate::losses;
use crate::peak::Peak;
use crate::spread::Spread;
use crate::{BenchArguments, Changing};

pub fn run(
    engine: &Engine,
    arguments: &BenchArguments,
    settings: &Settings,
    picture: &Picture,
    limits: Limits<'_>,
) -> Result<()> {
    let style = style::resolve(engine, &arguments.style, Job::silent(limits.cancel))?;
    engine.prepare()?;
    let (width, height) = (picture.width(), picture.height());
    let space = picture.color_space().clone();
    let mut picture = Picture::copied(picture.view(), space.clone())?;
    let mut painted = Picture::new(width, height, picture.format(), space)?;
    let mut settings = settings.clone();
    // What the engine keeps of the runs before is of no use to a new picture.
    let mut paint = |run: u32| {
        let part = run as f32 / (arguments.runs + 1) as f32;
        match arguments.changing {
            Changing::Picture => picture.view_mut().write_row(0, 0, &[[part, part, part, 1.0]]),
            Changing::Turbulence => settings.fast.turbulence = part,
            Changing::Opacity => settings.finishing.opacity = 1.0 - part,
        }
        let canvas = Canvas {
            input: picture.view(),
            color_space: picture.color_space(),
            mask: None,
            output: &mut painted.view_mut(),
        };
        let mut request = Request::new(canvas, (&style).into(), &settings, limits.cancel);
        request.limits = limits;
        engine.paint(request, &())
    };
    let mut seconds = Vec::new();
    let mut report = paint(0)?;
    for run in 1..=arguments.runs {
        let started = Instant::now();
        report = paint(run)?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    let spread = Spread::of(seconds);
    let peak = Peak::on(&report.device);
    if arguments.json {
        let result = json!({
            "name": "fast",
            "size": [width, height],
            "tiles": report.tiles,
            "seconds": spread.as_json(),
            "last_run": report.to_json()["seconds"],
            "losses": losses::of(engine, arguments, &picture, &painted, limits)?,
            "device": report.device.to_string(),
            "peak_rss_bytes": peak.resident,
            "peak_device_bytes": peak.on_device,
        });
        return output::line(json!({"results": [result]}));
    }
    let Spread { least, median, most } = spread;
    output::line(format_args!(
        "fast {width}x{height}: {median:.3} s (least {least:.3}, most {most:.3}, {} runs), {:.3} s \
         a megapixel, {} tiles, peak memory {peak}",
        arguments.runs,
        median / (f64::from(width) * f64::from(height) / 1e6),
        report.tiles,
    ))
}
