//! Names of the graphs' inputs and outputs.

use crate::vgg::Layer;

pub const IMAGE: &str = "image";
/// The dimensions of pictures.
pub const IMAGE_DIMS: [Option<i64>; 4] = [Some(1), Some(3), None, None];
pub const MOMENT1: &str = "moment1";
pub const MOMENT2: &str = "moment2";
/// `[learning rate / (1 - beta1^t), 1 / (1 - beta2^t)]`.
pub const ADAM: &str = "adam";
/// Content, style and variation weight.
pub const WEIGHTS: &str = "weights";
/// For each content layer `weight / sum of weights / ||F||^2`.
pub const CONTENT_COEFFICIENTS: &str = "content_coefficients";
/// For each mask and, within it, each style layer `weight / sum of weights / energy`, which is
/// `||A||^2` for Gram matrices and `tr T + |n|^2` for Gaussians.
pub const STYLE_COEFFICIENTS: &str = "style_coefficients";
/// The features of all style layers in cells of [`super::CELL`] pixels.
pub const HYPERCOLUMNS: &str = "hypercolumns";
/// What the styles' hypercolumns are in the mean, and what centred ones are multiplied by.
pub const MATCH_MEAN: &str = "match_mean";
pub const MATCH_SCALE: &str = "match_scale";
/// What each hypercolumn is to be like, of length 1.
pub const MATCHES: &str = "matches";
/// How much each cell counts.
pub const MATCH_PLACES: &str = "match_places";
/// Content, style, variation and total loss.
pub const LOSSES: &str = "losses";
pub const GRADIENT: &str = "gradient";
pub const IMAGE_NEXT: &str = "image_next";
pub const MOMENT1_NEXT: &str = "moment1_next";
pub const MOMENT2_NEXT: &str = "moment2_next";

pub fn content(layer: Layer) -> String {
    format!("content_{layer}")
}

pub fn gram(group: usize, layer: Layer) -> String {
    format!("gram_{group}_{layer}")
}

pub fn mean(group: usize, layer: Layer) -> String {
    format!("mean_{group}_{layer}")
}

pub fn root(group: usize, layer: Layer) -> String {
    format!("root_{group}_{layer}")
}

pub fn product_sum(group: usize, layer: Layer) -> String {
    format!("product_sum_{group}_{layer}")
}

pub fn feature_sum(group: usize, layer: Layer) -> String {
    format!("feature_sum_{group}_{layer}")
}

pub fn product_gradient(group: usize, layer: Layer) -> String {
    format!("product_gradient_{group}_{layer}")
}

pub fn feature_gradient(group: usize, layer: Layer) -> String {
    format!("feature_gradient_{group}_{layer}")
}

pub fn mask(group: usize) -> String {
    format!("mask_{group}")
}
