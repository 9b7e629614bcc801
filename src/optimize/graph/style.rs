//! The style loss: the relative squared difference of Gram matrices to the style's, over the whole
//! picture or under masks (guided Gram matrices, Gatys et al. 2017).

use std::collections::HashMap;

use super::features::{Features, HALVE};
use super::loss::{Loss, Weights};
use super::names;
use super::numbers::{element, squares, sum};
use super::spec::GraphSpec;
use crate::graph::{Attribute, GraphBuilder};
use crate::vgg::Layer;

const SCALAR: [(&str, Attribute<'static>); 1] = [("keepdims", Attribute::Int(0))];

/// Masks averaged down to each block's size, as rows, and what Gram matrices are divided by.
struct Masks {
    /// By group and block.
    rows: HashMap<(usize, usize), String>,
    sums: HashMap<(usize, usize), String>,
}

/// A layer's features as a matrix, channels by positions.
struct Matrix {
    plain: String,
    /// Times the group's mask; the same where there is none.
    masked: Vec<String>,
}

/// Makes sums for Gram matrices outputs.
pub(super) fn append_sums(g: &mut GraphBuilder, spec: &GraphSpec<'_>, features: &Features) {
    let masks = append_masks(g, spec);
    for &layer in spec.style_layers {
        let matrix = matrix(g, spec, features, &masks, layer);
        for group in 0..spec.groups() {
            let name = names::gram_sum(group, layer);
            product(g, &name, &matrix, group);
            g.output(&name, &square(layer));
        }
    }
}

/// The loss, and its gradient by features times the style weight.
pub(super) fn append_loss(
    g: &mut GraphBuilder,
    spec: &GraphSpec<'_>,
    features: &Features,
    weights: &Weights,
) -> Loss {
    let masks = append_masks(g, spec);
    let count = spec.groups() * spec.style_layers.len();
    if count > 0 {
        g.input(names::STYLE_COEFFICIENTS, &[Some(count as i64)]);
    }
    let four = g.constant("four", &[], &[4.0]);
    let mut terms = Vec::new();
    let mut by_features = Vec::new();
    for (at, &layer) in spec.style_layers.iter().enumerate() {
        let matrix = matrix(g, spec, features, &masks, layer);
        for group in 0..spec.groups() {
            let target = names::gram(group, layer);
            g.input(&target, &square(layer));
            let index = group * spec.style_layers.len() + at;
            let coefficient =
                element(g, names::STYLE_COEFFICIENTS, index, &format!("{target}_coefficient"));
            let positions = match masks.sums.get(&(group, layer.block)) {
                Some(sum) => sum.clone(),
                None => positions(g, &matrix.plain, &target),
            };
            let sum = product(g, &format!("{target}_sum"), &matrix, group);
            let gram = g.node("Div", &format!("{target}_own"), &[&sum, &positions], &[]);
            let difference = g.node("Sub", &format!("{target}_difference"), &[&gram, &target], &[]);
            let squares = squares(g, &difference, &format!("{target}_squares"));
            terms.push(g.node("Mul", &format!("{target}_loss"), &[&squares, &coefficient], &[]));
            let weighted =
                g.node("Mul", &format!("{target}_weighted"), &[&coefficient, &weights.style], &[]);
            let shared = g.node("Div", &format!("{target}_shared"), &[&weighted, &positions], &[]);
            let factor = g.node("Mul", &format!("{target}_factor"), &[&shared, &four], &[]);
            let by_gram =
                g.node("Mul", &format!("{target}_gradient"), &[&difference, &factor], &[]);
            by_features.push((layer, through_gram(g, features, &matrix, group, layer, &by_gram)));
        }
    }
    Loss { value: sum(g, &terms, "style_loss"), by_features }
}

/// The gradient by features from inputs: for each Gram matrix
/// `4 * style weight * coefficient / positions * (G - A)`.
pub(super) fn append_given_gradient(
    g: &mut GraphBuilder,
    spec: &GraphSpec<'_>,
    features: &Features,
) -> Vec<(Layer, String)> {
    let masks = append_masks(g, spec);
    let mut by_features = Vec::new();
    for &layer in spec.style_layers {
        let matrix = matrix(g, spec, features, &masks, layer);
        for group in 0..spec.groups() {
            let by_gram = names::gram_gradient(group, layer);
            g.input(&by_gram, &square(layer));
            by_features.push((layer, through_gram(g, features, &matrix, group, layer, &by_gram)));
        }
    }
    by_features
}

fn append_masks(g: &mut GraphBuilder, spec: &GraphSpec<'_>) -> Masks {
    let mut masks = Masks { rows: HashMap::new(), sums: HashMap::new() };
    let deepest = spec.style_layers.iter().map(|layer| layer.block).max().unwrap_or(0);
    let row = g.integers("row", &[1, -1]);
    for group in 0..spec.masks {
        let name = names::mask(group);
        g.input(&name, &[Some(1), Some(1), None, None]);
        let mut current = name.clone();
        for block in 1..=deepest {
            if block > 1 {
                current = g.node("AveragePool", &format!("{name}_{block}"), &[&current], &HALVE);
            }
            let flat = g.node("Reshape", &format!("{name}_{block}_row"), &[&current, &row], &[]);
            let sum = g.node("ReduceSum", &format!("{name}_{block}_sum"), &[&flat], &SCALAR);
            masks.rows.insert((group, block), flat);
            masks.sums.insert((group, block), sum);
        }
    }
    masks
}

fn matrix(
    g: &mut GraphBuilder,
    spec: &GraphSpec<'_>,
    features: &Features,
    masks: &Masks,
    layer: Layer,
) -> Matrix {
    let shape = g.integers(&format!("{layer}_matrix_shape"), &[layer.channels() as i64, -1]);
    let activation = &features.activations[&layer];
    let plain = g.node("Reshape", &format!("{layer}_matrix"), &[activation, &shape], &[]);
    let masked = (0..spec.groups())
        .map(|group| match masks.rows.get(&(group, layer.block)) {
            Some(row) => g.node("Mul", &format!("{layer}_masked_{group}"), &[&plain, row], &[]),
            None => plain.clone(),
        })
        .collect();
    Matrix { plain, masked }
}

/// Masked features times features, summed over positions.
fn product(g: &mut GraphBuilder, name: &str, matrix: &Matrix, group: usize) -> String {
    let transposed = [("transB", Attribute::Int(1))];
    g.node("Gemm", name, &[&matrix.masked[group], &matrix.plain], &transposed)
}

fn positions(g: &mut GraphBuilder, matrix: &str, name: &str) -> String {
    let shape = g.node("Shape", &format!("{name}_shape"), &[matrix], &[]);
    let count = element(g, &shape, 1, &format!("{name}_positions_whole"));
    let float = Attribute::Int(i64::from(crate::onnx::data_type::FLOAT));
    g.node("Cast", &format!("{name}_positions"), &[&count], &[("to", float)])
}

fn through_gram(
    g: &mut GraphBuilder,
    features: &Features,
    matrix: &Matrix,
    group: usize,
    layer: Layer,
    by_gram: &str,
) -> String {
    let name = format!("{layer}_style_gradient_{group}");
    let flat = g.node("MatMul", &format!("{name}_matrix"), &[by_gram, &matrix.masked[group]], &[]);
    let shape = g.node("Shape", &format!("{name}_shape"), &[&features.activations[&layer]], &[]);
    g.node("Reshape", &name, &[&flat, &shape], &[])
}

fn square(layer: Layer) -> [Option<i64>; 2] {
    [Some(layer.channels() as i64); 2]
}
