//! What paints: the network with its normalisations folded into its convolutions.
//!
//! Once `affine` is known, every scale and shift folds into the convolution before it. And the last
//! doubling's phases are never put in place: the output's 5x5 convolution works on them as a 3x3
//! convolution over channels, and yields four phases of red, green and blue.

use super::phases::{PHASE_CHANNELS, over_phases};
use super::{Doubled, Form, Layer, Network, Normalized, PHASES, conv, doubled_on_cpu, placed};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::GraphBuilder;

impl Network {
    /// The whole network for one `affine`: `image` [1,3,H,W], sRGB 0..1, to `phases`
    /// [1,12,H/2+3,W/2+3]; see [`super::from_phases`].
    pub fn render_graph(&self, affine: &[f32], form: Form) -> Result<Vec<u8>> {
        if affine.len() != self.affine_length()? {
            let what = format!(
                "cannot build the network: {} affine numbers given, {} needed",
                affine.len(),
                self.affine_length()?
            );
            return Err(Error::new(ErrorKind::Model, what));
        }
        let mut rest = affine;
        let mut g = GraphBuilder::new("render");
        // Layers come in the order in which `affine` lists them.
        let mut folded = |g: &mut GraphBuilder, x: &str, shape: Normalized<'_>| {
            let name = shape.name;
            let (of_layer, after) = rest.split_at(2 * self.channels(name)?);
            rest = after;
            let layer = self.folded(name, of_layer)?;
            if shape.is_after_doubling && form == Form::Cpu {
                let is_placed = name != Normalized::LAST.name;
                let doubled = Doubled { has_relu: shape.has_relu, is_placed };
                return Ok(doubled_on_cpu(g, name, x, &layer, doubled));
            }
            let y = shape.convolve(g, x, &layer, form)?;
            Ok(match shape.has_relu {
                true => g.node("Relu", &format!("{name}.relu"), &[&y], &[]),
                false => y,
            })
        };
        let mut x = self.features(&mut g, form, &mut folded)?;
        if form == Form::Onnx {
            x = placed(&mut g, "u1", &x);
        }
        x = folded(&mut g, &x, Normalized::LAST)?;
        x = conv(&mut g, "out", &x, &over_phases(&self.plain("out")?)?, PHASES);
        g.node("Sigmoid", "phases", &[&x], &[]);
        g.output("phases", &[Some(1), Some(PHASE_CHANNELS as i64), None, None]);
        Ok(g.finish())
    }

    /// A convolution times its scales, with its shifts as bias.
    fn folded(&self, name: &str, affine: &[f32]) -> Result<Layer> {
        let mut weights = self.layer_weights(name)?.clone();
        let channels = weights.dims[0];
        let (scales, shifts) = affine.split_at(channels);
        let taps = weights.values.len() / channels;
        for (kernel, scale) in weights.values.chunks_exact_mut(taps).zip(scales) {
            kernel.iter_mut().for_each(|w| *w *= scale);
        }
        Ok(Layer { weights, bias: Some(shifts.to_vec()) })
    }
}
