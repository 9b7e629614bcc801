//! What a picture is optimised towards at one size.

use super::graph::{GraphSpec, StyleLoss};
use super::matches::Matches;
use super::moments::FeatureMoments;
use super::planes::Planes;
use super::statistics::{Gathered, OwnedFeatures, gather, no_sums, tiles_of};
use crate::error::Result;
use crate::gaussian::Gaussian;
use crate::job::Cancel;
use crate::memory;
use crate::runtime::Session;

/// The sum of squares of features that are nothing to be relative to.
const LEAST_ENERGY: f64 = 1e-20;

/// Content, style and variation weight.
pub(crate) type LossWeights = [f32; 3];

/// A style at the size at which it is looked at.
pub(crate) struct StyleView {
    pub seen: Seen,
    /// Its weight among the styles of its group.
    pub weight: f32,
    /// The mask on the content that it belongs to.
    pub group: usize,
}

/// What there is to see of a style.
pub(crate) enum Seen {
    Picture {
        image: Planes,
        /// Which of its pixels count, 0 to 1.
        region: Option<Vec<f32>>,
    },
    /// Means for each style layer.
    Moments(Vec<FeatureMoments>),
}

/// Features of the content, what the styles' features are like, and how differences to them count.
pub(crate) struct Target {
    pub width: usize,
    pub height: usize,
    /// For each content layer, channels x positions.
    pub content: Vec<Vec<f32>>,
    pub content_coefficients: Vec<f32>,
    pub style: StyleTarget,
    pub style_coefficients: Vec<f32>,
    /// Of the content's size; none for one group of styles everywhere.
    pub masks: Vec<Vec<f32>>,
    pub weights: LossWeights,
}

/// What the painting's features are to be like.
pub(crate) enum StyleTarget {
    /// For each mask and, within it, each style layer: channels x channels.
    Grams(Vec<Vec<f32>>),
    Gaussians(Vec<Gaussian>),
    /// For the picture as a whole.
    Matches(Matches),
}

/// What the features of a picture are gathered with.
pub(super) struct Gathering<'a> {
    pub session: &'a mut Session,
    pub spec: &'a GraphSpec<'a>,
    /// The most pixels of a tile.
    pub most_pixels: u64,
    pub cancel: &'a Cancel,
}

impl Target {
    /// `session` is of the statistics graph with one mask.
    pub fn new(
        mut gathering: Gathering<'_>,
        content: &Planes,
        styles: &[StyleView],
        masks: Vec<Vec<f32>>,
        weights: LossWeights,
        [content_shares, style_shares]: [&[f32]; 2],
    ) -> Result<Self> {
        let spec = gathering.spec;
        let (width, height) = (content.width, content.height);
        let mut features: Vec<Vec<f32>> = spec
            .content_layers
            .iter()
            .map(|&layer| {
                let positions = width * height / (layer.stride() * layer.stride());
                memory::filled(0.0, spec.channels(layer) * positions, "the photograph's features")
            })
            .collect::<Result<_>>()?;
        if !features.is_empty() {
            gathering.run(content, None, |which, owned| {
                if let Gathered::Content(k) = which {
                    owned.rows(width / owned.stride, height / owned.stride, |at, row| {
                        features[k][at..at + row.len()].copy_from_slice(row);
                    });
                }
            })?;
        }
        let groups = masks.len().max(1);
        let (style, style_coefficients) = match spec.is_matching() {
            true => {
                let matches = Matches::find(&mut gathering, content, styles, &masks, style_shares)?;
                (StyleTarget::Matches(matches), Vec::new())
            }
            false => by_moments(&mut gathering, styles, groups, style_shares)?,
        };
        let content_coefficients = features
            .iter()
            .zip(content_shares)
            .map(|(features, share)| relative(squares(features), f64::from(*share)))
            .collect();
        Ok(Self {
            width,
            height,
            content: features,
            content_coefficients,
            style,
            style_coefficients,
            masks,
            weights,
        })
    }
}

impl Gathering<'_> {
    pub fn run(
        &mut self,
        image: &Planes,
        region: Option<&Vec<f32>>,
        take: impl FnMut(Gathered, OwnedFeatures<'_>),
    ) -> Result<Vec<FeatureMoments>> {
        let (spec, cancel) = (self.spec, self.cancel);
        let tiles = tiles_of(image, spec.multiple(), spec.reach(), self.most_pixels);
        let masks = region.map(std::slice::from_ref).unwrap_or_default();
        gather(self.session, spec, image, masks, &tiles, cancel, take)
    }
}

/// What each group's styles are like together, and the coefficients of their layers. Styles
/// together are like one picture that shows each on a part of it, as large as its weight.
fn by_moments(
    gathering: &mut Gathering<'_>,
    styles: &[StyleView],
    groups: usize,
    shares: &[f32],
) -> Result<(StyleTarget, Vec<f32>)> {
    let GraphSpec { style_layers: layers, style_loss, .. } = *gathering.spec;
    let mut moments = no_sums(groups, layers, gathering.spec)?;
    let weights = group_weights(styles, groups);
    let all: f64 = weights.iter().sum();
    for style in styles.iter().filter(|_| !layers.is_empty()) {
        let share = f64::from(style.weight) / weights[style.group];
        let moments = &mut moments[style.group * layers.len()..][..layers.len()];
        match &style.seen {
            Seen::Moments(own) => {
                moments.iter_mut().zip(own).for_each(|(sum, own)| sum.add(own, share));
            }
            Seen::Picture { image, region } => {
                let sums = gathering.run(image, region.as_ref(), |_, _| {})?;
                let pixels = image.width * image.height;
                for ((sum, own), &layer) in moments.iter_mut().zip(sums).zip(layers) {
                    sum.add(&own.averaged(region.as_ref(), pixels, layer)?, share);
                }
            }
        }
    }
    let coefficient = |k: usize, energy: f64| {
        let share = f64::from(shares[k % layers.len()]) * weights[k / layers.len()] / all;
        relative(energy, share * f64::from(style_loss.balance()))
    };
    Ok(match style_loss {
        // Without style layers nothing is matched.
        StyleLoss::Gram | StyleLoss::Matching => {
            let grams = moments.iter().map(|moments| single(&moments.products));
            let grams = grams.collect::<Result<Vec<_>>>()?;
            let coefficients = grams.iter().map(|gram| squares(gram)).enumerate();
            let coefficients = coefficients.map(|(k, energy)| coefficient(k, energy)).collect();
            (StyleTarget::Grams(grams), coefficients)
        }
        StyleLoss::Wasserstein => {
            let gaussians = moments.iter();
            let gaussians =
                gaussians.map(|FeatureMoments { mean, products }| Gaussian::of(mean, products));
            let gaussians = gaussians.collect::<Result<Vec<_>>>()?;
            let coefficients = gaussians.iter().map(Gaussian::energy).enumerate();
            let coefficients = coefficients.map(|(k, energy)| coefficient(k, energy)).collect();
            (StyleTarget::Gaussians(gaussians), coefficients)
        }
    })
}

/// The weights of each group's styles together.
pub(super) fn group_weights(styles: &[StyleView], groups: usize) -> Vec<f64> {
    let mut weights = vec![0.0; groups];
    styles.iter().for_each(|style| weights[style.group] += f64::from(style.weight));
    weights
}

fn single(gram: &[f64]) -> Result<Vec<f32>> {
    memory::collected(gram.iter().map(|&value| value as f32), "a style's Gram matrix")
}

fn squares(values: &[f32]) -> f64 {
    values.iter().map(|&v| f64::from(v) * f64::from(v)).sum()
}

/// A share of what is relative to `energy`; none where there is nothing to be relative to.
fn relative(energy: f64, share: f64) -> f32 {
    if energy < LEAST_ENERGY { 0.0 } else { (share / energy) as f32 }
}
