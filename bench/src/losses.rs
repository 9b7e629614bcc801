//! How good a painting is, by the measure that the optimise method minimises.

use impasto::canvas::Canvas;
use impasto::image::{ColorSpace, Picture};
use impasto::job::Losses;
use impasto::optimize::{OptimizeOptions, ScaleIterations, StylePart};
use impasto::settings::Method;
use impasto::{Engine, Error, ErrorKind, Limits, Request, Result, Settings};
use impasto_cli::output;
use serde_json::json;

use crate::BenchArguments;

/// Prints the losses of a painting, whoever painted it.
pub fn run(
    engine: &Engine,
    arguments: &BenchArguments,
    picture: &Picture,
    painted: &Picture,
    limits: Limits<'_>,
) -> Result<()> {
    let Some(losses) = of(engine, arguments, picture, painted, limits)? else {
        let what = "cannot tell the losses without a picture of the style: give one with --style";
        return Err(Error::new(ErrorKind::Argument, what));
    };
    if arguments.json {
        return output::line(json!({"results": [{"name": "losses", "losses": losses}]}));
    }
    output::line(format_args!("content loss {:.4}, style loss {:.4}", losses.content, losses.style))
}

/// The optimise method's losses of a painting, at 512 pixels; none without a picture for the style.
pub fn of(
    engine: &Engine,
    arguments: &BenchArguments,
    picture: &Picture,
    painted: &Picture,
    limits: Limits<'_>,
) -> Result<Option<Losses>> {
    let Some(style) = arguments.style_picture()? else { return Ok(None) };
    let style = StylePart::from(&style);
    let mut unused =
        Picture::new(picture.width(), picture.height(), picture.format(), ColorSpace::Srgb)?;
    let canvas = Canvas {
        input: picture.view(),
        color_space: picture.color_space(),
        mask: None,
        output: &mut unused.view_mut(),
    };
    // One step, whose losses are those of what it starts from.
    let optimize = OptimizeOptions {
        schedule: vec![ScaleIterations { side: 512, iterations: 1 }],
        ..OptimizeOptions::default()
    };
    let settings = Settings { method: Method::Optimize, optimize, ..Settings::default() };
    let styles = [style];
    let mut request = Request::new(canvas, styles[..].into(), &settings, limits.cancel);
    request.start = Some(painted);
    request.limits = limits;
    Ok(engine.paint(request, &())?.losses())
}
