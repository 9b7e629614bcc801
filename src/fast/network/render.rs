//! What paints: the network with its normalisations folded into its convolutions.
//!
//! Once `affine` is known, every scale and shift folds into the convolution before it. In ordinary
//! ONNX the last doubling's phases are put in place only as colours: the output's 5x5 convolution
//! works on them as a 3x3 convolution over channels.

use std::iter;

use rayon::prelude::*;

use super::convolutions::{Doubled, PHASES, constants, conv, doubled_on_cpu, placed};
use super::features::Normalized;
use super::phases::over_phases;
use super::weights::{Layer, Network};
use crate::canvas::{Color, Region};
use crate::error::{Error, ErrorKind, Result};
use crate::fast::lattice::without_lattice;
use crate::graph::{Constant, Form, GraphBuilder};
use crate::memory;
use crate::runtime::operators::NARROW;

const COLORS: usize = 3;

/// Each doubling begins a line before the picture: the painted picture has as much around it.
const AROUND: usize = 3;

impl Network {
    /// The whole network for one `affine`: `image` `[1,3,H,W]`, sRGB 0..1, to `painted`
    /// `[1,3,H+6,W+6]`.
    pub fn render_graph(&self, affine: &[f32], form: Form) -> Result<Vec<u8>> {
        self.render(affine, form).map(GraphBuilder::finish)
    }

    /// The same in ordinary ONNX with its weights as inputs, the same file for every `affine`; and
    /// the weights.
    pub fn open_render_graph(&self, affine: &[f32]) -> Result<(Vec<u8>, Vec<Constant>)> {
        self.render(affine, Form::Onnx).map(GraphBuilder::finish_open)
    }

    fn render(&self, affine: &[f32], form: Form) -> Result<GraphBuilder> {
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
                let doubled = Doubled { has_relu: shape.has_relu, is_placed: true };
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
        let out = self.plain("out")?;
        x = match form {
            Form::Onnx => {
                let phases = conv(&mut g, "out", &x, &over_phases(&out)?, PHASES);
                placed(&mut g, "out", &phases)
            }
            Form::Cpu => {
                let constants = constants(&mut g, "out", &out);
                let inputs: Vec<_> = iter::once(&x).chain(&constants).map(String::as_str).collect();
                g.own_node(NARROW, &["out"], &inputs, &[]);
                "out".to_owned()
            }
        };
        g.node("Sigmoid", "painted", &[&x], &[]);
        g.output("painted", &[Some(1), Some(COLORS as i64), None, None]);
        Ok(g)
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

/// The pixels of `inner`, without their lattice, out of what the network painted for `seen`, of
/// `shape`.
///
/// # Errors
/// `Model` for another shape than the graph's, `Memory` where the pixels do not fit.
pub(in crate::fast) fn pixels(
    (shape, painted): (&[i64], &[f32]),
    seen: &Region,
    inner: &Region,
) -> Result<Vec<Color>> {
    let [width, height] = [seen.width(), seen.height()].map(|side| side + 2 * AROUND);
    if shape != [1, COLORS as i64, height as i64, width as i64] {
        let what = format!("cannot paint: the network's output has an unexpected size {shape:?}");
        return Err(Error::new(ErrorKind::Model, what));
    }
    let around = AROUND as i64;
    let whole = Region {
        x: seen.x.start - around..seen.x.end + around,
        y: seen.y.start - around..seen.y.end + around,
    };
    let planes: Vec<_> = painted
        .chunks_exact(width * height)
        .map(|plane| without_lattice(plane, &whole, inner))
        .collect::<Result<_>>()?;
    let mut pixels =
        memory::filled(Color::default(), inner.width() * inner.height(), "a painted tile")?;
    pixels.par_iter_mut().enumerate().for_each(|(at, pixel)| {
        *pixel = Color::new(std::array::from_fn(|color| planes[color][at]));
    });
    Ok(pixels)
}
