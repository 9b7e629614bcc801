//! The relative squared difference of a layer's Gram matrix to the style's.

use super::loss::Weights;
use super::moments::BySums;
use super::names;
use super::numbers::squares;
use super::sums::Term;
use crate::graph::GraphBuilder;

/// The loss, and its gradient times the style weight.
pub(super) fn append(g: &mut GraphBuilder, term: &Term<'_>, weights: &Weights) -> (String, BySums) {
    let &Term { group, layer, matrix, coefficient, positions } = term;
    let target = names::gram(group, layer);
    g.input(&target, &matrix.square());
    let sum = matrix.products(g, &format!("{target}_sum"), group);
    let gram = g.node("Div", &format!("{target}_own"), &[&sum, positions], &[]);
    let difference = g.node("Sub", &format!("{target}_difference"), &[&gram, &target], &[]);
    let squares = squares(g, &difference, &format!("{target}_squares"));
    let loss = g.node("Mul", &format!("{target}_loss"), &[&squares, coefficient], &[]);
    let four = g.constant(&format!("{target}_four"), &[], &[4.0]);
    let weighted =
        g.node("Mul", &format!("{target}_weighted"), &[coefficient, &weights.style], &[]);
    let shared = g.node("Div", &format!("{target}_shared"), &[&weighted, positions], &[]);
    let factor = g.node("Mul", &format!("{target}_factor"), &[&shared, &four], &[]);
    let products = g.node("Mul", &format!("{target}_gradient"), &[&difference, &factor], &[]);
    (loss, BySums { products, features: None })
}
