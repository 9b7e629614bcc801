//! The optimise method as ONNX graphs: features, losses, their gradient and Adam, written out as
//! ordinary inference operators, so that they run wherever ONNX Runtime does; or with the gradient's
//! convolutions by our own operator, for the CPU.
//!
//! Pictures are [1, 3, H, W] in encoded sRGB from 0 to 1; H and W are multiples of
//! [`GraphSpec::multiple`].

mod adam;
mod backward;
mod content;
mod features;
mod gram;
mod loss;
mod matching;
mod moments;
pub(crate) mod names;
mod numbers;
mod resampling;
mod spec;
mod style;
mod sums;
mod transport;
mod variation;

use crate::graph::{Attribute, Form, GraphBuilder};
use loss::weights;
use names::IMAGE_DIMS;
use numbers::sum;

pub(crate) use adam::{BETA1, BETA2, EPSILON};
pub(crate) use matching::LEAST_SQUARE;
pub(crate) use spec::{CELL, GraphSpec};
pub use spec::{Pooling, StyleLoss};

/// One step: losses of the whole picture, their gradient, and Adam.
pub(crate) fn step(spec: &GraphSpec<'_>, form: Form) -> Vec<u8> {
    let mut g = GraphBuilder::new("impasto_step");
    let gradient = whole_gradient(&mut g, spec, form);
    adam::append(&mut g, &gradient);
    g.finish_with(&spec.description())
}

/// The losses of the whole picture and their gradient.
pub(crate) fn gradient(spec: &GraphSpec<'_>, form: Form) -> Vec<u8> {
    let mut g = GraphBuilder::new("impasto_gradient");
    let gradient = whole_gradient(&mut g, spec, form);
    g.node("Identity", names::GRADIENT, &[&gradient], &[]);
    g.output(names::GRADIENT, &IMAGE_DIMS);
    g.finish_with(&spec.description())
}

/// Features of the content layers, and for each mask and style layer the sums over positions of
/// mask times feature, and of mask times feature times feature. Sums of tiles, each masked to what
/// it owns, add up to those of the whole picture. For [`StyleLoss::Matching`], hypercolumns instead of
/// the sums.
pub(crate) fn statistics(spec: &GraphSpec<'_>) -> Vec<u8> {
    let mut g = GraphBuilder::new("impasto_statistics");
    g.input(names::IMAGE, &IMAGE_DIMS);
    let features = features::append(&mut g, spec);
    content::append_features(&mut g, spec, &features);
    style::append_statistics(&mut g, spec, &features);
    g.finish_with(&spec.description())
}

/// The gradient of content and style loss for a tile, from the gradient by each sum over the whole
/// picture. It is exact [`GraphSpec::gradient_reach`] within the tile's borders, and up to
/// them where the picture ends.
pub(crate) fn tile_gradient(spec: &GraphSpec<'_>, form: Form) -> Vec<u8> {
    let mut g = GraphBuilder::new("impasto_tile_gradient");
    g.input(names::IMAGE, &IMAGE_DIMS);
    let features = features::append(&mut g, spec);
    let weights = weights(&mut g);
    let mut by_features = content::append_loss(&mut g, spec, &features, &weights).by_features;
    by_features.extend(style::append_tile_gradient(&mut g, spec, &features, &weights));
    let gradient = backward::append(&mut g, spec, &features, by_features, form);
    g.node("Identity", names::GRADIENT, &[&gradient], &[]);
    g.output(names::GRADIENT, &IMAGE_DIMS);
    g.finish_with(&spec.description())
}

fn whole_gradient(g: &mut GraphBuilder, spec: &GraphSpec<'_>, form: Form) -> String {
    g.input(names::IMAGE, &IMAGE_DIMS);
    let features = features::append(g, spec);
    let weights = weights(g);
    let content = content::append_loss(g, spec, &features, &weights);
    let style = style::append_loss(g, spec, &features, &weights);
    let (variation, by_image) = variation::append(g, &weights);
    let mut total = Vec::new();
    for (value, weight, name) in [
        (&content.value, &weights.content, "content"),
        (&style.value, &weights.style, "style"),
        (&variation, &weights.variation, "variation"),
    ] {
        total.push(g.node("Mul", &format!("weighted_{name}"), &[value, weight], &[]));
    }
    let total = sum(g, &total, "total");
    let one = g.integers("one_number", &[1]);
    let mut losses = Vec::new();
    for value in [&content.value, &style.value, &variation, &total] {
        losses.push(g.node("Reshape", &format!("{value}_number"), &[value, &one], &[]));
    }
    let losses: Vec<&str> = losses.iter().map(String::as_str).collect();
    g.node("Concat", names::LOSSES, &losses, &[("axis", Attribute::Int(0))]);
    g.output(names::LOSSES, &[Some(4)]);
    let by_features = content.by_features.into_iter().chain(style.by_features).collect();
    let by_pixels = backward::append(g, spec, &features, by_features, form);
    g.node("Add", "whole_gradient", &[&by_pixels, &by_image], &[])
}
