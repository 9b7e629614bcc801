//! Paints a picture in memory, and tells how far it has come.

use std::ops::ControlFlow;

use impasto_client::{
    Engine, EngineOptions, Library, PixelFormat, PixelsMut, Run, Settings, Style,
};

fn main() -> impasto_client::Result<()> {
    let library = Library::load(None)?;
    let engine = Engine::new(&library, &EngineOptions::default())?;
    let style = Style::from_name(&engine, "great-wave")?;
    let mut settings = Settings::new(&library)?;
    settings.set_number("strength", 0.9)?;

    let mut photo = vec![128; 640 * 480 * 4]; // RGBA; fill it
    let mut pixels = PixelsMut::new(&mut photo, 640, 480, PixelFormat::RGBA_U8)?;
    let run = Run::new().progress(|progress| {
        println!("{}: {:.0} %", progress.phase, progress.fraction * 100.0);
        ControlFlow::Continue(())
    });
    let report = engine.paint_in_place(&style, &settings, run, &mut pixels, None)?;
    println!("painted on {} in {:.2} s", report.device, report.seconds);
    Ok(())
}
