//! Layers of paint: broad strokes under fine ones.
//!
//! Painters lay broad strokes first. The same network paints a coarse canvas, then finer ones, each
//! over a mix of the photograph and the layer below.

use super::options::FastOptions;

/// The pixels of a canvas from which three layers suit: on smaller ones, faces are no larger than
/// the strokes of the third.
const THREE_LAYERS_FROM: f64 = 560.0 * 560.0;

/// The most layers.
pub const MOST_LAYERS: usize = 4;

/// How a layer's strength follows from the one that is set, by its place above the finest: the
/// exponent. Coarse layers are bold, fine ones keep the drawing.
const STRENGTHS: [f32; MOST_LAYERS] = [1.2, 0.3, 0.1, 0.05];

/// A layer's part of the turbulence that is set, by its place above the finest: swirls belong to
/// broad strokes.
const TURBULENCES: [f32; MOST_LAYERS] = [0.33, 0.67, 1.67, 1.67];

/// The same over a composition, which is bold already.
const OVER_FORMS: [f32; MOST_LAYERS] = [2.0, 1.0, 1.0, 1.0];

/// How the share of a composition follows from the abstraction that is set: the exponent. Its forms
/// bear more of it than strokes do.
const SHARE_OF_FORMS: f32 = 0.6;

/// The share of pixels that are measured for one layer of several. A painting is moved by it less
/// than by another seed.
const MEASURED: f64 = 0.5;

/// Pixels of a canvas that are painted at once: of a draft on so few nothing more is left out.
const QUICK: f64 = 100_000.0;

/// One layer of paint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layer {
    /// The canvas's size.
    pub canvas: [u32; 2],
    /// The network's two controls, -1..1 each.
    pub controls: [f32; 2],
    /// As of [`Turbulence`](super::turbulence::Turbulence).
    pub turbulence: f32,
    /// The share of the pixels that are measured for the layer's normalisation.
    pub measured: f64,
}

/// All layers of a painting.
#[derive(Debug, PartialEq)]
pub(super) struct Layers {
    /// The coarsest first.
    pub coarse: Vec<Layer>,
    /// The last, which is seen.
    pub finest: Layer,
    /// How many finer ones the whole painting has: a draft is without them.
    pub left_out: usize,
    /// The share of the layer below in what the network sees of each.
    pub share: f32,
}

impl FastOptions {
    /// The layers of a painting for a picture that is `scale` times as large as the one that it
    /// stands for. Where it `is_composed`, a composition stands for the coarsest layer.
    pub(super) fn layering(&self, picture: [u32; 2], scale: [f32; 2], is_composed: bool) -> Layers {
        let canvas = self.canvas(picture, scale);
        let pixels = f64::from(canvas[0]) * f64::from(canvas[1]);
        let count = match self.layers as usize {
            0 if pixels < THREE_LAYERS_FROM => 2,
            0 => 3,
            chosen => chosen.min(MOST_LAYERS),
        };
        let (strengths, turbulences, share) = match (is_composed, count) {
            (true, _) => (OVER_FORMS, [0.33; MOST_LAYERS], self.abstraction.powf(SHARE_OF_FORMS)),
            (false, 1) => ([1.0; MOST_LAYERS], [1.0; MOST_LAYERS], 0.0),
            (false, _) => (STRENGTHS, TURBULENCES, self.abstraction),
        };
        let layer = |above: usize| Layer {
            canvas: canvas.map(|side| (side >> above).max(1)),
            controls: [self.strength.powf(strengths[above]), self.grain].map(|v| v * 2.0 - 1.0),
            turbulence: self.turbulence * turbulences[above],
            measured: if is_composed || count > 1 { MEASURED } else { 1.0 },
        };
        let coarse = match (is_composed, share > 0.0) {
            // What does not show is not painted.
            (_, false) => 1..1,
            (true, true) => 1..(count - 1).max(1),
            (false, true) => 1..count,
        };
        Layers { coarse: coarse.rev().map(layer).collect(), finest: layer(0), left_out: 0, share }
    }
}

impl Layers {
    /// Without the finest, where its canvas is large, and without more of them while the canvas is
    /// larger than the picture: what is left is as it was, so that a draft has the painting's forms
    /// and colours.
    pub(super) fn of_a_draft(mut self, picture: [u32; 2]) -> Self {
        let is_larger = |[width, height]: [u32; 2]| width > picture[0] || height > picture[1];
        let is_dear = |canvas: [u32; 2]| canvas.map(f64::from).iter().product::<f64>() > QUICK;
        while is_larger(self.finest.canvas) || (self.left_out == 0 && is_dear(self.finest.canvas)) {
            let canvas = self.finest.canvas.map(|side| (side / 2).max(1));
            self.finest = self.coarse.pop().unwrap_or(Layer { canvas, ..self.finest });
            self.left_out += 1;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_what_lies_below() {
        let options = FastOptions::default();
        let layers = |picture, scale| options.layering(picture, scale, false);
        let whole = layers([1920, 1080], [1.0; 2]);
        let draft = layers([480, 270], [0.25; 2]).of_a_draft([480, 270]);
        assert_eq!([draft.left_out, draft.coarse.len()], [1, 1]);
        assert_eq!(draft.finest, whole.coarse[1]);
        assert_eq!(draft.coarse[0], whole.coarse[0]);
    }

    #[test]
    fn a_draft_is_painted_on_no_more_pixels_than_it_has() {
        let fine = FastOptions { brush_size: 0.25, ..FastOptions::default() };
        let draft = fine.layering([480, 270], [0.25; 2], false).of_a_draft([480, 270]);
        assert_eq!(draft.finest.canvas, [480, 270]);
        assert_eq!([draft.left_out, draft.coarse.len()], [4, 0]);
        // What is quick is painted whole.
        let tiny = FastOptions::default().layering([1, 1], [1.0; 2], false).of_a_draft([1, 1]);
        assert_eq!(tiny.left_out, 0);
    }
}
