//! What is painted so that the preview looks like the painting, and what before that, so that it
//! follows a control at once.

use super::view::View;
use crate::ffi::Rectangle;
use crate::picture::scaled;

/// Pixels of the canvas that the automatic brush size paints on: larger ones look the same.
const AUTOMATIC_CANVAS: f64 = 640.0 * 640.0;

/// How much larger than a draft's canvas another may be that is painted without one.
const NO_DRAFT: f64 = 1.5;

/// The part of what is seen that is painted beyond each of its borders, so that moving shows it.
const BEYOND: f64 = 0.25;

/// The longer side at which an optimisation is shown.
const OPTIMISED_SIDE: f64 = 512.0;

/// One painting of the layer, or of a part of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Pixels that are painted to one of the layer's along each side; at most 1.
    pub scale: f64,
    /// What is painted of the layer; `None` for all.
    pub part: Option<Rectangle>,
    /// The brush size in the layer's pixels, instead of the one that is set.
    pub brush_size: Option<f64>,
}

/// The painting as it will be, reduced to what is seen: the network works on the canvas of the
/// whole layer, whose size the brush decides.
pub fn exact(layer: Rectangle, view: &View, brush_size: f64) -> Step {
    let canvas = 1.0 / brush(layer, brush_size);
    let scale = view.scale().max(canvas).min(1.0);
    let part = (!view.is_whole()).then(|| widened(view.visible(), layer));
    Step { scale, part, brush_size: None }
}

/// A painting of the whole layer on a canvas of `pixels` at most, with strokes as much larger;
/// `None` where the exact one takes hardly longer.
pub fn draft(layer: Rectangle, exact: &Step, brush_size: f64, pixels: f64) -> Option<Step> {
    let area = f64::from(layer.width) * f64::from(layer.height);
    if area / brush(layer, brush_size).powi(2) <= NO_DRAFT * pixels {
        return None;
    }
    let scale = (pixels / area).sqrt().min(exact.scale);
    Some(Step { scale, part: None, brush_size: Some(1.0 / scale) })
}

/// The whole layer, small, for methods that work on the picture itself.
pub fn optimised(layer: Rectangle, view: &View) -> Step {
    let longer = f64::from(layer.width.max(layer.height).max(1));
    let scale = view.scale().min(1.0).max(OPTIMISED_SIDE / longer).min(1.0);
    Step { scale, part: None, brush_size: None }
}

/// What a painting of the whole layer costs the network: pixels of its canvas.
pub fn canvas_pixels(layer: Rectangle, step: &Step, brush_size: f64) -> f64 {
    let brush = step.brush_size.unwrap_or_else(|| brush(layer, brush_size));
    f64::from(layer.width) * f64::from(layer.height) / brush.powi(2)
}

/// The part of the layer in the pixels of a step.
pub fn in_step(part: Rectangle, step: &Step, picture: [u32; 2]) -> Rectangle {
    let Rectangle { x, y, width, height } = scaled(part, step.scale);
    let [across, down] = picture.map(|side| i32::try_from(side).unwrap_or(i32::MAX));
    let (x, y) = (x.clamp(0, across - 1), y.clamp(0, down - 1));
    Rectangle { x, y, width: width.clamp(1, across - x), height: height.clamp(1, down - y) }
}

/// The brush size in the layer's pixels where 0 follows the picture.
fn brush(layer: Rectangle, set: f64) -> f64 {
    if set > 0.0 {
        return set;
    }
    let area = f64::from(layer.width) * f64::from(layer.height);
    (area / AUTOMATIC_CANVAS).sqrt().max(1.0)
}

fn widened(part: Rectangle, layer: Rectangle) -> Rectangle {
    let beyond = |side: i32| (f64::from(side) * BEYOND) as i32;
    let (x, y) = ((part.x - beyond(part.width)).max(0), (part.y - beyond(part.height)).max(0));
    let right = (part.x + part.width + beyond(part.width)).min(layer.width);
    let bottom = (part.y + part.height + beyond(part.height)).min(layer.height);
    Rectangle { x, y, width: right - x, height: bottom - y }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYER: Rectangle = Rectangle { x: 0, y: 0, width: 3000, height: 2000 };

    fn view() -> View {
        let mut view = View::new(LAYER);
        view.set_pane([600.0, 400.0]);
        view
    }

    #[test]
    fn fine_strokes_are_painted_fine_and_then_reduced() {
        let fine = exact(LAYER, &view(), 1.0);
        assert_eq!(fine, Step { scale: 1.0, part: None, brush_size: None });
        let twice = exact(LAYER, &view(), 2.0);
        assert!((twice.scale - 0.5).abs() < 1e-9);
        let broad = exact(LAYER, &view(), 30.0);
        assert!((broad.scale - 0.2).abs() < 1e-9);
    }

    #[test]
    fn what_takes_long_has_a_draft_of_the_whole() {
        let step = exact(LAYER, &view(), 1.0);
        let draft = draft(LAYER, &step, 1.0, 60_000.0).unwrap();
        assert!((draft.scale - 0.1).abs() < 1e-9 && draft.part.is_none());
        assert!((canvas_pixels(LAYER, &draft, 1.0) - 60_000.0).abs() < 1.0);
        let broad = exact(LAYER, &view(), 10.0);
        assert_eq!(super::draft(LAYER, &broad, 10.0, 60_000.0), None);
    }

    #[test]
    fn at_100_percent_only_what_is_seen_is_painted() {
        let mut view = view();
        view.show_times(1.0);
        let step = exact(LAYER, &view, 0.0);
        assert!((step.scale - 1.0).abs() < 1e-9);
        assert_eq!(step.part, Some(Rectangle { x: 1050, y: 700, width: 900, height: 600 }));
    }

    #[test]
    fn a_part_stays_within_what_is_painted() {
        let step = Step { scale: 0.5, part: None, brush_size: None };
        let part = Rectangle { x: 2990, y: 1999, width: 10, height: 1 };
        let inside = in_step(part, &step, [1500, 1000]);
        assert_eq!(inside, Rectangle { x: 1495, y: 999, width: 5, height: 1 });
    }
}
