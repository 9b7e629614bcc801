//! What a user may set.

use crate::canvas::{Finishing, KeepColor};
use crate::error::{Error, ErrorKind, Result};
use crate::parameters::{Field, Fields};

/// Pixels of the canvas that the automatic brush size paints larger pictures on.
const AUTOMATIC_CANVAS_PIXELS: f64 = 640.0 * 640.0;

/// Below this a stroke is smaller than a pixel.
const LEAST_BRUSH_SIZE: f64 = 0.25;

/// The longest side of a canvas; a picture's is far shorter.
const LONGEST_CANVAS_SIDE: u32 = 120_000;

/// Settings of the fast method. Ranges are those of [`crate::parameters::PARAMETERS`].
#[derive(Debug, Clone, PartialEq)]
pub struct FastOptions {
    /// 0 (gentle) to 1 (strong).
    pub strength: f32,
    /// 0 (fine grain) to 1 (broad strokes).
    pub grain: f32,
    /// Size of the strokes in picture pixels, 1 being what the network learned; 0.25 to 32. 0
    /// chooses by the picture's size, so that a painting looks the same at every size.
    pub brush_size: f32,
    /// How much of the picture's fine detail is laid over strokes larger than 1; 0 to 1.
    pub detail: f32,
    /// Swirls in flat areas; 0 to 1.
    pub turbulence: f32,
    /// Varies the swirls.
    pub seed: u64,
    /// Whether the photograph's colours stay.
    pub keep_color: KeepColor,
    /// 0 (the photograph) to 1 (the painting).
    pub opacity: f32,
    /// How large the picture is in comparison to the one that it stands for, along x and y: 0.5
    /// for a proxy of half the size, which is then painted with strokes of half the size; 0.01 to
    /// 100.
    pub picture_scale: [f32; 2],
}

impl Default for FastOptions {
    fn default() -> Self {
        Self {
            strength: 0.7,
            grain: 0.5,
            brush_size: 0.0,
            detail: 0.5,
            turbulence: 0.3,
            seed: 0,
            keep_color: KeepColor::None,
            opacity: 1.0,
            picture_scale: [1.0; 2],
        }
    }
}

impl Fields for FastOptions {
    fn field(&mut self, name: &str) -> Option<Field<'_>> {
        Some(match name {
            "strength" => Field::Float(&mut self.strength),
            "grain" => Field::Float(&mut self.grain),
            "brush-size" => Field::Float(&mut self.brush_size),
            "detail" => Field::Float(&mut self.detail),
            "turbulence" => Field::Float(&mut self.turbulence),
            "seed" => Field::Integer(&mut self.seed),
            "keep-color" => Field::Choice(&mut self.keep_color),
            "opacity" => Field::Float(&mut self.opacity),
            _ => return None,
        })
    }
}

impl FastOptions {
    /// Refuses values outside their ranges.
    pub(super) fn check(&self) -> Result<()> {
        self.check_values()?;
        if self.picture_scale.iter().all(|scale| (0.01..=100.0).contains(scale)) {
            return Ok(());
        }
        let what = format!("cannot paint at the scale {:?}: 0.01 to 100", self.picture_scale);
        Err(Error::new(ErrorKind::Argument, what))
    }

    /// The size of the canvas on which strokes are as large as the network learned them.
    pub(super) fn canvas(&self, picture: [u32; 2]) -> [u32; 2] {
        let whole: [f64; 2] =
            std::array::from_fn(|k| f64::from(picture[k]) / f64::from(self.picture_scale[k]));
        let brush_size = match f64::from(self.brush_size) {
            0.0 => (whole[0] * whole[1] / AUTOMATIC_CANVAS_PIXELS).sqrt().max(1.0),
            chosen => chosen.max(LEAST_BRUSH_SIZE),
        };
        whole.map(|side| ((side / brush_size).round() as u32).clamp(1, LONGEST_CANVAS_SIDE))
    }

    /// What happens to painted pixels.
    pub(super) fn finishing(&self) -> Finishing {
        let Self { keep_color, opacity, detail, .. } = *self;
        Finishing { keep_color, opacity, detail }
    }

    /// The network's two controls, -1..1 each.
    pub(super) fn controls(&self) -> [f32; 2] {
        [self.strength * 2.0 - 1.0, self.grain * 2.0 - 1.0]
    }
}
