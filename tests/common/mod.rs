//! What the tests share: one engine, pictures, children.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(dead_code, reason = "each test file uses a part")]

pub mod network;
pub mod pictures;
pub mod places;
pub mod program;

use std::sync::OnceLock;

use impasto::canvas::Canvas;
use impasto::fast::{FastOptions, Report, Style};
use impasto::image::Picture;
use impasto::job::{Cancel, Job};
use impasto::{Engine, EngineOptions, Result};

pub use places::*;

/// The engine of a test program: loading it takes longer than most paintings.
pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        Engine::new(EngineOptions {
            user_styles: Some(scratch().join("no-styles")),
            cache: Some(scratch().join("codes")),
            ..EngineOptions::default()
        })
    })
}

pub fn style(name: &str) -> Style {
    engine().styles().unwrap().find(name).unwrap()
}

/// A job without a listener or a limit.
pub fn job(cancel: &Cancel) -> Job<'_> {
    Job { cancel, progress: &|_| {}, memory: None }
}

pub fn try_paint(
    picture: &Picture,
    mask: Option<&Picture>,
    style: &Style,
    options: &FastOptions,
    job: Job<'_>,
) -> Result<(Picture, Report)> {
    let format = picture.format();
    let space = picture.color_space().clone();
    let mut painted = Picture::new(picture.width(), picture.height(), format, space)?;
    let canvas = Canvas {
        input: picture.view(),
        color_space: picture.color_space(),
        mask: mask.map(Picture::view),
        output: &mut painted.view_mut(),
    };
    let report = engine().paint_fast(canvas, style, options, job)?;
    Ok((painted, report))
}

pub fn paint(picture: &Picture, style: &Style, options: &FastOptions) -> Picture {
    try_paint(picture, None, style, options, job(&Cancel::new())).unwrap().0
}
