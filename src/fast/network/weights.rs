//! The weights of the network, out of its files.

use std::collections::HashMap;

use prost::Message;

use crate::error::{Error, ErrorKind, Result};
use crate::graph::Tensor;
use crate::onnx::ModelProto;

/// Numbers in a style code.
pub const CODE_LENGTH: usize = 256;

/// The weights of a network's file by name.
pub struct Network {
    /// The file's name in the models' folder, for messages.
    file: &'static str,
    tensors: HashMap<String, Tensor>,
    /// Residual blocks.
    pub(super) blocks: usize,
}

/// The weights of one convolution.
pub(super) struct Layer {
    pub weights: Tensor,
    /// None where a normalisation follows.
    pub bias: Option<Vec<f32>>,
}

impl Network {
    /// Reads the weights out of the bytes of `file`: `stylize.onnx` or `render.onnx`.
    pub fn parse(file: &'static str, bytes: &[u8]) -> Result<Self> {
        let model = ModelProto::decode(bytes)
            .map_err(|e| Error::caused(ErrorKind::Model, format!("cannot read {file}"), e))?;
        let graph = model.graph.unwrap_or_default();
        let tensors = Tensor::all_of(&graph)?;
        let blocks =
            (0..).take_while(|k| tensors.contains_key(&format!("t.body.{k}.dw.weight"))).count();
        Ok(Self { file, tensors, blocks })
    }

    /// The numbers in `affine`.
    pub fn affine_length(&self) -> Result<usize> {
        Ok(self.layers().map(|name| self.channels(&name)).sum::<Result<usize>>()? * 2)
    }

    /// Names of the normalised layers in the order in which `affine` lists them.
    pub(super) fn layers(&self) -> impl Iterator<Item = String> + '_ {
        let body = (0..self.blocks).map(|k| format!("body.{k}"));
        let named = |name: &str| name.to_owned();
        ["stem", "d1", "d2"].map(named).into_iter().chain(body).chain(["u1", "u2"].map(named))
    }

    pub(super) fn channels(&self, layer: &str) -> Result<usize> {
        Ok(self.layer_weights(layer)?.dims[0])
    }

    pub(super) fn layer_weights(&self, layer: &str) -> Result<&Tensor> {
        let name = if layer.starts_with("body.") { format!("{layer}.dw") } else { layer.into() };
        self.tensor(&format!("t.{name}.weight"), 4)
    }

    /// A convolution without normalisation.
    pub(super) fn plain(&self, name: &str) -> Result<Layer> {
        let weights = self.tensor(&format!("t.{name}.weight"), 4)?.clone();
        let bias = self.tensor(&format!("t.{name}.bias"), 1)?.values.clone();
        Ok(Layer { weights, bias: Some(bias) })
    }

    pub(super) fn tensor(&self, name: &str, rank: usize) -> Result<&Tensor> {
        self.tensors
            .get(name)
            .filter(|tensor| tensor.dims.len() == rank && !tensor.dims.contains(&0))
            .ok_or_else(|| self.missing(name))
    }

    pub(super) fn missing(&self, weights: &str) -> Error {
        let what = format!("cannot build the network: {} lacks the weights '{weights}'", self.file);
        Error::new(ErrorKind::Model, what)
    }
}
