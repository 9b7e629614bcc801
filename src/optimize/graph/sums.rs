//! The style loss by sums over features, of all style layers and masks.

use super::features::Features;
use super::loss::{Loss, Weights};
use super::moments::{BySums, Masks, Matrix};
use super::numbers::{element, sum};
use super::spec::{GraphSpec, StyleLoss};
use super::{gram, names, transport};
use crate::graph::GraphBuilder;
use crate::vgg::Layer;

/// What a mask and style layer bring to the loss.
pub(super) struct Term<'t> {
    pub group: usize,
    pub layer: Layer,
    pub matrix: &'t Matrix,
    /// What the distance is multiplied by.
    pub coefficient: &'t str,
    /// What sums are divided by.
    pub positions: &'t str,
}

/// The loss, and its gradient by features times the style weight.
pub(super) fn append_loss(
    g: &mut GraphBuilder,
    spec: &GraphSpec<'_>,
    features: &Features,
    weights: &Weights,
) -> Loss {
    let masks = Masks::append(g, spec);
    let count = spec.groups() * spec.style_layers.len();
    if count > 0 {
        g.input(names::STYLE_COEFFICIENTS, &[Some(count as i64)]);
    }
    let mut terms = Vec::new();
    let mut by_features = Vec::new();
    for (at, &layer) in spec.style_layers.iter().enumerate() {
        let matrix = Matrix::append(g, spec, features, &masks, layer);
        for group in 0..spec.groups() {
            let index = group * spec.style_layers.len() + at;
            let name = format!("{}_{index}", names::STYLE_COEFFICIENTS);
            let coefficient = element(g, names::STYLE_COEFFICIENTS, index, &name);
            let positions = matrix.positions(g, &masks, group);
            let append = match spec.style_loss {
                StyleLoss::Wasserstein => transport::append,
                _ => gram::append,
            };
            let term = Term {
                group,
                layer,
                matrix: &matrix,
                coefficient: &coefficient,
                positions: &positions,
            };
            let (loss, by_sums) = append(g, &term, weights);
            terms.push(loss);
            by_features.push((layer, matrix.by_features(g, &masks, group, &by_sums)));
        }
    }
    Loss { value: sum(g, &terms, "style_loss"), by_features }
}

/// The gradient by features from inputs: for each mask and style layer the gradient by its sums of
/// feature times feature, twice, and by its sums of features.
pub(super) fn append_given_gradient(
    g: &mut GraphBuilder,
    spec: &GraphSpec<'_>,
    features: &Features,
) -> Vec<(Layer, String)> {
    let masks = Masks::append(g, spec);
    let mut by_features = Vec::new();
    for &layer in spec.style_layers {
        let matrix = Matrix::append(g, spec, features, &masks, layer);
        for group in 0..spec.groups() {
            let products = names::product_gradient(group, layer);
            g.input(&products, &matrix.square());
            let by_mean = (spec.style_loss == StyleLoss::Wasserstein).then(|| {
                let name = names::feature_gradient(group, layer);
                g.input(&name, &[Some(matrix.channels), Some(1)]);
                name
            });
            let by_sums = BySums { products, features: by_mean };
            by_features.push((layer, matrix.by_features(g, &masks, group, &by_sums)));
        }
    }
    by_features
}
