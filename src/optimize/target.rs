//! What a picture is optimised towards at one size.

use super::graph::GraphSpec;
use super::planes::Planes;
use super::statistics::{GramSums, OwnedFeatures, gather, no_sums, positions, tiles_of};
use crate::error::{Error, ErrorKind, Result};
use crate::job::Cancel;
use crate::memory;
use crate::runtime::Session;
use crate::vgg::Layer;

/// A norm below this is nothing to be relative to.
const LEAST_NORM: f64 = 1e-20;

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
    /// Gram matrices for each style layer.
    Grams(Vec<Vec<f64>>),
}

/// Features of the content, Gram matrices of the styles, and how differences to them count.
pub(crate) struct Target {
    pub width: usize,
    pub height: usize,
    /// For each content layer, channels x positions.
    pub content: Vec<Vec<f32>>,
    pub content_coefficients: Vec<f32>,
    /// For each mask and, within it, each style layer.
    pub grams: Vec<Vec<f32>>,
    pub style_coefficients: Vec<f32>,
    /// Of the content's size; none for one group of styles everywhere.
    pub masks: Vec<Vec<f32>>,
    pub weights: LossWeights,
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
            .map(|layer| {
                let positions = width * height / (layer.stride() * layer.stride());
                memory::filled(0.0, layer.channels() * positions, "the photograph's features")
            })
            .collect::<Result<_>>()?;
        if !features.is_empty() {
            gathering.run(content, None, |k, owned| {
                let stride = owned.layer.stride();
                owned.rows(width / stride, height / stride, |at, row| {
                    features[k][at..at + row.len()].copy_from_slice(row);
                });
            })?;
        }
        let groups = masks.len().max(1);
        let (grams, style_coefficients) =
            style_grams(&mut gathering, styles, groups, style_shares)?;
        let content_coefficients = features
            .iter()
            .zip(content_shares)
            .map(|(features, share)| relative(features, f64::from(*share)))
            .collect();
        Ok(Self {
            width,
            height,
            content: features,
            content_coefficients,
            grams,
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
        content: impl FnMut(usize, OwnedFeatures<'_>),
    ) -> Result<GramSums> {
        let (spec, cancel) = (self.spec, self.cancel);
        let tiles = tiles_of(image, spec.multiple(), spec.reach(), self.most_pixels);
        let masks = region.map(std::slice::from_ref).unwrap_or_default();
        gather(self.session, spec, image, masks, &tiles, cancel, content)
    }
}

/// Weighted Gram matrices of each group's styles, and the coefficients of their layers.
fn style_grams(
    gathering: &mut Gathering<'_>,
    styles: &[StyleView],
    groups: usize,
    shares: &[f32],
) -> Result<(Vec<Vec<f32>>, Vec<f32>)> {
    let layers = gathering.spec.style_layers;
    if layers.is_empty() {
        return Ok(Default::default());
    }
    let mut grams = no_sums(groups, layers)?;
    let weight_of = |group: usize| -> f64 {
        styles.iter().filter(|s| s.group == group).map(|s| f64::from(s.weight)).sum()
    };
    let all: f64 = (0..groups).map(weight_of).sum();
    for style in styles {
        let share = f64::from(style.weight) / weight_of(style.group);
        let mut add = |k: usize, gram: &[f64], share: f64| {
            let sum = &mut grams[style.group * layers.len() + k];
            sum.iter_mut().zip(gram).for_each(|(to, from)| *to += from * share);
        };
        match &style.seen {
            Seen::Grams(own) => {
                own.iter().enumerate().for_each(|(k, gram)| add(k, gram, share));
            }
            Seen::Picture { image, region } => {
                let sums = gathering.run(image, region.as_ref(), |_, _| {})?;
                let pixels = image.width * image.height;
                for (k, (sum, &layer)) in sums.iter().zip(layers).enumerate() {
                    add(k, sum, share / counted(region.as_ref(), pixels, layer)?);
                }
            }
        }
    }
    let grams = grams.iter().map(|gram| single(gram)).collect::<Result<Vec<_>>>()?;
    let coefficients = grams
        .iter()
        .enumerate()
        .map(|(k, gram)| {
            let share = f64::from(shares[k % layers.len()]) * weight_of(k / layers.len()) / all;
            relative(gram, share)
        })
        .collect();
    Ok((grams, coefficients))
}

/// Positions of a style picture that count.
pub(super) fn counted(region: Option<&Vec<f32>>, pixels: usize, layer: Layer) -> Result<f64> {
    let positions = positions(region, pixels, layer);
    if positions < 1e-6 {
        let what = "cannot use a style picture: nothing of it is left by its mask or alpha";
        return Err(Error::new(ErrorKind::Style, what));
    }
    Ok(positions)
}

fn single(gram: &[f64]) -> Result<Vec<f32>> {
    memory::collected(gram.iter().map(|&value| value as f32), "a style's Gram matrix")
}

/// `share / ||values||^2`.
fn relative(values: &[f32], share: f64) -> f32 {
    let norm: f64 = values.iter().map(|&v| f64::from(v) * f64::from(v)).sum();
    (share / norm.max(LEAST_NORM)) as f32
}
