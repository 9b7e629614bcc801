//! How good a painting is, by the measure that the optimise method minimises.

use std::path::Path;
use std::sync::Arc;

use impasto::canvas::Canvas;
use impasto::file;
use impasto::image::{ColorSpace, Picture};
use impasto::job::{Job, Losses};
use impasto::optimize::{OptimizeOptions, ScaleIterations, StylePicture, Watching};
use impasto::{Engine, Error, ErrorKind, Result};
use serde_json::{Value, json};

use super::BenchArguments;
use crate::output;

/// Prints the losses of a painting, whoever painted it.
pub fn run(
    engine: &Engine,
    arguments: &BenchArguments,
    picture: &Picture,
    painted: Picture,
    job: Job<'_>,
) -> Result<()> {
    let Some(losses) = of(engine, arguments, picture, painted, job)? else {
        let what = "cannot tell the losses without a picture of the style: give one with --style";
        return Err(Error::new(ErrorKind::Argument, what));
    };
    if arguments.json {
        return output::line(json!({"results": [{"name": "losses", "losses": losses}]}));
    }
    output::line(format_args!(
        "content loss {:.4}, style loss {:.4}",
        losses["content"].as_f64().unwrap_or(f64::NAN),
        losses["style"].as_f64().unwrap_or(f64::NAN)
    ))
}

/// The optimise method's losses of a painting, at 512 pixels; none without a picture for the style.
pub fn of(
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

pub fn as_json(losses: Losses) -> Value {
    json!({
        "content": losses.content,
        "style": losses.style,
        "variation": losses.variation,
        "total": losses.total,
    })
}
