//! What an optimisation takes: the whole picture at once where that fits, tiles where it does not.

use super::graph::GraphSpec;
use super::lbfgs;
use super::options::Optimizer;
use crate::error::{Error, ErrorKind, Result};

/// Working memory of the step graph for each pixel, measured.
const STEP_BYTES: u64 = 2600;

/// Working memory of the gradient graph for each pixel of a tile, measured.
const GRADIENT_BYTES: u64 = 2400;

/// Working memory of the statistics graph for each pixel of a tile, measured.
const STATISTICS_BYTES: u64 = 1300;

/// Weights and what the runtime makes of them.
const FIXED_BYTES: u64 = 160 << 20;

/// A value of each channel of a pixel.
const PICTURE_BYTES: u64 = 12;

/// How a picture is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    Whole,
    /// With the most pixels that a tile may see.
    Tiles {
        statistics: u64,
        gradient: u64,
    },
}

/// The plan for a picture of `pixels` within `memory` bytes.
pub(super) fn plan(
    pixels: u64,
    spec: &GraphSpec<'_>,
    optimizer: Optimizer,
    memory: u64,
) -> Result<Plan> {
    let features: u64 = spec
        .content_layers
        .iter()
        .map(|layer| 4 * layer.channels() as u64 / (layer.stride() * layer.stride()) as u64)
        .sum();
    let pictures = match optimizer {
        // The picture, two moments and the gradient.
        Optimizer::Adam => 4,
        Optimizer::Lbfgs => 2 * lbfgs::HISTORY as u64 + 7,
    };
    let held = |pictures: u64| {
        pixels * (PICTURE_BYTES * pictures + features + 4 * spec.masks as u64) + FIXED_BYTES
    };
    let on_host = if optimizer == Optimizer::Adam { 1 } else { pictures };
    if held(on_host) + pixels * STEP_BYTES <= memory {
        return Ok(Plan::Whole);
    }
    // Of the smallest sensible tile most is what surrounds it.
    let least = (64 + 2 * spec.gradient_reach() as u64).pow(2);
    let needed = held(pictures) + least * GRADIENT_BYTES;
    let Some(rest) = memory.checked_sub(held(pictures)).filter(|_| needed <= memory) else {
        let hint = match optimizer {
            Optimizer::Adam => "choose a smaller resolution",
            Optimizer::Lbfgs => "choose the optimizer adam, or a smaller resolution",
        };
        let what = format!(
            "cannot optimise {pixels} pixels within {} MiB: {} MiB are needed; {hint}",
            memory >> 20,
            (needed >> 20) + 1
        );
        return Err(Error::new(ErrorKind::Memory, what));
    };
    Ok(Plan::Tiles { statistics: rest / STATISTICS_BYTES, gradient: rest / GRADIENT_BYTES })
}

/// So little memory that a picture of `pixels` is worked on in tiles.
pub(super) fn just_below_whole(pixels: u64) -> u64 {
    pixels * STEP_BYTES
}

/// The most pixels of a style picture's tile within `memory` bytes.
pub(super) fn statistics_pixels(memory: u64) -> u64 {
    (memory.saturating_sub(FIXED_BYTES) / STATISTICS_BYTES).max(256 * 256)
}
