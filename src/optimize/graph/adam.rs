//! Adam (Kingma and Ba 2014) within the graph, so that picture and moments stay on the device.

use super::names::{self, IMAGE_DIMS};
use super::numbers::element;
use crate::graph::GraphBuilder;

/// How much of the gradient's running mean is kept each step.
pub(crate) const BETA1: f32 = 0.9;
/// How much of the gradient's running mean square is kept each step.
pub(crate) const BETA2: f32 = 0.9;
/// Keeps a division by nothing finite.
pub(crate) const EPSILON: f32 = 1e-8;

/// The next picture and moments as outputs.
pub(super) fn append(g: &mut GraphBuilder, gradient: &str) {
    for name in [names::MOMENT1, names::MOMENT2] {
        g.input(name, &IMAGE_DIMS);
    }
    g.input(names::ADAM, &[Some(2)]);
    let rate = element(g, names::ADAM, 0, "adam_rate");
    let correction = element(g, names::ADAM, 1, "adam_correction");
    let mut constant = |name: &str, value: f32| g.constant(name, &[], &[value]);
    let (beta1, rest1) = (constant("beta1", BETA1), constant("rest1", 1.0 - BETA1));
    let (beta2, rest2) = (constant("beta2", BETA2), constant("rest2", 1.0 - BETA2));
    let (epsilon, black, white) =
        (constant("epsilon", EPSILON), constant("black", 0.0), constant("white", 1.0));

    let kept = g.node("Mul", "moment1_kept", &[names::MOMENT1, &beta1], &[]);
    let new = g.node("Mul", "moment1_new", &[gradient, &rest1], &[]);
    let moment1 = g.node("Add", names::MOMENT1_NEXT, &[&kept, &new], &[]);
    let kept = g.node("Mul", "moment2_kept", &[names::MOMENT2, &beta2], &[]);
    let square = g.node("Mul", "gradient_square", &[gradient, gradient], &[]);
    let new = g.node("Mul", "moment2_new", &[&square, &rest2], &[]);
    let moment2 = g.node("Add", names::MOMENT2_NEXT, &[&kept, &new], &[]);

    let corrected = g.node("Mul", "moment2_corrected", &[&moment2, &correction], &[]);
    let root = g.node("Sqrt", "moment2_root", &[&corrected], &[]);
    let divisor = g.node("Add", "adam_divisor", &[&root, &epsilon], &[]);
    let scaled = g.node("Mul", "moment1_scaled", &[&moment1, &rate], &[]);
    let change = g.node("Div", "adam_change", &[&scaled, &divisor], &[]);
    let moved = g.node("Sub", "image_moved", &[names::IMAGE, &change], &[]);
    g.node("Clip", names::IMAGE_NEXT, &[&moved, &black, &white], &[]);
    for name in [names::IMAGE_NEXT, names::MOMENT1_NEXT, names::MOMENT2_NEXT] {
        g.output(name, &IMAGE_DIMS);
    }
}
