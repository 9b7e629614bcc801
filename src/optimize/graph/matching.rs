//! Nearest neighbours in the style (Kolkin et al. 2022): the mean cosine distance of a painting's
//! hypercolumns to those that were found for them.
//!
//! A hypercolumn is what the style layers say of a cell of the picture: their features, averaged or
//! repeated to [`CELL`] pixels, centred on the style's and scaled.

use super::features::Features;
use super::loss::{Loss, Weights};
use super::names;
use super::resampling::{averaged, repeated};
use super::spec::{CELL, GraphSpec};
use crate::graph::{Attribute, GraphBuilder};
use crate::vgg::Layer;

/// Keeps a division by nothing finite: hypercolumns have a length of about 1.
pub(crate) const LEAST_SQUARE: f32 = 1e-8;

const CHANNELS: [(&str, Attribute<'static>); 1] = [("axis", Attribute::Int(1))];

/// Makes the features in cells an output, one layer's after the other's.
pub(super) fn append_hypercolumns(g: &mut GraphBuilder, spec: &GraphSpec<'_>, features: &Features) {
    let cells = cells(g, spec, features);
    g.node("Identity", names::HYPERCOLUMNS, &[&cells], &[]);
    g.output(names::HYPERCOLUMNS, &[Some(1), Some(channels(spec)), None, None]);
}

/// The loss, and its gradient by features times the style weight.
pub(super) fn append_loss(
    g: &mut GraphBuilder,
    spec: &GraphSpec<'_>,
    features: &Features,
    weights: &Weights,
) -> Loss {
    let cells = cells(g, spec, features);
    let all = Some(channels(spec));
    for name in [names::MATCH_MEAN, names::MATCH_SCALE] {
        g.input(name, &[Some(1), all, Some(1), Some(1)]);
    }
    g.input(names::MATCHES, &[Some(1), all, None, None]);
    g.input(names::MATCH_PLACES, &[Some(1), Some(1), None, None]);
    let matches = names::MATCHES;

    let centred = g.node("Sub", "cells_centred", &[&cells, names::MATCH_MEAN], &[]);
    let own = g.node("Mul", "hypercolumns_own", &[&centred, names::MATCH_SCALE], &[]);
    let over_channels = g.integers("over_channels", &[1]);
    let squares = g.node(
        "ReduceSumSquare",
        "hypercolumn_squares",
        &[&own],
        &[("axes", Attribute::Ints(&[1]))],
    );
    let least = g.constant("least_square", &[], &[LEAST_SQUARE]);
    let squares = g.node("Add", "hypercolumn_squares_above", &[&squares, &least], &[]);
    let length = g.node("Sqrt", "hypercolumn_length", &[&squares], &[]);
    let products = g.node("Mul", "match_products", &[&own, matches], &[]);
    let product = g.node("ReduceSum", "match_product", &[&products, &over_channels], &[]);
    let cosine = g.node("Div", "match_cosine", &[&product, &length], &[]);
    let one = g.constant("match_one", &[], &[1.0]);
    let distance = g.node("Sub", "match_distance", &[&one, &cosine], &[]);
    let counted = g.node("Mul", "match_counted", &[&distance, names::MATCH_PLACES], &[]);
    let rows = g.integers("match_rows", &[-1]);
    let flat = [("keepdims", Attribute::Int(0))];
    let rows = g.node("ReduceSum", "match_row_sums", &[&counted, &rows], &flat);
    let value = g.node("ReduceSum", "style_loss", &[&rows], &flat);

    // The derivative of the cosine: (match - cosine * own / length) / length.
    let along = g.node("Div", "match_along", &[&cosine, &length], &[]);
    let along = g.node("Mul", "match_along_own", &[&own, &along], &[]);
    let turning = g.node("Sub", "match_turning", &[&along, matches], &[]);
    let counts = g.node("Mul", "match_weighted", &[names::MATCH_PLACES, &weights.style], &[]);
    let counts = g.node("Div", "match_factor", &[&counts, &length], &[]);
    let by_own = g.node("Mul", "by_hypercolumns", &[&turning, &counts], &[]);
    let by_cells = g.node("Mul", "by_cells", &[&by_own, names::MATCH_SCALE], &[]);
    let parts: Vec<i64> = spec.style_layers.iter().map(|&l| spec.channels(l) as i64).collect();
    let parts = g.integers("hypercolumn_parts", &parts);
    let by_layer: Vec<String> =
        spec.style_layers.iter().map(|layer| format!("{layer}_by_cells")).collect();
    let outputs: Vec<&str> = by_layer.iter().map(String::as_str).collect();
    g.wide_node("Split", &outputs, &[&by_cells, &parts], &CHANNELS);
    let by_features = spec.style_layers.iter().zip(&by_layer);
    let by_features =
        by_features.map(|(&layer, by_cells)| (layer, through_cells(g, layer, by_cells))).collect();
    Loss { value, by_features }
}

/// All style layers' features in cells.
fn cells(g: &mut GraphBuilder, spec: &GraphSpec<'_>, features: &Features) -> String {
    let layers = spec.style_layers.iter();
    let cells: Vec<String> =
        layers.map(|&layer| in_cells(g, layer, &features.activations[&layer])).collect();
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    g.node("Concat", "cells", &cells, &CHANNELS)
}

fn channels(spec: &GraphSpec<'_>) -> i64 {
    spec.hypercolumn_channels() as i64
}

/// Features averaged over each cell, or repeated where a position is larger than a cell.
fn in_cells(g: &mut GraphBuilder, layer: Layer, features: &str) -> String {
    let name = format!("{layer}_cells");
    match layer.stride() {
        CELL => features.to_owned(),
        fine @ ..CELL => averaged(g, &name, features, CELL / fine),
        coarse => repeated(g, &name, features, coarse / CELL),
    }
}

/// The gradient by a layer's features from that by their cells.
fn through_cells(g: &mut GraphBuilder, layer: Layer, by_cells: &str) -> String {
    let name = format!("{layer}_matched_gradient");
    let stride = layer.stride();
    let (spread, factor) = match stride {
        CELL => return by_cells.to_owned(),
        ..CELL => {
            let times = CELL / stride;
            let spread = repeated(g, &format!("{name}_spread"), by_cells, times);
            (spread, 1.0 / (times * times) as f32)
        }
        _ => {
            let times = stride / CELL;
            let mean = averaged(g, &format!("{name}_mean"), by_cells, times);
            (mean, (times * times) as f32)
        }
    };
    let factor = g.constant(&format!("{name}_factor"), &[], &[factor]);
    g.node("Mul", &name, &[&spread, &factor], &[])
}
