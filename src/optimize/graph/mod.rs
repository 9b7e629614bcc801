//! The optimise method as ONNX graphs: features, losses, their gradient and Adam, written out as
//! ordinary inference operators, so that they run wherever ONNX Runtime does.
//!
//! Pictures are [1, 3, H, W] in encoded sRGB from 0 to 1; H and W are multiples of
//! [`GraphSpec::multiple`].

mod adam;
mod backward;
mod content;
mod features;
mod style;
mod variation;

use std::fmt::Write as _;

use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Attribute, GraphBuilder};
use crate::vgg::{Convolution, FeatureNetwork, InputColors, Layer};

pub(crate) use adam::{BETA1, BETA2, EPSILON};

/// How a feature network halves its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pooling {
    /// The largest of four, as the network was trained.
    #[default]
    Max,
    /// The mean of four: smoother gradients (Gatys et al. 2016).
    Average,
}

/// What a graph computes.
#[derive(Clone, Copy)]
pub(crate) struct GraphSpec<'n> {
    pub colors: InputColors,
    /// As deep as the deepest layer needs.
    pub convolutions: &'n [Convolution],
    pub pooling: Pooling,
    pub content_layers: &'n [Layer],
    pub style_layers: &'n [Layer],
    /// Masks on the picture, each with Gram matrices of its own (Gatys et al. 2017); 0 for one
    /// set of Gram matrices over the whole picture.
    pub masks: usize,
}

/// Names of the graphs' inputs and outputs.
pub(crate) mod names {
    use crate::vgg::Layer;

    pub const IMAGE: &str = "image";
    pub const MOMENT1: &str = "moment1";
    pub const MOMENT2: &str = "moment2";
    /// `[learning rate / (1 - beta1^t), 1 / (1 - beta2^t)]`.
    pub const ADAM: &str = "adam";
    /// Content, style and variation weight.
    pub const WEIGHTS: &str = "weights";
    /// For each content layer `weight / sum of weights / ||F||^2`.
    pub const CONTENT_COEFFICIENTS: &str = "content_coefficients";
    /// For each mask and, within it, each style layer `weight / sum of weights / ||A||^2`.
    pub const STYLE_COEFFICIENTS: &str = "style_coefficients";
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

    pub fn gram_sum(group: usize, layer: Layer) -> String {
        format!("gram_sum_{group}_{layer}")
    }

    pub fn gram_gradient(group: usize, layer: Layer) -> String {
        format!("gram_gradient_{group}_{layer}")
    }

    pub fn mask(group: usize) -> String {
        format!("mask_{group}")
    }
}

impl<'n> GraphSpec<'n> {
    /// The graph's layers out of a network.
    pub fn new(
        network: &'n FeatureNetwork,
        pooling: Pooling,
        content_layers: &'n [Layer],
        style_layers: &'n [Layer],
        masks: usize,
    ) -> Result<Self> {
        let convolutions = network.up_to(content_layers.iter().chain(style_layers).copied())?;
        if convolutions.is_empty() {
            let what = "cannot optimise without a content or style layer";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        let colors = network.colors;
        Ok(Self { colors, convolutions, pooling, content_layers, style_layers, masks })
    }

    /// Sets of Gram matrices.
    pub fn groups(&self) -> usize {
        self.masks.max(1)
    }

    /// A picture's sides are multiples of this, so that every pooling halves it whole.
    pub fn multiple(&self) -> usize {
        self.convolutions.last().map_or(1, |c| c.layer.stride())
    }

    /// Pixels beyond a tile that the features of the tile depend on, a multiple of
    /// [`GraphSpec::multiple`].
    pub fn reach(&self) -> usize {
        self.seen_by(0).next_multiple_of(self.multiple())
    }

    /// Pixels beyond a tile that the gradient of the tile depends on, a multiple of
    /// [`GraphSpec::multiple`]: all that the features which the tile touches depend on.
    pub fn gradient_reach(&self) -> usize {
        let mut touched = 0_usize;
        let mut block = 1;
        for convolution in self.convolutions {
            if convolution.layer.block > block {
                block = convolution.layer.block;
                touched = touched.div_ceil(2);
            }
            touched += 1;
        }
        self.seen_by(touched).next_multiple_of(self.multiple())
    }

    /// Pixels that lie beyond the tile and under features up to `beyond` positions from it.
    fn seen_by(&self, beyond: usize) -> usize {
        let mut seen = beyond;
        let mut block = self.convolutions.last().map_or(1, |c| c.layer.block);
        for convolution in self.convolutions.iter().rev() {
            if convolution.layer.block < block {
                block = convolution.layer.block;
                seen *= 2;
            }
            seen += 1;
        }
        seen
    }
}

/// One step: losses of the whole picture, their gradient, and Adam.
pub(crate) fn step(spec: &GraphSpec<'_>) -> Vec<u8> {
    let mut g = GraphBuilder::new("impasto_step");
    let gradient = whole_gradient(&mut g, spec);
    adam::append(&mut g, &gradient);
    g.finish_with(&description(spec))
}

/// The losses of the whole picture and their gradient.
pub(crate) fn gradient(spec: &GraphSpec<'_>) -> Vec<u8> {
    let mut g = GraphBuilder::new("impasto_gradient");
    let gradient = whole_gradient(&mut g, spec);
    g.node("Identity", names::GRADIENT, &[&gradient], &[]);
    g.output(names::GRADIENT, &IMAGE_DIMS);
    g.finish_with(&description(spec))
}

/// Features of the content layers, and for each mask and style layer the sum over positions of
/// mask times feature times feature: Gram matrices before they are divided by the mask's sum. Sums
/// of tiles, each masked to what it owns, add up to those of the whole picture.
pub(crate) fn statistics(spec: &GraphSpec<'_>) -> Vec<u8> {
    let mut g = GraphBuilder::new("impasto_statistics");
    g.input(names::IMAGE, &IMAGE_DIMS);
    let features = features::append(&mut g, spec);
    content::append_features(&mut g, spec, &features);
    style::append_sums(&mut g, spec, &features);
    g.finish_with(&description(spec))
}

/// The gradient of content and style loss for a tile, from the gradient by each Gram matrix of the
/// whole picture. It is exact [`GraphSpec::gradient_reach`] within the tile's borders, and up to
/// them where the picture ends.
pub(crate) fn tile_gradient(spec: &GraphSpec<'_>) -> Vec<u8> {
    let mut g = GraphBuilder::new("impasto_tile_gradient");
    g.input(names::IMAGE, &IMAGE_DIMS);
    let features = features::append(&mut g, spec);
    let weights = weights(&mut g);
    let mut by_features = content::append_loss(&mut g, spec, &features, &weights).by_features;
    by_features.extend(style::append_given_gradient(&mut g, spec, &features));
    let gradient = backward::append(&mut g, spec, &features, by_features);
    g.node("Identity", names::GRADIENT, &[&gradient], &[]);
    g.output(names::GRADIENT, &IMAGE_DIMS);
    g.finish_with(&description(spec))
}

const IMAGE_DIMS: [Option<i64>; 4] = [Some(1), Some(3), None, None];

/// A loss and its gradient by the features of some layers.
struct Loss {
    value: String,
    by_features: Vec<(Layer, String)>,
}

/// The three weights by name.
struct Weights {
    content: String,
    style: String,
    variation: String,
}

fn weights(g: &mut GraphBuilder) -> Weights {
    g.input(names::WEIGHTS, &[Some(3)]);
    let mut at = |index, name: &str| element(g, names::WEIGHTS, index, name);
    Weights {
        content: at(0, "content_weight"),
        style: at(1, "style_weight"),
        variation: at(2, "variation_weight"),
    }
}

fn whole_gradient(g: &mut GraphBuilder, spec: &GraphSpec<'_>) -> String {
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
    let by_pixels = backward::append(g, spec, &features, by_features);
    g.node("Add", "whole_gradient", &[&by_pixels, &by_image], &[])
}

/// One number of a list.
fn element(g: &mut GraphBuilder, list: &str, index: usize, name: &str) -> String {
    let at = g.integers(&format!("{name}_at"), &[index as i64]);
    let number = g.node("Gather", &format!("{name}_list"), &[list, &at], &[]);
    let scalar = g.integers(&format!("{name}_shape"), &[]);
    g.node("Reshape", name, &[&number, &scalar], &[])
}

/// The sum of numbers; 0 for none.
fn sum(g: &mut GraphBuilder, terms: &[String], name: &str) -> String {
    let Some((first, rest)) = terms.split_first() else {
        return g.constant(name, &[], &[0.0]);
    };
    let mut so_far = first.clone();
    for (k, term) in rest.iter().enumerate() {
        so_far = g.node("Add", &format!("{name}_with_{k}"), &[&so_far, term], &[]);
    }
    g.node("Identity", name, &[&so_far], &[])
}

/// The sum of squares, rows first: runtimes add up single floats one after the other, and over
/// millions of them lose a hundred-thousandth.
fn squares(g: &mut GraphBuilder, values: &str, name: &str) -> String {
    let row = [("axes", Attribute::Ints(&[-1])), ("keepdims", Attribute::Int(0))];
    let rows = g.node("ReduceSumSquare", &format!("{name}_rows"), &[values], &row);
    g.node("ReduceSum", name, &[&rows], &[("keepdims", Attribute::Int(0))])
}

/// For the person who opens the file.
fn description(spec: &GraphSpec<'_>) -> String {
    let mut text = format!(
        "Neural style transfer after Gatys et al. 2016, written by Impasto. Pictures are RGB, \
         encoded sRGB, 0 to 1; sides are multiples of {}. Content layers:",
        spec.multiple()
    );
    for layer in spec.content_layers {
        let _ = write!(text, " {layer}");
    }
    text.push_str("; style layers:");
    for layer in spec.style_layers {
        let _ = write!(text, " {layer}");
    }
    let _ = write!(text, "; {:?} pooling.", spec.pooling);
    text
}
