//! What measures: the network with normalisations by the picture's own statistics, up to the last
//! of them.

use super::convolutions::placed;
use super::features::Normalized;
use super::weights::{CODE_LENGTH, Layer, Network};
use crate::error::Result;
use crate::graph::{Attribute, Form, GraphBuilder};
use crate::runtime::operators::NORMALIZATION;

/// Added to the variance, as it was in training.
const EPSILON: f32 = 1e-3;

impl Network {
    /// From `image` `[1,3,H,W]`, sRGB 0..1, a style's `code` `[1,256]` and `control` `[1,2]` (strength
    /// and grain, -1..1) to `affine` `[1,2576]`: for each layer the scales and then the shifts of its
    /// normalisation. Needs the weights of `stylize.onnx`.
    pub fn statistics_graph(&self, form: Form) -> Result<Vec<u8>> {
        let mut g = GraphBuilder::new("statistics");
        self.decode(&mut g)?;
        let mut normalized = |g: &mut GraphBuilder, x: &str, shape: Normalized<'_>| {
            let name = shape.name;
            let layer = Layer { weights: self.layer_weights(name)?.clone(), bias: None };
            let y = shape.convolve(g, x, &layer, form)?;
            Ok(match form {
                Form::Onnx => normalize(g, &y, &shape),
                Form::Cpu => normalize_on_cpu(g, &y, &shape),
            })
        };
        let x = self.features(&mut g, form, &mut normalized)?;
        normalized(&mut g, &x, Normalized::LAST)?;
        let affines: Vec<_> = self.layers().map(|name| affine_of(&name)).collect();
        let affines: Vec<_> = affines.iter().map(String::as_str).collect();
        g.node("Concat", "affines", &affines, &[("axis", Attribute::Int(1))]);
        let length = self.affine_length()? as i64;
        let shape = g.integers("affine.shape", &[1, length]);
        g.node("Reshape", "affine", &["affines", &shape], &[]);
        g.output("affine", &[Some(1), Some(length)]);
        Ok(g.finish())
    }

    /// From `code` and `control` to the gain and shift of each layer.
    fn decode(&self, g: &mut GraphBuilder) -> Result<()> {
        g.input("code", &[Some(1), Some(CODE_LENGTH as i64)]);
        g.input("control", &[Some(1), Some(2)]);
        let mut x =
            g.node("Concat", "wanted", &["code", "control"], &[("axis", Attribute::Int(1))]);
        let sizes = self.layers().map(|name| self.channels(&name)).collect::<Result<Vec<_>>>()?;
        for name in ["d.fc1", "d.fc2"] {
            let weights = self.tensor(&format!("{name}.weight"), 2)?;
            let mut bias = self.tensor(&format!("{name}.bias"), 1)?.values.clone();
            if name == "d.fc2" {
                if bias.len() != 2 * sizes.iter().sum::<usize>() {
                    return Err(self.missing("d.fc2.bias"));
                }
                // The network yields what a gain differs from 1 by.
                let mut rest = &mut bias[..];
                for &size in &sizes {
                    let (of_layer, after) = rest.split_at_mut(2 * size);
                    of_layer[..size].iter_mut().for_each(|gain| *gain += 1.0);
                    rest = after;
                }
            }
            let weights = g.constant(&format!("{name}.weight"), &weights.dims, &weights.values);
            let bias = g.constant(&format!("{name}.bias"), &[bias.len()], &bias);
            x = g.node("Gemm", name, &[&x, &weights, &bias], &[("transB", Attribute::Int(1))]);
            if name == "d.fc1" {
                x = g.node("Relu", "d.fc1.relu", &[&x], &[]);
            }
        }
        let shape = g.integers("parameters.shape", &[1, -1, 1, 1]);
        x = g.node("Reshape", "parameters", &[&x, &shape], &[]);
        let axes = g.integers("parameters.axis", &[1]);
        let mut first = 0;
        let names = self.layers().flat_map(|name| [gain_of(&name), shift_of(&name)]);
        for (name, size) in names.zip(sizes.iter().flat_map(|&size| [size as i64; 2])) {
            let starts = g.integers(&format!("{name}.starts"), &[first]);
            first += size;
            let ends = g.integers(&format!("{name}.ends"), &[first]);
            g.node("Slice", &name, &[&x, &starts, &ends, &axes], &[]);
        }
        Ok(())
    }
}

fn gain_of(layer: &str) -> String {
    format!("{layer}.gain")
}

fn shift_of(layer: &str) -> String {
    format!("{layer}.shift")
}

fn affine_of(layer: &str) -> String {
    format!("{layer}.affine")
}

fn normalize_on_cpu(g: &mut GraphBuilder, x: &str, shape: &Normalized<'_>) -> String {
    let name = shape.name;
    let result = format!("{name}.normalized");
    let flag = |is_set| Attribute::Int(i64::from(is_set));
    let attributes = [
        ("epsilon", Attribute::Float(EPSILON)),
        ("relu", flag(shape.has_relu)),
        ("phases", flag(shape.is_after_doubling)),
    ];
    let affine = affine_of(name);
    // What nothing reads is not computed.
    let outputs = match name == Normalized::LAST.name {
        true => &[&affine[..]][..],
        false => &[&affine[..], &result[..]],
    };
    g.own_node(NORMALIZATION, outputs, &[x, &gain_of(name), &shift_of(name)], &attributes);
    result
}

fn normalize(g: &mut GraphBuilder, x: &str, shape: &Normalized<'_>) -> String {
    let name = shape.name;
    let mut x = x.to_owned();
    if shape.is_after_doubling {
        x = placed(g, name, &x);
        // Phases begin a line above the picture and a column before it, and end as far behind it.
        let cut = ["starts", "ends", "axes"].map(|what| format!("{name}.{what}"));
        let [starts, ends, axes] = &cut;
        let starts = g.integers(starts, &[1, 1]);
        let ends = g.integers(ends, &[-1, -1]);
        let axes = g.integers(axes, &[2, 3]);
        x = g.node("Slice", &format!("{name}.inside"), &[&x, &starts, &ends, &axes], &[]);
    }
    let called = |what: &str| format!("{name}.{what}");
    let over_pixels = [("axes", Attribute::Ints(&[2, 3])), ("keepdims", Attribute::Int(1))];
    let mean = g.node("ReduceMean", &called("mean"), &[&x], &over_pixels);
    let centred = g.node("Sub", &called("centred"), &[&x, &mean], &[]);
    let squares = g.node("Mul", &called("squares"), &[&centred, &centred], &[]);
    let variance = g.node("ReduceMean", &called("variance"), &[&squares], &over_pixels);
    let epsilon = g.constant(&called("epsilon"), &[], &[EPSILON]);
    let variance = g.node("Add", &called("positive"), &[&variance, &epsilon], &[]);
    let deviation = g.node("Sqrt", &called("deviation"), &[&variance], &[]);
    let scale = g.node("Div", &called("scale"), &[&gain_of(name), &deviation], &[]);
    let scaled = g.node("Mul", &called("scaled_mean"), &[&mean, &scale], &[]);
    let bias = g.node("Sub", &called("moved"), &[&shift_of(name), &scaled], &[]);
    g.node("Concat", &affine_of(name), &[&scale, &bias], &[("axis", Attribute::Int(1))]);
    if name == Normalized::LAST.name {
        return x;
    }
    let product = g.node("Mul", &called("product"), &[&centred, &scale], &[]);
    let result = g.node("Add", &called("normalized"), &[&product, &shift_of(name)], &[]);
    match shape.has_relu {
        true => g.node("Relu", &called("relu"), &[&result], &[]),
        false => result,
    }
}
