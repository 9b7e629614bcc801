//! Painting: layers' pixels in, the paintings out, one step to undo.

use std::ops::ControlFlow;
use std::thread;
use std::time::Instant;

use impasto_client::{Engine, Library, Run, Settings, Status, Style};

use crate::dialog::work_window;
#[cfg(target_os = "linux")]
use crate::effect;
use crate::ffi::{Call, Drawable, LayerKind, PixelKind, Rectangle, Stack, UndoGroup, message};
use crate::installation;
use crate::order::Order;
use crate::picture::{Mask, Picture};
use crate::target::{self, Place, Target};
use crate::times::Times;
use crate::watch::Watch;
use crate::words::{tr, tr_with};

/// Why nothing was painted. The image is as it was.
#[derive(Debug)]
pub enum Stop {
    /// The user changed their mind.
    Cancelled,
    /// In words for people, with the cure.
    Failed(String),
}

impl From<String> for Stop {
    fn from(why: String) -> Self {
        Self::Failed(why)
    }
}

impl From<impasto_client::Error> for Stop {
    fn from(error: impasto_client::Error) -> Self {
        match error.status() {
            Status::Cancelled => Self::Cancelled,
            _ => Self::Failed(installation::words(&error)),
        }
    }
}

/// Why nothing can be painted as the values ask, in words; `None` where all seems well. It is
/// quick, for dialogs to ask again and again.
pub fn obstacle(call: &Call, order: &Order, engine: &Engine) -> Option<String> {
    #[cfg(target_os = "linux")]
    if effect::is_wanted(call) {
        return effect::obstacle(call, order, engine);
    }
    target::obstacle(call).or_else(|| order.obstacle(engine))
}

/// Paints the layers that are chosen, and puts the paintings into the image: all of them or none.
/// What takes minutes is shown in a window, where its library is given.
pub fn paint(
    call: &Call,
    chosen: &[Drawable],
    order: &Order,
    engine: &Engine,
    window: Option<&Library>,
    times: &mut Times,
) -> Result<(), Stop> {
    if let Some(why) = obstacle(call, order, engine) {
        return Err(Stop::Failed(why));
    }
    let mut watch = Watch::begin(call, chosen);
    let result = paint_all(call, chosen, order, engine, window, &mut watch, times);
    // Whatever failed then, failed because of it.
    match watch.what_is_gone() {
        Some(gone) if result.is_err() => Err(gone),
        _ => result,
    }
}

fn paint_all(
    call: &Call,
    chosen: &[Drawable],
    order: &Order,
    engine: &Engine,
    window: Option<&Library>,
    watch: &mut Watch,
    times: &mut Times,
) -> Result<(), Stop> {
    // Loading the networks and fetching the pixels from GIMP keep different processors busy.
    let (prepared, first) = thread::scope(|scope| {
        let prepared = scope.spawn(|| timed(|| engine.prepare()));
        let first = chosen.first().map(|layer| Painting::unpainted(call, layer));
        (prepared.join(), first)
    });
    if let Ok((prepared, seconds)) = prepared {
        prepared?;
        times.note("engine's start", seconds);
    }
    let mut paintings: Vec<_> = first.into_iter().collect::<Result<_, _>>()?;
    times.lap("start and reading");

    let style = order.style.style(engine, Run::new)?;
    times.lap("style");
    for (place, layer) in chosen.iter().enumerate() {
        if place > 0 {
            paintings.push(Painting::unpainted(call, layer)?);
        }
        if let Some(painting) = paintings.last_mut() {
            watch.turn_to(place);
            let library = window.filter(|_| !order.is_fast());
            painting.paint(library, (engine, &style, &order.settings), watch, times)?;
        }
    }
    times.lap("painting with progress");

    if let Some(gone) = watch.what_is_gone() {
        return Err(gone);
    }
    let title = order.style.title(engine);
    let _one_step = UndoGroup::begin(&call.image);
    for painting in paintings {
        painting.put(call, &title)?;
    }
    times.lap("writing");
    Ok(())
}

/// A target's pixels, which are painted over.
struct Painting {
    target: Target,
    picture: Picture,
}

impl Painting {
    fn unpainted(call: &Call, layer: &Drawable) -> Result<Self, String> {
        let target = Target::new(call, layer)?;
        let picture = Picture::of_layer(&target.layer, 1.0)?;
        if target.place == Place::OnTop && picture.is_transparent() {
            return Err(tr(
                "cannot paint: nothing is visible in the image. Show a layer (the eye \
                           in the Layers dialog)",
            ));
        }
        Ok(Self { target, picture })
    }

    /// In a window of its own where a library for that is given.
    fn paint(
        &mut self,
        window: Option<&Library>,
        with @ (engine, style, settings): (&Engine, &Style, &Settings),
        watch: &mut Watch,
        times: &mut Times,
    ) -> Result<(), Stop> {
        let mut tell = |fraction, phase: &str| match watch.tell(fraction, phase) {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        };
        let part = self.part();
        let report = match window {
            Some(library) => work_window::paint(library, with, &mut self.picture, tell)?,
            None => {
                let run = Run::new().progress(|told| tell(told.fraction, told.phase));
                let mask = part.as_ref().map(Mask::view).transpose()?;
                let mut pixels = self.picture.view_mut()?;
                engine.paint_in_place(style, settings, run, &mut pixels, mask.as_ref())?
            }
        };
        if !report.note.is_empty() {
            let device = tr_with("Painted on %s", &report.device);
            message(&format!("{device}: {}", report.note));
        }
        times.note("of which the engine", report.seconds);
        Ok(())
    }

    /// What of the picture goes into the layer; `None` where all of it may be needed.
    fn part(&self) -> Option<Mask> {
        if self.target.place != Place::Here {
            return None;
        }
        let part = self.target.chosen.selected_part()?;
        let (width, height) = (self.picture.width, self.picture.height);
        let is_all = part == self.target.chosen.whole();
        (!is_all).then(|| Mask::of_part(width, height, part))
    }

    fn put(self, call: &Call, title: &str) -> Result<(), Stop> {
        match self.target.place {
            Place::Here => put_back(&self.target, &self.picture),
            Place::Above | Place::OnTop => add_layer(call, &self.target, title, self.picture),
        }
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed().as_secs_f64())
}

/// GIMP mixes the painting with what was there by the selection.
fn put_back(target: &Target, picture: &Picture) -> Result<(), Stop> {
    let layer = &target.chosen;
    let refused = || {
        Stop::Failed(tr_with(
            "changing '%s' failed: GIMP refused it. See the messages above this one, and try again",
            &layer.name(),
        ))
    };
    // They are painted already, and would be put upon the painting again.
    if layer.has_effects() && !layer.merge_effects() {
        return Err(refused());
    }
    let part = layer.selected_part().ok_or_else(refused)?;
    let buffer = layer.shadow_buffer().ok_or_else(refused)?;
    let from = part.y as usize * picture.stride() + part.x as usize * picture.kind.channels();
    let rows = picture.pixels.get(from..).unwrap_or_default();
    buffer.write(part, rows, picture.stride(), picture.kind);
    drop(buffer);
    if !layer.merge() {
        return Err(refused());
    }
    layer.show(part);
    Ok(())
}

fn add_layer(call: &Call, target: &Target, title: &str, mut picture: Picture) -> Result<(), Stop> {
    let whole = target.layer.whole();
    let (x, y) = target.layer.offsets();
    if let Some(coverage) = call.image.selection(Rectangle { x, y, ..whole }, 1.0) {
        picture.cover(&coverage);
    }
    let kind = match picture.kind {
        PixelKind::GrayAlpha => LayerKind::Gray,
        PixelKind::Rgba | PixelKind::Coverage => LayerKind::Rgb,
    };
    let stack = match target.place {
        Place::OnTop => Stack::OnTopBeside(&target.chosen),
        Place::Here | Place::Above => Stack::RightAbove(&target.chosen),
    };
    let added = call.image.add_layer(&target.layer, stack, title, kind, |layer| {
        if let Some(buffer) = layer.buffer() {
            buffer.write(whole, &picture.pixels, picture.stride(), picture.kind);
        }
    });
    added.ok_or_else(|| {
        Stop::Failed(tr_with(
            "adding a layer above '%s' failed: GIMP refused it. See the messages above this one, \
             and try again",
            &target.chosen.name(),
        ))
    })
}
