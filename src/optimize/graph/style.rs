//! The style loss: by sums of features, or by what is nearest in the style.

use super::features::Features;
use super::loss::{Loss, Weights};
use super::spec::GraphSpec;
use super::{matching, moments, sums};
use crate::graph::GraphBuilder;
use crate::vgg::Layer;

/// Makes what is known of a picture's style outputs.
pub(super) fn append_statistics(g: &mut GraphBuilder, spec: &GraphSpec<'_>, features: &Features) {
    match spec.is_matching() {
        true => matching::append_hypercolumns(g, spec, features),
        false => moments::append_sums(g, spec, features),
    }
}

/// The loss, and its gradient by features times the style weight.
pub(super) fn append_loss(
    g: &mut GraphBuilder,
    spec: &GraphSpec<'_>,
    features: &Features,
    weights: &Weights,
) -> Loss {
    match spec.is_matching() {
        true => matching::append_loss(g, spec, features, weights),
        false => sums::append_loss(g, spec, features, weights),
    }
}

/// The gradient by the features of a tile of the picture.
pub(super) fn append_tile_gradient(
    g: &mut GraphBuilder,
    spec: &GraphSpec<'_>,
    features: &Features,
    weights: &Weights,
) -> Vec<(Layer, String)> {
    match spec.is_matching() {
        true => matching::append_loss(g, spec, features, weights).by_features,
        false => sums::append_given_gradient(g, spec, features),
    }
}
