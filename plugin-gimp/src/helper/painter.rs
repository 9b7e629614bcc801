//! The engine, and the style that was used last.

use std::fs::File;
use std::ops::ControlFlow;
use std::os::unix::net::UnixStream;

use impasto_client::{
    Channels, Engine, EngineOptions, Library, Log, LogLevel, PixelFormat, PixelsMut, Run, Sample,
    Style,
};
use impasto_gegl::property::{
    MIX, OWN_STYLE, SECOND_OWN_STYLE, SECOND_STYLE, SECOND_STYLE_FILE, STYLE, STYLE_FILE,
};
use impasto_gegl::protocol::{Answer, Request};

use super::order;
use crate::ffi::map_shared;
use crate::installation;
use crate::times::Times;

/// What stays between paintings.
#[derive(Debug, Default)]
pub struct Painter {
    engine: Option<(Library, Engine)>,
    style: Option<(Vec<(String, String)>, Style)>,
}

/// The values that a style depends on.
const OF_STYLES: [&str; 7] =
    [STYLE, OWN_STYLE, STYLE_FILE, SECOND_STYLE, SECOND_OWN_STYLE, SECOND_STYLE_FILE, MIX];

impl Painter {
    /// Paints the picture in `memory`, and says on the `stream` that it is at work. Returns what the
    /// user should know.
    ///
    /// # Errors
    /// In words for people, with the cure.
    pub fn paint(
        &mut self,
        request: &Request,
        memory: &File,
        stream: &UnixStream,
    ) -> Result<String, String> {
        let mut times = Times::begin();
        // A failed answer is GIMP's end: the painting is cancelled.
        let mut say = stream;
        let mut is_wanted = || Answer::Working.send(&mut say).is_ok();
        is_wanted();
        let (library, engine) = self.engine().map_err(|error| error.to_string())?;
        times.lap("engine");
        let style = self.style(&engine, request).map_err(|error| error.to_string())?;
        let settings = order::settings(&request.values, &library);
        let settings = settings.map_err(|error| error.to_string())?;
        times.lap("style");

        let mut bytes = map_shared(memory, request.bytes()).map_err(|error| {
            format!("painting failed: the picture cannot be reached ({error}). Try again")
        })?;
        let channels = if request.is_gray { Channels::GrayAlpha } else { Channels::Rgba };
        let format = PixelFormat::new(channels, Sample::F32);
        let pixels = PixelsMut::new(&mut bytes, request.width, request.height, format);
        let mut pixels = pixels.map_err(|error| error.to_string())?;
        let run = Run::new().progress(|_| match is_wanted() {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        });
        let painted = engine.paint_in_place(&style, &settings, run, &mut pixels, None);
        if painted.is_ok() {
            times.lap("painted for the layer effect");
        }
        times.print();
        self.style = Some((of_styles(request), style));
        self.engine = Some((library, engine));
        painted.map(|report| report.note).map_err(|error| error.to_string())
    }

    /// The engine that stays, or a new one.
    fn engine(&mut self) -> impasto_client::Result<(Library, Engine)> {
        if let Some(engine) = self.engine.take() {
            return Ok(engine);
        }
        let library = installation::library()?;
        let say = |_, message: &str| eprintln!("impasto-gimp: {message}");
        library.set_log(Some(Log::new(LogLevel::Warning, say)));
        let engine = Engine::new(&library, &EngineOptions::default())?;
        Ok((library, engine))
    }

    fn style(&mut self, engine: &Engine, request: &Request) -> impasto_client::Result<Style> {
        match self.style.take() {
            Some((values, style)) if values == of_styles(request) => Ok(style),
            _ => order::style(&request.values).style(engine, Run::new),
        }
    }
}

fn of_styles(request: &Request) -> Vec<(String, String)> {
    let is_of_styles = |(name, _): &&(String, String)| OF_STYLES.contains(&name.as_str());
    request.values.iter().filter(is_of_styles).cloned().collect()
}
