//! What holds for all that a render has the engine do.

use std::num::NonZeroU64;

use impasto_client::{Cancel, Run, Settings};

/// The terms of a render.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    pub settings: &'a Settings,
    /// Bytes.
    pub memory: Option<NonZeroU64>,
    /// How large the pictures are in comparison to the frames as they are shown at full size.
    pub scale: [f32; 2],
    /// Whether a draft will do. Looks are those of the whole painting.
    pub is_draft: bool,
}

impl Terms<'_> {
    /// A run that `cancel` stops.
    pub fn run(self, cancel: &Cancel) -> Run<'_> {
        let [x, y] = self.scale;
        Run::new().memory_budget(self.memory).scale(x, y).draft(self.is_draft).cancel(cancel)
    }
}
