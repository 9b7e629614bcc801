//! What a run tells while it goes on.

use std::time::Duration;

use crate::pixels::Pixels;

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// What is being done, for people.
    pub phase: &'a str,
    /// The part of the run that is done, 0 to 1.
    pub fraction: f32,
    /// How long it will still take; `None` where that is unknown.
    pub remaining: Option<Duration>,
    /// What an optimisation has come to; `None` otherwise, and before its first step.
    pub losses: Option<Losses>,
}

/// What an optimisation minimises. All are relative, so they can be compared between styles and
/// sizes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Losses {
    /// Squared difference of content features over the square of the photograph's.
    pub content: f32,
    /// Squared difference of Gram matrices over the square of the style's.
    pub style: f32,
    /// Mean squared difference of neighbouring pixels.
    pub variation: f32,
    /// The sum by weight, which is minimised.
    pub total: f32,
}

/// The picture that an optimisation has come to.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Preview<'a> {
    /// The picture in encoded sRGB, at the size that is worked on, which grows from coarse to fine.
    pub pixels: Pixels<'a>,
    /// Steps done at all sizes.
    pub step: u32,
    /// Steps of all sizes.
    pub steps: u32,
    /// Of this picture.
    pub losses: Losses,
}
