//! The library, an engine, pictures.

use std::path::PathBuf;
use std::sync::OnceLock;

use impasto::image::Picture;
use impasto_client::{
    Engine, EngineOptions, Error, Library, PixelFormat, Pixels, PixelsMut, Report, Result, Run,
    Settings, Status, Style,
};

use crate::common::pictures::{RGBA_U8, drawn, example, pixels, scene};
use crate::common::scratch;

/// Building the tests puts the library beside them; the one a folder above may be an older one.
pub fn built() -> PathBuf {
    let name = format!("{}impasto{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let file = std::env::current_exe().unwrap().with_file_name(name);
    assert!(file.is_file(), "no {}; `cargo test` builds it", file.display());
    file.canonicalize().unwrap()
}

pub fn library() -> Library {
    Library::load(Some(&built())).unwrap()
}

pub fn own_folders() -> EngineOptions {
    EngineOptions {
        user_styles: Some(scratch().join("no-styles")),
        user_networks: Some(scratch().join("no-networks")),
        cache: Some(scratch().join("client-codes")),
        ..EngineOptions::default()
    }
}

/// The engine of most tests: loading it takes longer than most paintings.
pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(&library(), &own_folders()).unwrap())
}

pub fn style(name: &str) -> Style {
    Style::from_name(engine(), name).unwrap()
}

/// The defaults but for some settings.
pub fn settings(texts: &[(&str, &str)]) -> Settings {
    let mut settings = Settings::new(&library()).unwrap();
    for (name, text) in texts {
        settings.set_text(name, text).unwrap();
    }
    settings
}

pub fn picture(width: u32, height: u32) -> Picture {
    drawn(width, height, RGBA_U8, scene)
}

/// The portrait of the examples as 8-bit RGBA.
pub fn portrait() -> Picture {
    let file = example("portrait.png");
    let (width, pixels) = (file.width(), pixels(&file));
    drawn(width, file.height(), RGBA_U8, |x, y| pixels[(y * width + x) as usize])
}

pub fn borrowed(picture: &Picture) -> Pixels<'_> {
    Pixels::new(picture.data(), picture.width(), picture.height(), PixelFormat::RGBA_U8).unwrap()
}

/// Paints into a buffer that was filled with 7.
pub fn paint(
    picture: &Picture,
    style: &Style,
    settings: &Settings,
    run: Run<'_>,
) -> (Vec<u8>, Result<Report>) {
    let mut bytes = vec![7; picture.data().len()];
    let (width, height) = (picture.width(), picture.height());
    let mut output = PixelsMut::new(&mut bytes, width, height, PixelFormat::RGBA_U8).unwrap();
    let done = engine().paint(style, settings, run, &borrowed(picture), None, &mut output);
    (bytes, done)
}

/// What [`paint`] paints where it must not fail.
pub fn painted(picture: &Picture, style: &Style, settings: &Settings, run: Run<'_>) -> Vec<u8> {
    let (bytes, done) = paint(picture, style, settings, run);
    done.unwrap();
    bytes
}

pub fn assert_refused(error: &Error, status: Status, words: &[&str]) {
    assert_eq!(error.status(), status, "{error}");
    for word in words {
        assert!(error.message().contains(word), "no '{word}' in: {error}");
    }
}
