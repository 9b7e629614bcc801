//! How far the dialog's controls stand apart.

/// Between two controls, in pixels; groups of them have twice as much.
pub const SPACING: i32 = 6;
