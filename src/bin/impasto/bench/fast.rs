//! The fast method, a picture in memory to a picture in memory.

use std::time::Instant;

use impasto::canvas::Canvas;
use impasto::fast::{FastOptions, Report, Style};
use impasto::image::Picture;
use impasto::job::Job;
use impasto::{Engine, Result};
use serde_json::json;

use super::BenchArguments;
use super::losses;
use super::peak::Peak;
use super::spread::Spread;
use crate::{output, style};

pub fn run(
    engine: &Engine,
    arguments: &BenchArguments,
    options: &FastOptions,
    picture: &Picture,
    mut painted: Picture,
    job: Job<'_>,
) -> Result<()> {
    let style = style::resolve(engine, &arguments.style, job)?;
    engine.prepare_fast()?;
    let mut seconds = Vec::new();
    let mut report = paint(engine, picture, &mut painted, &style, options, job)?;
    for _ in 0..arguments.runs {
        let started = Instant::now();
        report = paint(engine, picture, &mut painted, &style, options, job)?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    let spread = Spread::of(seconds);
    let peak = Peak::on(&report.device);
    let (width, height) = (picture.width(), picture.height());
    if arguments.json {
        let result = json!({
            "name": "fast",
            "size": [width, height],
            "tiles": report.tiles,
            "seconds": spread.as_json(),
            "last_run": {
                "statistics": report.statistics.as_secs_f64(),
                "network": report.network.as_secs_f64(),
                "pixels": report.pixels.as_secs_f64(),
            },
            "losses": losses::of(engine, arguments, picture, painted, job)?,
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
