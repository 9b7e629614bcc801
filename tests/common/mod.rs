//! What the tests share: one engine, pictures, the program.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(dead_code, reason = "each test file uses a part")]

pub mod network;
pub mod pictures;
pub mod program;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use impasto::canvas::Canvas;
use impasto::fast::{FastOptions, Report, Style};
use impasto::image::Picture;
use impasto::job::{Cancel, Job};
use impasto::{Engine, EngineOptions, Result};

/// A folder for what outlives a test; not the user's own folders.
pub fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// ONNX Runtime's library, as `.cargo/config.toml` or the caller names it.
pub fn library() -> PathBuf {
    std::env::var_os("IMPASTO_ONNXRUNTIME").expect("run the tests with cargo").into()
}

pub fn example(name: &str) -> PathBuf {
    root().join("examples").join(name)
}

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

/// Whether permissions mean nothing to this process, as they do to root.
#[cfg(unix)]
pub fn may_everything() -> bool {
    use std::os::unix::fs::PermissionsExt;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o000)).unwrap();
    std::fs::File::open(file.path()).is_ok()
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
