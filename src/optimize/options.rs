//! What the optimise method may be told.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::graph::{Pooling, StyleLoss};
use crate::error::{Error, ErrorKind, Result};
use crate::options::options;
use crate::vgg::{AUTO, Layer};

/// How large and how long is optimised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// Up to 512 pixels: a minute or two on two cores.
    Draft,
    /// Up to 1024 pixels.
    #[default]
    Normal,
    /// The picture's own size.
    Fine,
}

/// How the picture is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Optimizer {
    /// Kingma and Ba 2014; learning rate 0.02, both betas 0.9.
    #[default]
    Adam,
    /// Nocedal 1980, with a history of 15 and a line search. A step of its counts as many
    /// iterations as the line search looked at pictures.
    Lbfgs,
}

/// What the optimisation starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// The photograph.
    #[default]
    Content,
    /// Noise from the seed.
    Noise,
}

/// Whether the result is the mean of the pictures of the last half of the last size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Averaging {
    /// The very last picture.
    #[default]
    Off,
    /// The mean.
    On,
}

/// How a painting that is optimised smaller than its picture is brought to the picture's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Enlarging {
    /// The fast method's network paints the marks that are finer than what was optimised.
    #[default]
    Paint,
    /// It is only enlarged.
    Plain,
}

/// What becomes of the steps that are done when the work is asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnCancel {
    /// Nothing: the work fails as cancelled.
    #[default]
    Discard,
    /// A painting as it stands. Before the first step of all, those that a checkpoint brought
    /// included, there is nothing to keep, and the work fails as cancelled.
    Keep,
}

/// A layer and its weight among the layers of its loss: `block4_conv1` or `block4_conv1:0.5`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedLayer {
    /// The layer.
    pub layer: Layer,
    /// 0 to 1000000; only the ratio to the others counts.
    pub weight: f32,
}

/// One size of coarse to fine: `512:200`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScaleIterations {
    /// The longest side in pixels, 1 to 30000.
    pub side: u32,
    /// Steps at this size, up to 100000.
    pub iterations: u32,
}

options! {
    /// Options of the optimise method. Ranges are those of [`SETTINGS`](crate::settings::SETTINGS).
    pub struct OptimizeOptions {
        /// How large and how long is optimised.
        pub preset: Preset = Preset::Normal,
        /// How much the photograph's content counts.
        pub content_weight: f32 = 1.0,
        /// How much the style counts.
        pub style_weight: f32 = 30.0,
        /// How much neighbouring pixels are drawn together.
        pub tv_weight: f32 = 1.0,
        /// The style picture's size (square root of its area) relative to the photograph's. Style
        /// pictures are never enlarged.
        pub style_scale: f32 = 1.0,
        /// Steps in all; 0 follows the preset.
        pub iterations: u64 = 0,
        /// The longest side that is optimised; 0 follows the preset.
        pub resolution: u64 = 0,
        /// How what is optimised smaller than the picture is brought to its size. Where styles have
        /// masks, and without a code of the style or the fast method's networks, it is only
        /// enlarged.
        pub enlarge: Enlarging = Enlarging::Paint,
        /// How the feature network halves its picture.
        pub pooling: Pooling = Pooling::Average,
        /// How the picture is changed.
        pub optimizer: Optimizer = Optimizer::Adam,
        /// What the optimisation starts from, where the request gives no picture to start from.
        pub start: Start = Start::Content,
        /// Whether the result is a mean of pictures.
        pub averaging: Averaging = Averaging::Off,
        /// The sizes from coarse to fine with the steps of each; empty to follow the preset.
        pub schedule: Vec<ScaleIterations> = Vec::new(),
        /// Layers of the content loss.
        pub content_layers: Vec<WeightedLayer> = vec![WeightedLayer::of(4, 2)],
        /// Layers of the style loss.
        pub style_layers: Vec<WeightedLayer> =
            (1..=4).map(|block| WeightedLayer::of(block, 1)).collect(),
        /// By what the painting's features resemble the style's.
        pub style_loss: StyleLoss = StyleLoss::Wasserstein,
        /// The feature network: `auto` for `vgg16-slim`, and `vgg16` for the last steps or where the
        /// slim one was not made for the layers or the pooling; `vgg16`; `vgg16-slim`; the name of
        /// an imported one; or a `.safetensors` file.
        pub features: String = AUTO.to_owned(),
        /// Keeps the state in this file while the work goes on and when it is stopped, and goes on
        /// from it where it is there: after a crash the same call ends as if nothing had happened.
        pub checkpoint: Option<PathBuf> = None,
        /// Seconds from one saving of the checkpoint to the next: the most work that a crash loses.
        /// 0 saves after each step.
        pub checkpoint_every: u64 = 20,
        /// What becomes of the steps that are done when the work is asked to stop.
        pub on_cancel: OnCancel = OnCancel::Discard,
    }
}

impl WeightedLayer {
    fn of(block: usize, convolution: usize) -> Self {
        Self { layer: Layer { block, convolution }, weight: 1.0 }
    }
}

impl fmt::Display for WeightedLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.weight {
            1.0 => self.layer.fmt(f),
            weight => write!(f, "{}:{weight}", self.layer),
        }
    }
}

impl fmt::Display for ScaleIterations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.side, self.iterations)
    }
}

impl ScaleIterations {
    /// Whether the numbers are such that their sums and products can be had.
    pub(super) fn is_sensible(self) -> bool {
        (1..=30_000).contains(&self.side) && self.iterations <= 100_000
    }
}

impl FromStr for WeightedLayer {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (layer, weight) = match text.split_once(':') {
            Some((layer, weight)) => {
                let weight = weight.parse().map_err(|_| {
                    let what = format!("cannot read the weight of '{text}': block4_conv1:0.5");
                    Error::new(ErrorKind::Argument, what)
                })?;
                (layer, weight)
            }
            None => (text, 1.0),
        };
        Ok(Self { layer: layer.trim().parse()?, weight })
    }
}

impl FromStr for ScaleIterations {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let numbers = || {
            let (side, iterations) = text.split_once(':')?;
            Some(Self { side: side.trim().parse().ok()?, iterations: iterations.parse().ok()? })
        };
        numbers().filter(|scale| scale.is_sensible()).ok_or_else(|| {
            let what = format!(
                "cannot read '{text}' as a size and its iterations: 512:200, sides up to 30000 and \
                 iterations up to 100000"
            );
            Error::new(ErrorKind::Argument, what)
        })
    }
}
