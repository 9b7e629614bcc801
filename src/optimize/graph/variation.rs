//! Total variation: the mean squared difference of vertical plus of horizontal neighbours.

use super::loss::Weights;
use super::names;
use super::numbers::squares;
use crate::graph::{Attribute, GraphBuilder};

/// The loss, and its gradient by the picture times the variation weight.
pub(super) fn append(g: &mut GraphBuilder, weights: &Weights) -> (String, String) {
    let (first, second) = (g.integers("first", &[0]), g.integers("second", &[1]));
    let (last, end) = (g.integers("last", &[-1]), g.integers("end", &[i64::MAX]));
    let factor = g.constant("variation_two", &[], &[2.0]);
    let float = || Attribute::Int(i64::from(crate::onnx::data_type::FLOAT));
    let mut values = Vec::new();
    let mut gradients = Vec::new();
    for (axis, name) in [(2, "vertical"), (3, "horizontal")] {
        let along = g.integers(&format!("{name}_axis"), &[axis]);
        let image = names::IMAGE;
        let after = g.node("Slice", &format!("{name}_after"), &[image, &second, &end, &along], &[]);
        let before =
            g.node("Slice", &format!("{name}_before"), &[image, &first, &last, &along], &[]);
        let difference = g.node("Sub", &format!("{name}_difference"), &[&after, &before], &[]);
        let squares = squares(g, &difference, &format!("{name}_squares"));
        let size = g.node("Size", &format!("{name}_size"), &[&difference], &[]);
        let count = g.node("Cast", &format!("{name}_count"), &[&size], &[("to", float())]);
        values.push(g.node("Div", &format!("{name}_variation"), &[&squares, &count], &[]));

        let twice = g.node("Mul", &format!("{name}_twice"), &[&weights.variation, &factor], &[]);
        let share = g.node("Div", &format!("{name}_share"), &[&twice, &count], &[]);
        let scaled = g.node("Mul", &format!("{name}_scaled"), &[&difference, &share], &[]);
        let mut pads = [0; 8];
        pads[axis as usize] = 1;
        let shift = g.integers(&format!("{name}_shift"), &pads);
        pads.rotate_right(4);
        let stay = g.integers(&format!("{name}_stay"), &pads);
        let shifted = g.node("Pad", &format!("{name}_shifted"), &[&scaled, &shift], &[]);
        let stayed = g.node("Pad", &format!("{name}_stayed"), &[&scaled, &stay], &[]);
        gradients.push(g.node("Sub", &format!("{name}_gradient"), &[&shifted, &stayed], &[]));
    }
    (
        g.node("Add", "variation_loss", &[&values[0], &values[1]], &[]),
        g.node("Add", "variation_gradient", &[&gradients[0], &gradients[1]], &[]),
    )
}
