//! The engine, and the style that was used last.

use std::fs::File;
use std::ops::ControlFlow;
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use impasto_client::{
    Channels, Engine, EngineOptions, Library, Log, LogLevel, PixelFormat, PixelsMut, Run, Sample,
    Style,
};
use impasto_gegl::protocol::{Answer, Request};

use super::order;
use crate::ffi::map_shared;
use crate::installation;
use crate::times::Times;

/// A style and the values that it is of.
type Known = (Vec<(String, String)>, Arc<Style>);

/// What stays between paintings.
#[derive(Debug, Default)]
pub struct Painter {
    engine: Option<(Library, Engine)>,
    /// With the values that it was made of.
    style: Option<Known>,
}

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
        // Nobody hears it when GIMP has ended: the painting is cancelled.
        let mut say = stream;
        let mut is_wanted = || Answer::Working.send(&mut say).is_ok();
        is_wanted();
        let (library, engine) = in_words(engine(&mut self.engine))?;
        times.lap("engine");
        let style = in_words(style(&mut self.style, library, engine, request))?;
        let settings = in_words(order::settings(&request.values, library))?;
        times.lap("style");

        let mut bytes = map_shared(memory, request.bytes()).map_err(|error| {
            format!("painting failed: the picture cannot be reached ({error}). Try again")
        })?;
        let channels = if request.is_gray { Channels::GrayAlpha } else { Channels::Rgba };
        let format = PixelFormat::new(channels, Sample::F32);
        let pixels = PixelsMut::new(&mut bytes, request.width, request.height, format);
        let run = Run::new().progress(|_| match is_wanted() {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        });
        let painted = engine.paint_in_place(style, &settings, run, &mut in_words(pixels)?, None);
        let report = in_words(painted)?;
        times.lap("painted for the layer effect");
        times.print();
        Ok(report.note)
    }
}

fn in_words<T>(result: impasto_client::Result<T>) -> Result<T, String> {
    result.map_err(|error| installation::words(&error))
}

/// The engine that stays, or a new one.
fn engine(kept: &mut Option<(Library, Engine)>) -> impasto_client::Result<&(Library, Engine)> {
    match kept {
        Some(engine) => Ok(engine),
        None => {
            let library = installation::library()?;
            let say = |_, message: &str| eprintln!("impasto-gimp: {message}");
            library.set_log(Some(Log::new(LogLevel::Warning, say)));
            let engine = Engine::new(&library, &EngineOptions::default())?;
            Ok(kept.insert((library, engine)))
        }
    }
}

/// The style of the last painting, or another.
fn style<'s>(
    kept: &'s mut Option<Known>,
    library: &Library,
    engine: &Engine,
    request: &Request,
) -> impasto_client::Result<&'s Style> {
    // It depends on all but the engine's settings.
    let mut values = request.values.clone();
    values.retain(|(name, _)| library.setting(name).is_none());
    let kept = match kept.take() {
        Some(same) if same.0 == values => kept.insert(same),
        _ => {
            let style = order::style(&values).style(engine, Run::new)?;
            kept.insert((values, style))
        }
    };
    Ok(&kept.1)
}
