//! The part of the network that both graphs have: all but its last two convolutions.

use super::convolutions::{Doubled, PHASES, Shape, constants, conv, depthwise, doubled_on_cpu};
use super::phases::doubled;
use super::weights::{Layer, Network};
use crate::error::Result;
use crate::graph::{Form, GraphBuilder};
use crate::runtime::operators::RESIDUAL;

/// A convolution with its normalisation, as the two graphs make it in their own ways.
pub(super) struct Normalized<'a> {
    pub name: &'a str,
    pub stride: i64,
    pub padding: i64,
    pub is_depthwise: bool,
    pub has_relu: bool,
    pub is_after_doubling: bool,
}

impl Normalized<'_> {
    /// Behind [`Network::features`].
    pub const LAST: Self = Self { name: "u2", is_after_doubling: true, ..Self::PLAIN };
    const PLAIN: Self = Self {
        name: "",
        stride: 1,
        padding: 2,
        is_depthwise: false,
        has_relu: true,
        is_after_doubling: false,
    };

    /// The convolution, whose results are phases behind a doubling.
    pub fn convolve(
        &self,
        g: &mut GraphBuilder,
        x: &str,
        layer: &Layer,
        form: Form,
    ) -> Result<String> {
        let Self { name, stride, padding, .. } = *self;
        if self.is_after_doubling {
            return match form {
                Form::Onnx => Ok(conv(g, name, x, &doubled(layer)?, PHASES)),
                Form::Cpu => Ok(doubled_on_cpu(g, name, x, layer, Doubled::default())),
            };
        }
        if self.is_depthwise {
            return Ok(depthwise(g, name, x, layer, form));
        }
        Ok(conv(g, name, x, layer, Shape { stride, padding, groups: 1 }))
    }
}

impl Network {
    /// From `image` to the last but one of the normalised convolutions, all of which `normalize`
    /// adds.
    pub(super) fn features(
        &self,
        g: &mut GraphBuilder,
        form: Form,
        mut normalize: impl FnMut(&mut GraphBuilder, &str, Normalized<'_>) -> Result<String>,
    ) -> Result<String> {
        g.input("image", &[Some(1), Some(3), None, None]);
        let half = g.constant("half", &[], &[0.5]);
        let mut x = g.node("Sub", "centred", &["image", &half], &[]);
        x = normalize(g, &x, Normalized { name: "stem", ..Normalized::PLAIN })?;
        for name in ["d1", "d2"] {
            x = normalize(g, &x, Normalized { name, stride: 2, padding: 1, ..Normalized::PLAIN })?;
        }
        for k in 0..self.blocks {
            let name = &format!("body.{k}");
            let shape =
                Normalized { name, is_depthwise: true, has_relu: false, ..Normalized::PLAIN };
            let y = normalize(g, &x, shape)?;
            x = self.residual(g, name, [&x, &y], form)?;
        }
        normalize(g, &x, Normalized { name: "u1", is_after_doubling: true, ..Normalized::PLAIN })
    }

    /// The sum of the first value and what two convolutions over channels make of the second.
    fn residual(
        &self,
        g: &mut GraphBuilder,
        name: &str,
        [x, y]: [&str; 2],
        form: Form,
    ) -> Result<String> {
        let [up, down] = ["up", "down"].map(|end| format!("{name}.{end}"));
        let layers = [self.plain(&up)?, self.plain(&down)?];
        let sum = format!("{name}.sum");
        if form == Form::Cpu {
            let mut inputs = vec![x.to_owned(), y.to_owned()];
            for (name, layer) in [&up, &down].into_iter().zip(&layers) {
                inputs.extend(constants(g, name, layer));
            }
            let inputs: Vec<_> = inputs.iter().map(String::as_str).collect();
            g.own_node(RESIDUAL, &[&sum], &inputs, &[]);
            return Ok(sum);
        }
        let [raise, lower] = &layers;
        let shape = || Shape { stride: 1, padding: 0, groups: 1 };
        let y = conv(g, &up, y, raise, shape());
        let y = g.node("Relu", &format!("{up}.relu"), &[&y], &[]);
        let y = conv(g, &down, &y, lower, shape());
        Ok(g.node("Add", &sum, &[x, &y], &[]))
    }
}
