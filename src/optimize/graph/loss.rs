//! What the parts of the loss have in common: their weights, and gradients by features.

use super::names;
use super::numbers::element;
use crate::graph::GraphBuilder;
use crate::vgg::Layer;

/// A loss and its gradient by the features of some layers.
pub(super) struct Loss {
    pub value: String,
    pub by_features: Vec<(Layer, String)>,
}

/// The three weights by name.
pub(super) struct Weights {
    pub content: String,
    pub style: String,
    pub variation: String,
}

pub(super) fn weights(g: &mut GraphBuilder) -> Weights {
    g.input(names::WEIGHTS, &[Some(3)]);
    let mut at = |index, name: &str| element(g, names::WEIGHTS, index, name);
    Weights {
        content: at(0, "content_weight"),
        style: at(1, "style_weight"),
        variation: at(2, "variation_weight"),
    }
}
