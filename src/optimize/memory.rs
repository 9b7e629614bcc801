//! What an optimisation takes: the whole picture at once where that fits, tiles where it does not.

use super::graph::GraphSpec;
use super::options::Optimizer;
use super::{lbfgs, matches};
use crate::error::{Error, ErrorKind, Result};

/// Working memory of the step graph for each pixel, measured with VGG16. That of a slim network goes
/// with its features.
const STEP_BYTES: u64 = 2600;

/// Working memory of the gradient graph for each pixel of a tile, measured, with what the shared
/// pool of memory takes beyond it.
const GRADIENT_BYTES: u64 = 3000;

/// The same of the statistics graph.
const STATISTICS_BYTES: u64 = 1700;

/// Weights and what the runtime makes of them.
pub(super) const FIXED_BYTES: u64 = 200 << 20;

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

impl Plan {
    /// The same in the two passes that tiles take, over a single tile where the whole picture fits.
    pub fn in_passes(self, pixels: u64) -> Self {
        match self {
            Self::Whole => Self::Tiles { statistics: pixels, gradient: pixels },
            tiles => tiles,
        }
    }
}

fn of_pixel(bytes: u64, spec: &GraphSpec<'_>) -> f64 {
    bytes as f64 * spec.share_of_features()
}

fn working(pixels: u64, bytes: u64, spec: &GraphSpec<'_>) -> u64 {
    (pixels as f64 * of_pixel(bytes, spec)) as u64
}

/// The plan for a picture of `pixels` within `memory` bytes.
pub(super) fn plan(
    pixels: u64,
    spec: &GraphSpec<'_>,
    optimizer: Optimizer,
    memory: u64,
) -> Result<Plan> {
    let features = feature_bytes(spec);
    let pictures = match optimizer {
        // The picture, two moments and the gradient.
        Optimizer::Adam => 4,
        Optimizer::Lbfgs => 2 * lbfgs::HISTORY as u64 + 7,
    };
    let held = |pictures: u64| {
        pixels * (PICTURE_BYTES * pictures + features + 4 * spec.masks as u64) + FIXED_BYTES
    };
    let on_host = if optimizer == Optimizer::Adam { 1 } else { pictures };
    if held(on_host) + working(pixels, STEP_BYTES, spec) <= memory {
        return Ok(Plan::Whole);
    }
    // Of the smallest sensible tile most is what surrounds it.
    let least = (64 + 2 * spec.gradient_reach() as u64).pow(2);
    let needed = held(pictures) + working(least, GRADIENT_BYTES, spec);
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
    let fitting = |bytes| (rest as f64 / of_pixel(bytes, spec)) as u64;
    Ok(Plan::Tiles { statistics: fitting(STATISTICS_BYTES), gradient: fitting(GRADIENT_BYTES) })
}

/// Of memory for a picture of `pixels` as a whole so much that half of it makes for tiles.
pub(super) fn whole(pixels: u64, spec: &GraphSpec<'_>) -> u64 {
    2 * working(pixels, STEP_BYTES, spec)
}

/// Working memory of the graphs of a plan.
pub(super) fn bytes_of(pixels: u64, plan: Plan, spec: &GraphSpec<'_>) -> u64 {
    FIXED_BYTES
        + match plan {
            Plan::Whole => working(pixels, STEP_BYTES, spec),
            Plan::Tiles { statistics, gradient } => {
                let tile = |most: u64, bytes: u64| working(pixels.min(most), bytes, spec);
                tile(statistics, STATISTICS_BYTES).max(tile(gradient, GRADIENT_BYTES))
            }
        }
}

/// Working memory of the statistics graph for a tile of so many pixels.
pub(super) fn statistics_bytes(pixels: u64, spec: &GraphSpec<'_>) -> u64 {
    FIXED_BYTES + working(pixels, STATISTICS_BYTES, spec)
}

/// The most pixels of a tile while targets are gathered, within `memory` bytes: besides the picture
/// that was come to, the content and its features are held.
pub(super) fn statistics_pixels(pixels: u64, spec: &GraphSpec<'_>, memory: u64) -> u64 {
    let held = pixels * (3 * PICTURE_BYTES + feature_bytes(spec)) + FIXED_BYTES;
    let fitting = memory.saturating_sub(held) as f64 / of_pixel(STATISTICS_BYTES, spec);
    (fitting as u64).max(256 * 256)
}

/// The content layers' features for each pixel, and what its style is to be like.
fn feature_bytes(spec: &GraphSpec<'_>) -> u64 {
    let layers = spec.content_layers.iter();
    let content: u64 =
        layers.map(|&l| 4 * spec.channels(l) as u64 / (l.stride() * l.stride()) as u64).sum();
    // The picture's own hypercolumns, and the gradient by them, are as large.
    let matches = if spec.is_matching() { 3 * matches::bytes(spec) } else { 0 };
    content + matches
}
