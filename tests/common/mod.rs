//! What the tests share: one engine, pictures, children.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(dead_code, reason = "each test file uses a part")]

pub mod network;
pub mod pictures;
pub mod places;
pub mod program;

use std::sync::OnceLock;

use impasto::canvas::Canvas;
use impasto::fast::Style;
use impasto::image::{Picture, PixelViewMut};
use impasto::job::{Cancel, Progress};
use impasto::{Engine, EngineOptions, Limits, Observer, Report, Request, Result, Settings};

pub use places::*;

/// The engine of a test program: loading it takes longer than most paintings.
pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(another_engine)
}

/// One that has painted nothing, and so keeps nothing.
pub fn another_engine() -> Engine {
    Engine::new(EngineOptions {
        user_styles: Some(scratch().join("no-styles")),
        cache: Some(scratch().join("codes")),
        ..EngineOptions::default()
    })
}

pub fn style(name: &str) -> Style {
    engine().styles().unwrap().find(name).unwrap()
}

/// Work as a test sees it: what stops it, who hears of it, what it may take.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    pub cancel: &'a Cancel,
    pub progress: &'a (dyn Fn(Progress) + Sync),
    pub memory: Option<u64>,
}

impl<'a> Job<'a> {
    pub fn engines(&'a self) -> impasto::Job<'a> {
        impasto::Job { cancel: self.cancel, observer: self }
    }

    pub fn limits(&self) -> Limits<'a> {
        Limits { memory: self.memory, cancel: self.cancel }
    }
}

impl Observer for Job<'_> {
    fn progress(&self, progress: Progress) {
        (self.progress)(progress);
    }
}

/// A job without a listener or a limit.
pub fn job(cancel: &Cancel) -> Job<'_> {
    Job { cancel, progress: &|_| {}, memory: None }
}

/// The defaults with some changes.
pub fn settings(change: impl FnOnce(&mut Settings)) -> Settings {
    changed(Settings::default(), change)
}

/// A method's settings with some changes.
pub fn changed(from: impl Into<Settings>, change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = from.into();
    change(&mut settings);
    settings
}

/// A picture of the same size and kind to paint into.
pub fn like(picture: &Picture) -> Result<Picture> {
    let (format, space) = (picture.format(), picture.color_space().clone());
    Picture::new(picture.width(), picture.height(), format, space)
}

/// All of a picture.
pub fn canvas<'a, 'o>(
    picture: &'a Picture,
    mask: Option<&'a Picture>,
    output: &'a mut PixelViewMut<'o>,
) -> Canvas<'a, 'o> {
    Canvas {
        input: picture.view(),
        color_space: picture.color_space(),
        mask: mask.map(Picture::view),
        output,
    }
}

pub fn try_paint(
    picture: &Picture,
    mask: Option<&Picture>,
    style: &Style,
    settings: &(impl Clone + Into<Settings>),
    job: Job<'_>,
) -> Result<(Picture, Report)> {
    try_paint_by(engine(), picture, mask, style, settings, job)
}

/// With an engine of the test's own.
pub fn try_paint_by(
    engine: &Engine,
    picture: &Picture,
    mask: Option<&Picture>,
    style: &Style,
    settings: &(impl Clone + Into<Settings>),
    job: Job<'_>,
) -> Result<(Picture, Report)> {
    let mut painted = like(picture)?;
    let settings = settings.clone().into();
    let mut output = painted.view_mut();
    let canvas = canvas(picture, mask, &mut output);
    let request = Request::new(canvas, style.into(), &settings, job.cancel);
    let report = engine.paint(Request { limits: job.limits(), ..request }, &job)?;
    Ok((painted, report))
}

pub fn paint(
    picture: &Picture,
    style: &Style,
    settings: &(impl Clone + Into<Settings>),
) -> Picture {
    paint_by(engine(), picture, style, settings)
}

/// With an engine of the test's own.
pub fn paint_by(
    engine: &Engine,
    picture: &Picture,
    style: &Style,
    settings: &(impl Clone + Into<Settings>),
) -> Picture {
    try_paint_by(engine, picture, None, style, settings, job(&Cancel::new())).unwrap().0
}
