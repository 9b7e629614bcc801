//! The relative Wasserstein-2 distance of a layer's features to the style's, both taken for
//! Gaussians: see [`crate::gaussian`]. For the CPU alone: no operator of ONNX finds eigenvalues.

use super::loss::Weights;
use super::moments::BySums;
use super::names;
use super::sums::Term;
use crate::graph::GraphBuilder;
use crate::runtime::operators::TRANSPORT;

/// The loss, and its gradient times the style weight.
pub(super) fn append(g: &mut GraphBuilder, term: &Term<'_>, weights: &Weights) -> (String, BySums) {
    let &Term { group, layer, matrix, coefficient, positions } = term;
    let (mean, root) = (names::mean(group, layer), names::root(group, layer));
    g.input(&mean, &[Some(matrix.channels)]);
    g.input(&root, &matrix.square());
    let sums = matrix.sums(g, &format!("{mean}_sum"), group);
    let product_sums = matrix.products(g, &format!("{root}_sum"), group);
    let [loss, features, products] =
        ["loss", "by_features", "by_products"].map(|part| format!("{root}_{part}"));
    g.own_node(
        TRANSPORT,
        &[&loss, &features, &products],
        &[&mean, &root, &sums, &product_sums, positions, coefficient, &weights.style],
        &[],
    );
    (loss, BySums { products, features: Some(features) })
}
