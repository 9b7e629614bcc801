//! Painting: a layer's pixels in, the painting out, one step to undo.

use std::ops::ControlFlow;
use std::thread;
use std::time::Instant;

use impasto_client::{Engine, Run, Status};

use crate::ffi::{Call, Drawable, LayerKind, PixelKind, Progress, Rectangle, UndoGroup, message};
use crate::installation;
use crate::order::Order;
use crate::picture::Picture;
use crate::times::Times;

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

/// The layer to paint, and the part of it that is selected.
#[derive(Debug)]
pub struct Target {
    /// The layer.
    pub layer: Drawable,
    /// What the selection touches of it.
    pub part: Rectangle,
}

/// Finds the one layer that is chosen, and refuses what cannot be painted.
pub fn target(call: &Call) -> Result<Target, Stop> {
    let refuse = |why: &str| Err(Stop::Failed(format!("cannot paint: {why}")));
    let [layer] = call.drawables.as_slice() else {
        return refuse("one layer is painted at a time. Choose one in the Layers dialog");
    };
    let name = layer.name();
    if layer.is_layer_mask() {
        return refuse(
            "the layer's mask is chosen, and masks are not painted. Click the layer itself in the \
             Layers dialog",
        );
    }
    if !layer.is_layer() {
        return refuse(&format!(
            "'{name}' is a channel, and only layers are painted. Choose a layer in the Layers dialog"
        ));
    }
    if layer.is_group() {
        return refuse(&format!(
            "'{name}' is a group of layers. Choose a layer in it, or merge it first \
             (Layer > Merge Layer Group)"
        ));
    }
    if !layer.is_rgb() && !layer.is_gray() {
        return refuse(
            "the image has indexed colours. Turn it into RGB first (Image > Mode > RGB)",
        );
    }
    let Some(part) = layer.selected_part() else {
        return refuse(&format!(
            "the selection lies outside the layer '{name}'. Select a part of the layer, or \
             nothing (Select > None)"
        ));
    };
    Ok(Target { layer: layer.clone(), part })
}

/// Paints the target and puts the painting into the image.
pub fn paint(
    call: &Call,
    target: &Target,
    order: &Order,
    engine: &Engine,
    times: &mut Times,
) -> Result<(), Stop> {
    if target.layer.is_locked() && !order.is_new_layer {
        return Err(Stop::Failed(format!(
            "cannot paint: the pixels of '{}' are locked. Unlock them in the Layers dialog, or \
             paint on a new layer",
            target.layer.name()
        )));
    }
    let mut progress = Progress::begin("Getting ready");
    // Loading the networks and fetching the pixels from GIMP keep different processors busy.
    let (prepared, picture) = thread::scope(|scope| {
        let prepared = scope.spawn(|| timed(|| engine.prepare()));
        let picture = Picture::of_layer(&target.layer, 1.0);
        (prepared.join(), picture)
    });
    if let Ok((prepared, seconds)) = prepared {
        prepared?;
        times.note("engine's start", seconds);
    }
    let mut picture = picture?;
    times.lap("start and reading");

    let style = order.style.style(engine, Run::new)?;
    times.lap("style");
    let run = Run::new().progress(|told| {
        progress.tell(told.fraction, told.phase);
        ControlFlow::Continue(())
    });
    let report =
        engine.paint_in_place(&style, &order.settings, run, &mut picture.view_mut()?, None)?;
    if !report.note.is_empty() {
        message(&format!("Painted on {}: {}", report.device, report.note));
    }
    times.lap("painting with progress");
    times.note("of which the engine", report.seconds);

    if order.is_new_layer {
        add_layer(call, target, &order.style.title(engine), picture)?;
    } else {
        put_back(target, &picture)?;
    }
    times.lap("writing");
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed().as_secs_f64())
}

/// GIMP mixes the painting with what was there by the selection.
fn put_back(target: &Target, picture: &Picture) -> Result<(), Stop> {
    let refused = || Stop::Failed(refusal("changing", &target.layer));
    let buffer = target.layer.shadow_buffer().ok_or_else(refused)?;
    let part = target.part;
    let from = part.y as usize * picture.stride() + part.x as usize * picture.kind.channels();
    let rows = picture.pixels.get(from..).unwrap_or_default();
    buffer.write(part, rows, picture.stride(), picture.kind);
    drop(buffer);
    if !target.layer.merge() {
        return Err(refused());
    }
    target.layer.show(part);
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
    let _one_step = UndoGroup::begin(&call.image);
    let added = call.image.add_layer_above(&target.layer, title, kind, |layer| {
        if let Some(buffer) = layer.buffer() {
            buffer.write(whole, &picture.pixels, picture.stride(), picture.kind);
        }
    });
    added.ok_or_else(|| Stop::Failed(refusal("adding a layer above", &target.layer)))
}

fn refusal(attempt: &str, layer: &Drawable) -> String {
    format!(
        "{attempt} '{}' failed: GIMP refused it. See the messages above this one, and try again",
        layer.name()
    )
}
