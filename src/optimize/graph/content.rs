//! The content loss: the relative squared difference of features to the content picture's.

use super::features::Features;
use super::loss::{Loss, Weights};
use super::names;
use super::numbers::{element, squares, sum};
use super::spec::GraphSpec;
use crate::graph::GraphBuilder;

/// Makes the content layers' features outputs.
pub(super) fn append_features(g: &mut GraphBuilder, spec: &GraphSpec<'_>, features: &Features) {
    for &layer in spec.content_layers {
        let name = names::content(layer);
        g.node("Identity", &name, &[&features.activations[&layer]], &[]);
        g.output(&name, &[Some(1), Some(spec.channels(layer) as i64), None, None]);
    }
}

/// The loss, and its gradient by features times the content weight.
pub(super) fn append_loss(
    g: &mut GraphBuilder,
    spec: &GraphSpec<'_>,
    features: &Features,
    weights: &Weights,
) -> Loss {
    let mut loss = Loss { value: String::new(), by_features: Vec::new() };
    if !spec.content_layers.is_empty() {
        g.input(names::CONTENT_COEFFICIENTS, &[Some(spec.content_layers.len() as i64)]);
    }
    let two = g.constant("two", &[], &[2.0]);
    let mut terms = Vec::new();
    for (k, &layer) in spec.content_layers.iter().enumerate() {
        let target = names::content(layer);
        g.input(&target, &[Some(1), Some(spec.channels(layer) as i64), None, None]);
        let coefficient =
            element(g, names::CONTENT_COEFFICIENTS, k, &format!("{target}_coefficient"));
        let difference = g.node(
            "Sub",
            &format!("{target}_difference"),
            &[&features.activations[&layer], &target],
            &[],
        );
        let squares = squares(g, &difference, &format!("{target}_squares"));
        terms.push(g.node("Mul", &format!("{target}_loss"), &[&squares, &coefficient], &[]));
        let weighted =
            g.node("Mul", &format!("{target}_weighted"), &[&coefficient, &weights.content], &[]);
        let factor = g.node("Mul", &format!("{target}_factor"), &[&weighted, &two], &[]);
        let gradient = g.node("Mul", &format!("{target}_gradient"), &[&difference, &factor], &[]);
        loss.by_features.push((layer, gradient));
    }
    loss.value = sum(g, &terms, "content_loss");
    loss
}
