//! A feature network's weights, read from a `.safetensors` file.

use std::collections::{BTreeMap, HashMap};

use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::architecture::{Layer, VGG16, VGG19};
use super::names::{Naming, Part, is_torchvision_vgg19, understand};
use crate::error::{Error, ErrorKind, Result};
use crate::memory;
use crate::models::sha256_hex;

/// Says in a file of our own what the network was trained on.
const COLORS_KEY: &str = "input_colors";

/// Names in the file of a slim network the one whose features it stands for, by the SHA-256 of its
/// file.
const WHOLE_KEY: &str = "slim_of";

/// The colours that a network was trained on, all from encoded sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputColors {
    /// Blue, green, red from 0 to 255 minus the mean of ImageNet, as the authors trained it.
    BgrBytes,
    /// Red, green, blue from 0 to 1 minus the mean, by the deviation of ImageNet: torchvision.
    Normalized,
}

/// A 3x3 convolution with padding 1, followed by ReLU.
#[derive(Debug, Clone, PartialEq)]
pub struct Convolution {
    /// Its place.
    pub layer: Layer,
    /// Channels that go in.
    pub inputs: usize,
    /// [`Convolution::outputs`] x `inputs` x 3 x 3.
    pub weight: Vec<f16>,
    /// One for each output.
    pub bias: Vec<f32>,
    /// Of a slim network: what its features are by those of the whole one, outputs x
    /// [`Layer::channels`].
    pub projection: Option<Vec<f16>>,
}

impl Convolution {
    /// Channels that come out: [`Layer::channels`], or fewer of a slim network.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }
}

/// VGG16 or VGG19 from its first convolution to the last that its file has, or a slim network: the
/// same with fewer channels, whose features tell as much as they can of the whole one's.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureNetwork {
    /// What it expects to see.
    pub colors: InputColors,
    /// In the order in which they run.
    pub convolutions: Vec<Convolution>,
    /// Of a slim network, the SHA-256 of the file of the whole one.
    pub slim_of: Option<String>,
    /// SHA-256 of the file that it was read from, in hexadecimal.
    pub sha256: String,
}

impl InputColors {
    /// The value of each of the network's input channels for red, green and blue from 0 to 1:
    /// `(rgb[order[k]] - mean[k]) * scale[k]`.
    pub(crate) fn normalization(self) -> ([usize; 3], [f32; 3], [f32; 3]) {
        match self {
            Self::BgrBytes => {
                ([2, 1, 0], [103.939, 116.779, 123.68].map(|v| v / 255.0), [255.0; 3])
            }
            Self::Normalized => {
                ([0, 1, 2], [0.485, 0.456, 0.406], [0.229, 0.224, 0.225].map(f32::recip))
            }
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::BgrBytes => "bgr-bytes",
            Self::Normalized => "normalized",
        }
    }
}

impl FeatureNetwork {
    /// Reads a `.safetensors` file with our names, torchvision's (or timm's) or Keras's. What is
    /// no convolution of VGG, such as the classifier, is left out.
    ///
    /// # Errors
    /// `Model` for another kind of file, a missing convolution, or a wrong shape.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let file = SafeTensors::deserialize(bytes).map_err(|e| {
            Error::caused(ErrorKind::Model, "it is no .safetensors file, or truncated", e)
        })?;
        let metadata = SafeTensors::read_metadata(bytes)
            .ok()
            .and_then(|(_, header)| header.metadata().clone())
            .unwrap_or_default();
        let is_vgg19 = is_torchvision_vgg19(file.names().into_iter());
        let mut parts = BTreeMap::new();
        let mut naming = Naming::Own;
        for (name, tensor) in file.tensors() {
            if let Some((layer, part, by)) = understand(&name, is_vgg19) {
                if part == Part::Weight {
                    naming = by;
                }
                parts.insert((layer, part), read(&name, &tensor)?);
            }
        }
        let slim_of = metadata.get(WHOLE_KEY).cloned();
        let mut convolutions: Vec<Convolution> = Vec::new();
        for layer in order(parts.keys().map(|(layer, _)| *layer))? {
            let inputs = convolutions.last().map_or(3, Convolution::outputs);
            let next = match slim_of {
                Some(_) => slim_convolution(layer, inputs, &mut parts)?,
                None => convolution(layer, inputs, naming, &mut parts)?,
            };
            convolutions.push(next);
        }
        if convolutions.is_empty() {
            let what = "it holds no convolution of VGG: none of its tensors is called \
                        block1_conv1.weight, features.0.weight or block1_conv1/kernel:0";
            return Err(Error::new(ErrorKind::Model, what));
        }
        let own = metadata.get(COLORS_KEY).map(String::as_str);
        let colors = match naming {
            Naming::Own if own == Some(InputColors::Normalized.name()) => InputColors::Normalized,
            Naming::Torchvision => InputColors::Normalized,
            Naming::Own | Naming::Keras => InputColors::BgrBytes,
        };
        Ok(Self { colors, convolutions, slim_of, sha256: sha256_hex(bytes) })
    }

    /// The network as a `.safetensors` file with our names.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let failed = |e| Error::caused(ErrorKind::Model, "cannot pack the network", e);
        let mut tensors = Vec::new();
        let halves = |values: &[f16]| values.iter().flat_map(|v| v.to_le_bytes()).collect();
        for c in &self.convolutions {
            let (layer, outputs) = (c.layer, c.outputs());
            let bias: Vec<u8> = c.bias.iter().flat_map(|v| v.to_le_bytes()).collect();
            let weight_dims = vec![outputs, c.inputs, 3, 3];
            let weight: Vec<u8> = halves(&c.weight);
            tensors.push((format!("{layer}.weight"), Dtype::F16, weight_dims, weight));
            tensors.push((format!("{layer}.bias"), Dtype::F32, vec![outputs], bias));
            if let Some(projection) = &c.projection {
                let dims = vec![outputs, layer.channels()];
                tensors.push((format!("{layer}.projection"), Dtype::F16, dims, halves(projection)));
            }
        }
        let views = tensors
            .iter()
            .map(|(name, kind, dims, bytes)| {
                Ok((name, TensorView::new(*kind, dims.clone(), bytes).map_err(failed)?))
            })
            .collect::<Result<Vec<_>>>()?;
        let mut metadata = HashMap::from([(COLORS_KEY.to_owned(), self.colors.name().to_owned())]);
        metadata.extend(self.slim_of.iter().map(|whole| (WHOLE_KEY.to_owned(), whole.clone())));
        safetensors::serialize(views, Some(metadata)).map_err(failed)
    }

    /// The convolutions up to the deepest of `layers`.
    ///
    /// # Errors
    /// `Model` for a layer that the network does not have.
    pub fn up_to(&self, layers: impl IntoIterator<Item = Layer>) -> Result<&[Convolution]> {
        let mut end = 0;
        for layer in layers {
            let at = self.convolutions.iter().position(|c| c.layer == layer).ok_or_else(|| {
                let last = self.convolutions.last().map_or("none".into(), |c| c.layer.to_string());
                let what = format!(
                    "cannot use the layer {layer}: the network has none; its last is {last}. \
                     Import a feature network that has it"
                );
                Error::new(ErrorKind::Model, what)
            })?;
            end = end.max(at + 1);
        }
        Ok(&self.convolutions[..end])
    }
}

/// The layers in the order of VGG16 or VGG19, refused where one is left out.
fn order(found: impl Iterator<Item = Layer> + Clone) -> Result<Vec<Layer>> {
    let is_vgg19 = found.clone().any(|layer| layer.convolution == 4);
    let blocks = if is_vgg19 { VGG19 } else { VGG16 };
    let all = (1..).zip(blocks).flat_map(|(block, convolutions)| {
        (1..=convolutions).map(move |convolution| Layer { block, convolution })
    });
    let Some(last) = found.clone().max() else { return Ok(Vec::new()) };
    all.take_while(|layer| *layer <= last)
        .map(|layer| {
            found.clone().any(|other| other == layer).then_some(layer).ok_or_else(|| {
                let what = format!("its layer {layer} is missing, though {last} is there");
                Error::new(ErrorKind::Model, what)
            })
        })
        .collect()
}

struct Values {
    dims: Vec<usize>,
    values: Vec<f32>,
}

fn read(name: &str, tensor: &TensorView<'_>) -> Result<Values> {
    let data = tensor.data();
    let values: Vec<f32> = match tensor.dtype() {
        Dtype::F32 => {
            data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
        }
        Dtype::F16 => {
            data.chunks_exact(2).map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32()).collect()
        }
        Dtype::BF16 => {
            data.chunks_exact(2).map(|b| half::bf16::from_le_bytes([b[0], b[1]]).to_f32()).collect()
        }
        other => {
            let what = format!("its tensor '{name}' holds {other:?}, not floats");
            return Err(Error::new(ErrorKind::Model, what));
        }
    };
    if values.iter().any(|v| !v.is_finite() || v.abs() > f16::MAX.to_f32()) {
        let what = format!("its tensor '{name}' holds numbers that are not finite, or too large");
        return Err(Error::new(ErrorKind::Model, what));
    }
    Ok(Values { dims: tensor.shape().to_vec(), values })
}

/// The parts of convolutions by their names.
type Parts = BTreeMap<(Layer, Part), Values>;

fn taken(parts: &mut Parts, layer: Layer, part: Part) -> Result<Values> {
    parts.remove(&(layer, part)).ok_or_else(|| {
        let what = format!("its layer {layer} has no {}", part.name());
        Error::new(ErrorKind::Model, what)
    })
}

fn taken_of_shape(
    parts: &mut Parts,
    layer: Layer,
    part: Part,
    dims: &[usize],
    whose: &str,
) -> Result<Vec<f32>> {
    let found = taken(parts, layer, part)?;
    if found.dims != dims {
        let what = format!(
            "its layer {layer} has a {} of shape {:?} where {whose} has {dims:?}",
            part.name(),
            found.dims
        );
        return Err(Error::new(ErrorKind::Model, what));
    }
    Ok(found.values)
}

fn convolution(
    layer: Layer,
    inputs: usize,
    naming: Naming,
    parts: &mut Parts,
) -> Result<Convolution> {
    let outputs = layer.channels();
    let mut take = |part: Part, dims: &[usize]| taken_of_shape(parts, layer, part, dims, "VGG");
    let weight = match naming {
        Naming::Keras => {
            let from = take(Part::Weight, &[3, 3, inputs, outputs])?;
            let mut to = memory::reserved(from.len(), "a feature network")?;
            for output in 0..outputs {
                for input in 0..inputs {
                    to.extend((0..9).map(|at| from[(at * inputs + input) * outputs + output]));
                }
            }
            to
        }
        Naming::Own | Naming::Torchvision => take(Part::Weight, &[outputs, inputs, 3, 3])?,
    };
    let bias = take(Part::Bias, &[outputs])?;
    Ok(Convolution { layer, inputs, weight: halves(weight), bias, projection: None })
}

/// A convolution with as many channels as its bias has values: up to VGG's.
fn slim_convolution(layer: Layer, inputs: usize, parts: &mut Parts) -> Result<Convolution> {
    let Values { dims, values: bias } = taken(parts, layer, Part::Bias)?;
    let most = layer.channels();
    let outputs = match dims[..] {
        [outputs] if (1..=most).contains(&outputs) => outputs,
        _ => {
            let what = format!(
                "its layer {layer} has a bias of shape {dims:?}: a slim network has 1 to {most} \
                 channels there"
            );
            return Err(Error::new(ErrorKind::Model, what));
        }
    };
    let whose = format!("a slim network with {inputs} channels in and {outputs} out");
    let mut take = |part: Part, dims: &[usize]| taken_of_shape(parts, layer, part, dims, &whose);
    let weight = take(Part::Weight, &[outputs, inputs, 3, 3])?;
    let projection = take(Part::Projection, &[outputs, most])?;
    Ok(Convolution {
        layer,
        inputs,
        weight: halves(weight),
        bias,
        projection: Some(halves(projection)),
    })
}

fn halves(values: Vec<f32>) -> Vec<f16> {
    values.into_iter().map(f16::from_f32).collect()
}
