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
    /// Of the last step of an optimisation; `None` elsewhere.
    pub losses: Option<Losses>,
}

/// How far the picture of an optimisation is from what it should be, by parts; the weights are in
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Losses {
    /// From the photograph's content.
    pub content: f32,
    /// From the style.
    pub style: f32,
    /// Total variation.
    pub variation: f32,
    /// All of them.
    pub total: f32,
}

/// The picture that an optimisation has come to.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Preview<'a> {
    /// The picture, at the size that is being optimised.
    pub pixels: Pixels<'a>,
    /// Steps that are done.
    pub step: u32,
    /// Steps in all.
    pub steps: u32,
    /// Of the last step.
    pub losses: Losses,
}
