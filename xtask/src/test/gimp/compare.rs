//! What GIMP made against what the engine makes of the same pixels.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use impasto_client::{
    Channels, Engine, EngineOptions, Library, PixelFormat, PixelsMut, Run, Sample, Settings, Style,
};

use crate::interface;

/// Below this, colour does not show.
const LEAST_ALPHA: f32 = 0.02;

struct Case {
    name: String,
    size: [u32; 2],
    channels: usize,
    /// The most that a colour may differ.
    tolerance: f32,
    style: String,
}

/// Compares every case that the script left in `folder`, with the engine in `data`.
pub fn all(folder: &Path, data: &Path) -> Result<()> {
    let library = library(data)?;
    let engine = Engine::new(
        &library,
        &EngineOptions {
            runtime: Some(data.join("libonnxruntime.so")),
            models: Some(data.join("models")),
            user_styles: Some(folder.join("no-styles")),
            cache: Some(folder.join("codes")),
            ..EngineOptions::default()
        },
    )?;
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "case") {
            let case = read_case(&path)?;
            compare(&case, folder, &engine, &library)
                .with_context(|| format!("case {}", case.name))?;
            count += 1;
        }
    }
    ensure!(count >= 14, "the script left only {count} cases to compare");
    println!("{count} paintings agree with the engine's own");
    Ok(())
}

/// One process loads one library. An earlier suite may have loaded the one that was built, of which
/// the installed one is a copy.
fn library(data: &Path) -> Result<Library> {
    let installed = Library::load(Some(&data.join(interface::library_name())));
    installed.or_else(|error| Library::load(None).map_err(|_| error)).map_err(Into::into)
}

fn read_case(path: &Path) -> Result<Case> {
    let text = fs::read_to_string(path)?;
    let words: Vec<_> = text.split_whitespace().collect();
    let [width, height, channels, tolerance, style] = words.as_slice() else {
        bail!("{} is not `width height channels tolerance style`", path.display());
    };
    Ok(Case {
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        size: [width.parse()?, height.parse()?],
        channels: channels.parse()?,
        tolerance: tolerance.parse()?,
        style: (*style).to_owned(),
    })
}

fn compare(case: &Case, folder: &Path, engine: &Engine, library: &Library) -> Result<()> {
    let read = |ending: &str| floats(&folder.join(format!("{}.{ending}", case.name)));
    let (before, after) = (read("before")?, read("after")?);
    let mask = read("mask").ok();
    let painted = paint(case, &before, engine, library)?;
    ensure!(before.len() == painted.len() && after.len() == painted.len(), "sizes differ");

    let pixels = before.chunks_exact(case.channels).zip(after.chunks_exact(case.channels));
    for (place, ((before, after), painted)) in
        pixels.zip(painted.chunks_exact(case.channels)).enumerate()
    {
        let cover = mask.as_ref().map_or(1.0, |mask| mask[place]);
        let alpha = after[case.channels - 1];
        let differs = |a: f32, b: f32| (a - b).abs() > case.tolerance;
        if differs(alpha, before[case.channels - 1]) {
            bail!("alpha of pixel {place} is {alpha}, was {before:?}");
        }
        if alpha < LEAST_ALPHA {
            continue;
        }
        for channel in 0..case.channels - 1 {
            let (old, new) = (before[channel], after[channel]);
            // What is stored in integers is cut to their range.
            let ideal = painted[channel].clamp(0.0, 1.0);
            let new = new.clamp(0.0, 1.0);
            // Between, GIMP mixes as the layer's precision asks.
            let (least, most) = match cover {
                1.0 => (ideal, ideal),
                0.0 => (old, old),
                _ => (old.min(ideal), old.max(ideal)),
            };
            if new < least - case.tolerance || new > most + case.tolerance {
                bail!("pixel {place}, channel {channel}: {new} is not in {least} to {most}");
            }
        }
    }
    Ok(())
}

fn paint(case: &Case, before: &[f32], engine: &Engine, library: &Library) -> Result<Vec<f32>> {
    let channels = if case.channels == 2 { Channels::GrayAlpha } else { Channels::Rgba };
    let format = PixelFormat::new(channels, Sample::F32);
    let mut bytes: Vec<u8> = before.iter().flat_map(|value| value.to_ne_bytes()).collect();
    let mut pixels = PixelsMut::new(&mut bytes, case.size[0], case.size[1], format)?;
    let style = Style::from_name(engine, &case.style)?;
    let settings = Settings::new(library)?;
    engine.paint_in_place(&style, &settings, Run::new(), &mut pixels, None)?;
    Ok(values(&bytes))
}

fn floats(path: &Path) -> Result<Vec<f32>> {
    Ok(values(&fs::read(path).with_context(|| path.display().to_string())?))
}

fn values(bytes: &[u8]) -> Vec<f32> {
    let (numbers, _) = bytes.as_chunks::<4>();
    numbers.iter().map(|bytes| f32::from_ne_bytes(*bytes)).collect()
}
