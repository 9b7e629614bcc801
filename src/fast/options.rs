//! What the fast method may be told.

use crate::options::options;

/// Pixels of the canvas that the automatic brush size paints larger pictures on.
const AUTOMATIC_CANVAS_PIXELS: f64 = 640.0 * 640.0;

/// The longest side of a canvas; a picture's is far shorter.
const LONGEST_CANVAS_SIDE: u32 = 120_000;

options! {
    /// Options of the fast method. Ranges are those of [`SETTINGS`](crate::settings::SETTINGS).
    pub struct FastOptions {
        /// 0 (gentle) to 1 (strong).
        pub strength: f32 = 0.7,
        /// 0 (fine grain) to 1 (broad strokes).
        pub grain: f32 = 0.5,
        /// Size of the strokes in picture pixels, 1 being what the network learned; 0.25 to 32. 0
        /// chooses by the picture's size, so that a painting looks the same at every size.
        pub brush_size: f32 = 0.0,
        /// Swirls in flat areas; 0 to 1.
        pub turbulence: f32 = 0.3,
        /// Layers of paint, broad strokes under fine ones, 1 to 4; 0 chooses by the picture's size.
        pub layers: u64 = 0,
        /// The share of the layer below in what is painted over it: 0 keeps the drawing, 1 dissolves
        /// it.
        pub abstraction: f32 = 0.5,
        /// How much of the photograph's drawing stays in faces; 0 to 1.
        pub keep_faces: f32 = 0.5,
    }
}

impl FastOptions {
    /// The size of the canvas on which strokes are as large as the network learned them, for a
    /// picture that is `scale` times as large as the one that it stands for.
    pub(super) fn canvas(&self, picture: [u32; 2], scale: [f32; 2]) -> [u32; 2] {
        let whole: [f64; 2] = std::array::from_fn(|k| f64::from(picture[k]) / f64::from(scale[k]));
        let brush_size = match f64::from(self.brush_size) {
            0.0 => (whole[0] * whole[1] / AUTOMATIC_CANVAS_PIXELS).sqrt().max(1.0),
            chosen => chosen,
        };
        whole.map(|side| ((side / brush_size).round() as u32).clamp(1, LONGEST_CANVAS_SIDE))
    }
}
