//! What a graph computes, and how far its pixels see.

use std::fmt::Write as _;

use half::f16;

use crate::error::{Error, ErrorKind, Result};
use crate::vgg::{Convolution, FeatureNetwork, InputColors, Layer};

/// Pixels of a picture for each hypercolumn, along either axis.
pub(crate) const CELL: usize = 4;

/// How a feature network halves its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pooling {
    /// The largest of four, as the network was trained.
    Max,
    /// The mean of four: smoother gradients (Gatys et al. 2016).
    #[default]
    Average,
}

/// By what a painting's features resemble the style's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StyleLoss {
    /// Gram matrices: the mean products of features (Gatys et al. 2016).
    Gram,
    /// The Wasserstein-2 distance of Gaussians with the features' means and covariances.
    #[default]
    Wasserstein,
    /// Nearest neighbours: each place is drawn to the place of the style that is most like the
    /// photograph there (Kolkin et al. 2022).
    Matching,
}

impl StyleLoss {
    /// What the loss is multiplied by, so that one style weight suits all losses.
    pub(crate) fn balance(self) -> f32 {
        match self {
            Self::Gram => 1.0,
            Self::Wasserstein | Self::Matching => 0.5,
        }
    }
}

/// What a graph computes.
#[derive(Clone, Copy)]
pub(crate) struct GraphSpec<'n> {
    pub colors: InputColors,
    /// As deep as the deepest layer needs.
    pub convolutions: &'n [Convolution],
    pub pooling: Pooling,
    pub content_layers: &'n [Layer],
    pub style_layers: &'n [Layer],
    pub style_loss: StyleLoss,
    /// Masks on the picture, each with a style of its own (Gatys et al. 2017); 0 for one style
    /// over the whole picture.
    pub masks: usize,
}

impl<'n> GraphSpec<'n> {
    /// The graph's layers out of a network.
    pub fn new(
        network: &'n FeatureNetwork,
        pooling: Pooling,
        content_layers: &'n [Layer],
        (style_layers, style_loss): (&'n [Layer], StyleLoss),
        masks: usize,
    ) -> Result<Self> {
        let convolutions = network.up_to(content_layers.iter().chain(style_layers).copied())?;
        if convolutions.is_empty() {
            let what = "cannot optimise without a content or style layer";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        let colors = network.colors;
        Ok(Self { colors, convolutions, pooling, content_layers, style_layers, style_loss, masks })
    }

    /// Features of a layer.
    pub fn channels(&self, layer: Layer) -> usize {
        self.convolution(layer).map_or(layer.channels(), Convolution::outputs)
    }

    /// What a slim network's features of a layer are by those of the whole one.
    pub fn projection(&self, layer: Layer) -> Option<&'n [f16]> {
        self.convolution(layer)?.projection.as_deref()
    }

    fn convolution(&self, layer: Layer) -> Option<&'n Convolution> {
        self.convolutions.iter().find(|convolution| convolution.layer == layer)
    }

    /// Styles that are each measured by themselves.
    pub fn groups(&self) -> usize {
        self.masks.max(1)
    }

    /// A picture's sides are multiples of this, so that every pooling halves it whole.
    pub fn multiple(&self) -> usize {
        let deepest = self.convolutions.last().map_or(1, |c| c.layer.stride());
        if self.is_matching() { deepest.max(CELL) } else { deepest }
    }

    /// Channels of a hypercolumn.
    pub fn hypercolumn_channels(&self) -> usize {
        self.style_layers.iter().map(|&layer| self.channels(layer)).sum()
    }

    /// Whether hypercolumns are compared, which takes style layers.
    pub fn is_matching(&self) -> bool {
        self.style_loss == StyleLoss::Matching && !self.style_layers.is_empty()
    }

    /// Layers whose features are summed over the picture.
    pub fn summed_layers(&self) -> &'n [Layer] {
        if self.is_matching() { &[] } else { self.style_layers }
    }

    /// Features for each pixel of the picture, as a part of VGG's in the same layers.
    pub fn share_of_features(&self) -> f64 {
        let per_pixel = |channels: &dyn Fn(&Convolution) -> usize| -> f64 {
            let each = self.convolutions.iter();
            each.map(|c| channels(c) as f64 / c.layer.stride().pow(2) as f64).sum()
        };
        per_pixel(&Convolution::outputs) / per_pixel(&|c| c.layer.channels())
    }

    /// Products of a weight and a value for each pixel of the picture.
    pub fn products_per_pixel(&self) -> f64 {
        let products = |convolution: &Convolution| {
            convolution.weight.len() as f64 / convolution.layer.stride().pow(2) as f64
        };
        self.convolutions.iter().map(products).sum()
    }

    /// Pixels beyond a tile that the features of the tile depend on, a multiple of
    /// [`GraphSpec::multiple`].
    pub fn reach(&self) -> usize {
        (self.seen_by(0) + self.cell()).next_multiple_of(self.multiple())
    }

    /// Pixels beyond a tile that the gradient of the tile depends on, a multiple of
    /// [`GraphSpec::multiple`]: all that the features which the tile touches depend on.
    pub fn gradient_reach(&self) -> usize {
        let mut touched = 0_usize;
        let mut block = 1;
        for convolution in self.convolutions {
            if convolution.layer.block > block {
                block = convolution.layer.block;
                touched = touched.div_ceil(2);
            }
            touched += 1;
        }
        (self.seen_by(touched) + 2 * self.cell()).next_multiple_of(self.multiple())
    }

    /// How much further than a feature its cell sees, at most.
    fn cell(&self) -> usize {
        if self.is_matching() { CELL } else { 0 }
    }

    /// Pixels that lie beyond the tile and under features up to `beyond` positions from it.
    fn seen_by(&self, beyond: usize) -> usize {
        let mut seen = beyond;
        let mut block = self.convolutions.last().map_or(1, |c| c.layer.block);
        for convolution in self.convolutions.iter().rev() {
            if convolution.layer.block < block {
                block = convolution.layer.block;
                seen *= 2;
            }
            seen += 1;
        }
        seen
    }

    /// For the person who opens the file.
    pub fn description(&self) -> String {
        let mut text = format!(
            "Neural style transfer after Gatys et al. 2016, written by Impasto. Pictures are RGB, \
             encoded sRGB, 0 to 1; sides are multiples of {}. Content layers:",
            self.multiple()
        );
        for layer in self.content_layers {
            let _ = write!(text, " {layer}");
        }
        text.push_str("; style layers:");
        for layer in self.style_layers {
            let _ = write!(text, " {layer}");
        }
        let _ = write!(text, "; {:?} pooling, {:?} style loss.", self.pooling, self.style_loss);
        text
    }
}
