//! Features at another size.

use crate::graph::{Attribute, GraphBuilder};

/// Each value `times` times along both axes.
pub(super) fn repeated(g: &mut GraphBuilder, name: &str, values: &str, times: usize) -> String {
    let times = times as f32;
    let scales = g.constant(&format!("{name}_scales"), &[4], &[1.0, 1.0, times, times]);
    let nearest = [
        ("mode", Attribute::Text("nearest")),
        ("coordinate_transformation_mode", Attribute::Text("asymmetric")),
        ("nearest_mode", Attribute::Text("floor")),
    ];
    g.node("Resize", name, &[values, "", &scales], &nearest)
}

/// The mean of every `times` x `times` values.
pub(super) fn averaged(g: &mut GraphBuilder, name: &str, values: &str, times: usize) -> String {
    let window = [times as i64; 2];
    let window =
        [("kernel_shape", Attribute::Ints(&window)), ("strides", Attribute::Ints(&window))];
    g.node("AveragePool", name, &[values], &window)
}
