//! Sums of a layer's features over positions, over the whole picture or under masks (guided styles,
//! Gatys et al. 2017), and the way back from gradients by them.

use std::collections::HashMap;

use super::features::{Features, HALVE};
use super::names;
use super::numbers::element;
use super::spec::GraphSpec;
use crate::graph::{Attribute, GraphBuilder};
use crate::vgg::Layer;

const NO_DIMENSIONS: [(&str, Attribute<'static>); 1] = [("keepdims", Attribute::Int(0))];

/// Masks averaged down to each block's size, as rows, and what sums are divided by.
pub(super) struct Masks {
    /// By group and block.
    rows: HashMap<(usize, usize), String>,
    sums: HashMap<(usize, usize), String>,
}

/// A layer's features as a matrix, channels by positions.
pub(super) struct Matrix {
    layer: Layer,
    pub channels: i64,
    plain: String,
    /// Times the group's mask; the same where there is none.
    masked: Vec<String>,
    /// The features' own shape.
    shape: String,
}

/// The gradient by sums of a group's features.
pub(super) struct BySums {
    /// By the sums of feature times feature, twice: each stands on both sides of the diagonal.
    pub products: String,
    /// By the sums of features, as a column.
    pub features: Option<String>,
}

/// Makes the sums outputs.
pub(super) fn append_sums(g: &mut GraphBuilder, spec: &GraphSpec<'_>, features: &Features) {
    let masks = Masks::append(g, spec);
    for &layer in spec.style_layers {
        let matrix = Matrix::append(g, spec, features, &masks, layer);
        for group in 0..spec.groups() {
            let name = names::product_sum(group, layer);
            matrix.products(g, &name, group);
            g.output(&name, &matrix.square());
            let name = names::feature_sum(group, layer);
            matrix.sums(g, &name, group);
            g.output(&name, &[Some(matrix.channels)]);
        }
    }
}

impl Masks {
    pub fn append(g: &mut GraphBuilder, spec: &GraphSpec<'_>) -> Self {
        let mut masks = Self { rows: HashMap::new(), sums: HashMap::new() };
        let deepest = spec.style_layers.iter().map(|layer| layer.block).max().unwrap_or(0);
        let row = g.integers("row", &[1, -1]);
        for group in 0..spec.masks {
            let name = names::mask(group);
            g.input(&name, &[Some(1), Some(1), None, None]);
            let mut current = name.clone();
            for block in 1..=deepest {
                if block > 1 {
                    current =
                        g.node("AveragePool", &format!("{name}_{block}"), &[&current], &HALVE);
                }
                let flat =
                    g.node("Reshape", &format!("{name}_{block}_row"), &[&current, &row], &[]);
                let sum = format!("{name}_{block}_sum");
                let sum = g.node("ReduceSum", &sum, &[&flat], &NO_DIMENSIONS);
                masks.rows.insert((group, block), flat);
                masks.sums.insert((group, block), sum);
            }
        }
        masks
    }
}

impl Matrix {
    pub fn append(
        g: &mut GraphBuilder,
        spec: &GraphSpec<'_>,
        features: &Features,
        masks: &Masks,
        layer: Layer,
    ) -> Self {
        let channels = spec.channels(layer) as i64;
        let matrix = g.integers(&format!("{layer}_matrix_shape"), &[channels, -1]);
        let activation = &features.activations[&layer];
        let plain = g.node("Reshape", &format!("{layer}_matrix"), &[activation, &matrix], &[]);
        let masked = (0..spec.groups())
            .map(|group| match masks.rows.get(&(group, layer.block)) {
                Some(row) => g.node("Mul", &format!("{layer}_masked_{group}"), &[&plain, row], &[]),
                None => plain.clone(),
            })
            .collect();
        let shape = g.node("Shape", &format!("{layer}_shape"), &[activation], &[]);
        Self { layer, channels, plain, masked, shape }
    }

    /// The shape of channels by channels.
    pub fn square(&self) -> [Option<i64>; 2] {
        [Some(self.channels); 2]
    }

    /// Masked features times features, summed over positions.
    pub fn products(&self, g: &mut GraphBuilder, name: &str, group: usize) -> String {
        let transposed = [("transB", Attribute::Int(1))];
        g.node("Gemm", name, &[&self.masked[group], &self.plain], &transposed)
    }

    /// Masked features, summed over positions: rows first, as runtimes add up single floats one
    /// after the other.
    pub fn sums(&self, g: &mut GraphBuilder, name: &str, group: usize) -> String {
        let picture = format!("{name}_picture");
        let picture = g.node("Reshape", &picture, &[&self.masked[group], &self.shape], &[]);
        let last = g.integers(&format!("{name}_last"), &[-1]);
        let sum = |g: &mut GraphBuilder, name: &str, values: &str| {
            g.node("ReduceSum", name, &[values, &last], &NO_DIMENSIONS)
        };
        let rows = sum(g, &format!("{name}_rows"), &picture);
        let all = sum(g, &format!("{name}_all"), &rows);
        let channels = g.integers(&format!("{name}_shape"), &[self.channels]);
        g.node("Reshape", name, &[&all, &channels], &[])
    }

    /// What sums are divided by.
    pub fn positions(&self, g: &mut GraphBuilder, masks: &Masks, group: usize) -> String {
        if let Some(sum) = masks.sums.get(&(group, self.layer.block)) {
            return sum.clone();
        }
        let name = format!("{}_positions_{group}", self.layer);
        let shape = g.node("Shape", &format!("{name}_shape"), &[&self.plain], &[]);
        let count = element(g, &shape, 1, &format!("{name}_whole"));
        let float = Attribute::Int(i64::from(crate::onnx::data_type::FLOAT));
        g.node("Cast", &name, &[&count], &[("to", float)])
    }

    /// The gradient by the features.
    pub fn by_features(
        &self,
        g: &mut GraphBuilder,
        masks: &Masks,
        group: usize,
        by_sums: &BySums,
    ) -> String {
        let name = format!("{}_style_gradient_{group}", self.layer);
        let matrix = format!("{name}_matrix");
        let mask = masks.rows.get(&(group, self.layer.block));
        let flat = match (&by_sums.features, mask) {
            (None, _) => g.node("MatMul", &matrix, &[&by_sums.products, &self.masked[group]], &[]),
            (Some(column), None) => {
                g.node("Gemm", &matrix, &[&by_sums.products, &self.plain, column], &[])
            }
            (Some(column), Some(mask)) => {
                let everywhere = format!("{name}_everywhere");
                let inputs = [by_sums.products.as_str(), &self.plain, column];
                let everywhere = g.node("Gemm", &everywhere, &inputs, &[]);
                g.node("Mul", &matrix, &[&everywhere, mask], &[])
            }
        };
        g.node("Reshape", &name, &[&flat, &self.shape], &[])
    }
}
