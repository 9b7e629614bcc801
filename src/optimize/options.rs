//! What a user may set.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use super::graph::Pooling;
use crate::canvas::{Finishing, KeepColor};
use crate::error::{Error, ErrorKind, Result};
use crate::image::Picture;
use crate::parameters::{Field, Fields, choice};
use crate::vgg::Layer;

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
    /// Kingma and Ba 2014; learning rate 0.02, betas 0.9 and 0.99.
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

choice!(Preset: Draft, Normal, Fine);
choice!(Optimizer: Adam, Lbfgs);
choice!(Start: Content, Noise);
choice!(Averaging: Off, On);
choice!(Pooling: Max, Average);

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

/// Settings of the optimise method. Ranges are those of [`crate::parameters::PARAMETERS`].
#[derive(Debug, Clone, PartialEq)]
pub struct OptimizeOptions {
    /// How large and how long is optimised.
    pub preset: Preset,
    /// How much the photograph's content counts.
    pub content_weight: f32,
    /// How much the style counts.
    pub style_weight: f32,
    /// How much neighbouring pixels are drawn together.
    pub tv_weight: f32,
    /// The style picture's size (square root of its area) relative to the photograph's. Style
    /// pictures are never enlarged.
    pub style_scale: f32,
    /// Steps in all; 0 follows the preset.
    pub iterations: u64,
    /// The longest side that is optimised; 0 follows the preset.
    pub resolution: u64,
    /// How the feature network halves its picture.
    pub pooling: Pooling,
    /// How the picture is changed.
    pub optimizer: Optimizer,
    /// What the optimisation starts from.
    pub start: Start,
    /// Goes before `start`: a picture, scaled to fit.
    pub start_picture: Option<Arc<Picture>>,
    /// Whether the result is a mean of pictures.
    pub averaging: Averaging,
    /// Varies the noise to start from.
    pub seed: u64,
    /// Whether the photograph's colours stay. [`KeepColor::Match`] gives the style pictures the
    /// photograph's colours first.
    pub keep_color: KeepColor,
    /// 0 (the photograph) to 1 (the painting).
    pub opacity: f32,
    /// How much of the picture's fine detail is laid over a painting that was enlarged; 0 to 1.
    pub detail: f32,
    /// The sizes from coarse to fine with the steps of each; empty to follow the preset.
    pub schedule: Vec<ScaleIterations>,
    /// Layers of the content loss.
    pub content_layers: Vec<WeightedLayer>,
    /// Layers of the style loss.
    pub style_layers: Vec<WeightedLayer>,
    /// The feature network: `vgg16`, the name of an imported one, or a `.safetensors` file.
    pub features: String,
    /// Keeps the state in this file while the work goes on, and goes on from it where it is there:
    /// after a crash the same call ends as if nothing had happened.
    pub checkpoint: Option<PathBuf>,
    /// Time from one saving of the checkpoint to the next: the most work that a crash loses. Zero
    /// saves after each step.
    pub checkpoint_every: Duration,
    /// On a request to stop, finish with the picture as it is instead of failing.
    pub keep_on_cancel: bool,
}

impl Default for OptimizeOptions {
    fn default() -> Self {
        let layer =
            |block, convolution| WeightedLayer { layer: Layer { block, convolution }, weight: 1.0 };
        Self {
            preset: Preset::Normal,
            content_weight: 1.0,
            style_weight: 30.0,
            tv_weight: 1.0,
            style_scale: 1.0,
            iterations: 0,
            resolution: 0,
            pooling: Pooling::Max,
            optimizer: Optimizer::Adam,
            start: Start::Content,
            start_picture: None,
            averaging: Averaging::Off,
            seed: 0,
            keep_color: KeepColor::None,
            opacity: 1.0,
            detail: 0.5,
            schedule: Vec::new(),
            content_layers: vec![layer(4, 2)],
            style_layers: (1..=4).map(|block| layer(block, 1)).collect(),
            features: "vgg16".into(),
            checkpoint: None,
            checkpoint_every: Duration::from_secs(20),
            keep_on_cancel: false,
        }
    }
}

impl Fields for OptimizeOptions {
    fn field(&mut self, name: &str) -> Option<Field<'_>> {
        Some(match name {
            "preset" => Field::Choice(&mut self.preset),
            "content-weight" => Field::Float(&mut self.content_weight),
            "style-weight" => Field::Float(&mut self.style_weight),
            "tv-weight" => Field::Float(&mut self.tv_weight),
            "style-scale" => Field::Float(&mut self.style_scale),
            "iterations" => Field::Integer(&mut self.iterations),
            "resolution" => Field::Integer(&mut self.resolution),
            "pooling" => Field::Choice(&mut self.pooling),
            "optimizer" => Field::Choice(&mut self.optimizer),
            "start" => Field::Choice(&mut self.start),
            "averaging" => Field::Choice(&mut self.averaging),
            "seed" => Field::Integer(&mut self.seed),
            "keep-color" => Field::Choice(&mut self.keep_color),
            "opacity" => Field::Float(&mut self.opacity),
            "detail" => Field::Float(&mut self.detail),
            _ => return None,
        })
    }
}

impl OptimizeOptions {
    /// What happens to painted pixels.
    pub(super) fn finishing(&self) -> Finishing {
        let Self { keep_color, opacity, detail, .. } = *self;
        Finishing { keep_color, opacity, detail }
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
