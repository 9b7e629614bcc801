//! A style as the optimise method takes it where there is no picture: what its losses ask of one.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use sha2::{Digest, Sha256};

use super::graph::{GraphSpec, Pooling};
use super::moments::FeatureMoments;
use crate::error::{Error, ErrorKind, Result};
use crate::vgg::Layer;

/// The ending of the file beside a style's `NAME.toml`.
pub(crate) const ENDING: &str = "safetensors";

/// Names in a file the network whose features they are of, by the SHA-256 of its file.
const NETWORK_KEY: &str = "features_sha256";

/// The longest side that a file may speak of, that of the largest pictures.
const MOST_SIDE: u32 = 30_000;

/// Means and covariances of the features of a style's picture at some layers, seen at some sizes
/// and with some kinds of pooling. The picture cannot be had from them.
///
/// As a `.safetensors` file: `POOLING.SIDE.LAYER.mean` and `.deviation`, a float for each channel,
/// and `.correlation`, half floats for each channel with those after it. SIDE is the square root of
/// the area at which the picture was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct StyleStatistics {
    /// What the style is called.
    name: String,
    /// SHA-256 of the feature network.
    network: String,
    scales: BTreeMap<(&'static str, u32), Vec<LayerStatistics>>,
}

/// Means and covariances of the features of a layer. Correlations keep more than half floats of
/// covariances would, which span many powers of ten.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LayerStatistics {
    layer: Layer,
    mean: Vec<f32>,
    deviation: Vec<f32>,
    /// Rows of what is right of the diagonal.
    correlation: Vec<f16>,
}

impl StyleStatistics {
    pub(super) fn new(name: &str, network: &str) -> Self {
        Self { name: name.to_owned(), network: network.to_owned(), scales: BTreeMap::new() }
    }

    pub(super) fn insert(&mut self, pooling: Pooling, side: u32, layers: Vec<LayerStatistics>) {
        self.scales.insert((word(pooling), side), layers);
    }

    /// The statistics beside a style's `.toml` file.
    ///
    /// # Errors
    /// `Style` where there are none, or none that can be used.
    pub fn beside(style: &Path) -> Result<Self> {
        let path = style.with_extension(ENDING);
        let name = style.file_stem().unwrap_or_default().to_string_lossy();
        let failed = |e: Box<dyn std::error::Error + Send + Sync>| {
            let what = format!(
                "cannot optimise in the style '{name}': cannot use its statistics '{}'; install \
                 or add the style again, or give it as a picture",
                path.display()
            );
            Error::caused(ErrorKind::Style, what, e)
        };
        match std::fs::read(&path) {
            Ok(bytes) => Self::from_bytes(&name, &bytes).map_err(|e| failed(e.into())),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let what = format!(
                    "cannot optimise in the style '{name}': it is a code alone, without the \
                     statistics '{}'; add the style again from its picture, or give it as a picture",
                    path.display()
                );
                Err(Error::new(ErrorKind::Style, what))
            }
            Err(e) => Err(failed(e.into())),
        }
    }

    /// Reads [`StyleStatistics::to_bytes`]; `name` is what the style is called.
    ///
    /// # Errors
    /// `Style` for another kind of file, a truncated one, or numbers that are none.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self> {
        let refused = |what: String| Error::new(ErrorKind::Style, what);
        let damaged =
            |e| Error::caused(ErrorKind::Style, "it is no .safetensors file, or truncated", e);
        let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let network = header.metadata().as_ref().and_then(|words| words.get(NETWORK_KEY));
        let Some(network) = network else {
            return Err(refused(format!("it names no feature network as {NETWORK_KEY}")));
        };
        let mut parts: BTreeMap<_, BTreeMap<&str, Vec<f32>>> = BTreeMap::new();
        for (key, tensor) in file.iter() {
            let Some((place, part)) = understand(key) else {
                return Err(refused(format!("its tensor '{key}' belongs to no style")));
            };
            let values = floats(&tensor)
                .filter(|values| values.iter().all(|v| v.is_finite()))
                .ok_or_else(|| refused(format!("its tensor '{key}' is not of finite floats")))?;
            parts.entry(place).or_default().insert(part, values);
        }
        if parts.is_empty() {
            return Err(refused("it holds no statistics".to_owned()));
        }
        let mut statistics = Self::new(name, network);
        for ((pooling, side, layer), parts) in parts {
            let read = LayerStatistics::from_parts(layer, parts).ok_or_else(|| {
                let what = format!("its statistics of {pooling}.{side}.{layer} are no such ones");
                refused(what)
            })?;
            statistics.scales.entry((pooling, side)).or_default().push(read);
        }
        Ok(statistics)
    }

    /// The statistics as a `.safetensors` file.
    ///
    /// # Errors
    /// `Style` where they cannot be packed.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let failed = |e| {
            let what = format!("cannot pack the statistics of the style '{}'", self.name);
            Error::caused(ErrorKind::Style, what, e)
        };
        let mut packed = Vec::new();
        for ((pooling, side), layers) in &self.scales {
            for LayerStatistics { layer, mean, deviation, correlation } in layers {
                let floats = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect();
                let halves: Vec<u8> = correlation.iter().flat_map(|v| v.to_le_bytes()).collect();
                let place = format!("{pooling}.{side}.{layer}");
                packed.push((format!("{place}.mean"), Dtype::F32, floats(mean)));
                packed.push((format!("{place}.deviation"), Dtype::F32, floats(deviation)));
                packed.push((format!("{place}.correlation"), Dtype::F16, halves));
            }
        }
        let tensors = packed
            .iter()
            .map(|(name, kind, bytes)| {
                let count = bytes.len() / if *kind == Dtype::F16 { 2 } else { 4 };
                Ok((name, TensorView::new(*kind, vec![count], bytes).map_err(failed)?))
            })
            .collect::<Result<Vec<_>>>()?;
        let metadata = HashMap::from([(NETWORK_KEY.to_owned(), self.network.clone())]);
        safetensors::serialize(tensors, Some(metadata)).map_err(failed)
    }

    /// Moments of the style layers of `spec`, of a network whose file has the SHA-256 `network` or
    /// a slim one that stands for it, at the size nearest to `side`.
    ///
    /// # Errors
    /// `Style` for features that these are not of.
    pub(super) fn moments(
        &self,
        spec: &GraphSpec<'_>,
        network: &str,
        side: f64,
    ) -> Result<Vec<FeatureMoments>> {
        if spec.style_layers.is_empty() {
            return Ok(Vec::new());
        }
        let refused = |what: String| {
            let what = format!(
                "cannot optimise in the style '{}' without its picture: {what}; give the style as \
                 a picture",
                self.name
            );
            Error::new(ErrorKind::Style, what)
        };
        if !network.eq_ignore_ascii_case(&self.network) {
            return Err(refused("its statistics are of another feature network".to_owned()));
        }
        let pooling = word(spec.pooling);
        let distance = |of: u32| (f64::from(of) / side.max(1.0)).ln().abs();
        let nearest = self
            .scales
            .iter()
            .filter(|((of, _), _)| *of == pooling)
            .min_by(|((_, a), _), ((_, b), _)| distance(*a).total_cmp(&distance(*b)));
        let Some((_, layers)) = nearest else {
            return Err(refused(format!("it has no statistics for {pooling} pooling")));
        };
        let moments = spec.style_layers.iter().map(|wanted| {
            let found = layers.iter().find(|layer| layer.layer == *wanted);
            let moments = found.map(|found| match spec.projection(*wanted) {
                Some(projection) => found.moments().projected(projection),
                None => found.moments(),
            });
            moments.ok_or_else(|| {
                let known: Vec<_> = layers.iter().map(|layer| layer.layer.to_string()).collect();
                let known = known.join(", ");
                refused(format!("it has no statistics of the layer {wanted}, only of {known}"))
            })
        });
        moments.collect()
    }

    /// A hash of all that bears on a painting.
    pub(super) fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(&self.network);
        for ((pooling, side), layers) in &self.scales {
            hash.update(format!("{pooling}.{side}"));
            for LayerStatistics { layer, mean, deviation, correlation } in layers {
                hash.update(layer.to_string());
                mean.iter().chain(deviation).for_each(|v| hash.update(v.to_le_bytes()));
                correlation.iter().for_each(|v| hash.update(v.to_le_bytes()));
            }
        }
        hash.finalize().into()
    }
}

impl LayerStatistics {
    /// From the means over a picture.
    pub fn of(layer: Layer, FeatureMoments { mean, products }: &FeatureMoments) -> Self {
        let channels = layer.channels();
        let covariance = |a: usize, b: usize| products[a * channels + b] - mean[a] * mean[b];
        let deviation: Vec<f64> =
            (0..channels).map(|channel| covariance(channel, channel).max(0.0).sqrt()).collect();
        let mut correlation = Vec::with_capacity(channels * (channels - 1) / 2);
        for a in 0..channels {
            for b in a + 1..channels {
                let both = deviation[a] * deviation[b];
                let value = if both > 0.0 { covariance(a, b) / both } else { 0.0 };
                correlation.push(f16::from_f64(value.clamp(-1.0, 1.0)));
            }
        }
        let single = |values: &[f64]| values.iter().map(|&v| v as f32).collect();
        Self { layer, mean: single(mean), deviation: single(&deviation), correlation }
    }

    /// None for parts that are not of the layer's shape, or impossible.
    fn from_parts(layer: Layer, mut parts: BTreeMap<&str, Vec<f32>>) -> Option<Self> {
        let channels = layer.channels();
        let mut take = |part: &str, count: usize, range: std::ops::RangeInclusive<f32>| {
            let values = parts.remove(part)?;
            let fits = values.len() == count && values.iter().all(|v| range.contains(v));
            fits.then_some(values)
        };
        // No feature of a picture comes near: sums of their products stay finite.
        const MOST: f32 = 1e9;
        let mean = take("mean", channels, -MOST..=MOST)?;
        let deviation = take("deviation", channels, 0.0..=MOST)?;
        let correlation = take("correlation", channels * (channels - 1) / 2, -1.0..=1.0)?;
        let correlation = correlation.into_iter().map(f16::from_f32).collect();
        Some(Self { layer, mean, deviation, correlation })
    }

    fn moments(&self) -> FeatureMoments {
        let channels = self.layer.channels();
        let mut products = vec![0.0; channels * channels];
        let mut correlation = self.correlation.iter();
        for a in 0..channels {
            for b in a..channels {
                let correlation = match a == b {
                    true => 1.0,
                    false => correlation.next().map_or(0.0, |v| v.to_f64()),
                };
                let [of_a, of_b] = [a, b].map(|channel| {
                    (f64::from(self.mean[channel]), f64::from(self.deviation[channel]))
                });
                let value = of_a.0 * of_b.0 + of_a.1 * of_b.1 * correlation;
                products[a * channels + b] = value;
                products[b * channels + a] = value;
            }
        }
        FeatureMoments { mean: self.mean.iter().map(|&v| f64::from(v)).collect(), products }
    }
}

fn word(pooling: Pooling) -> &'static str {
    match pooling {
        Pooling::Max => "max",
        Pooling::Average => "average",
    }
}

/// `max.240.block1_conv1.mean`: what a tensor is of, and which part.
fn understand(key: &str) -> Option<((&'static str, u32, Layer), &'static str)> {
    let mut words = key.split('.');
    let mut next = || words.next();
    let (pooling, side, layer, part) = (next()?, next()?, next()?, next()?);
    let pooling = [Pooling::Max, Pooling::Average].map(word).into_iter().find(|w| *w == pooling)?;
    let side = side.parse().ok().filter(|side| (1..=MOST_SIDE).contains(side))?;
    let part = ["mean", "deviation", "correlation"].into_iter().find(|known| *known == part)?;
    let place = (pooling, side, layer.parse().ok()?);
    next().is_none().then_some((place, part))
}

fn floats(tensor: &TensorView<'_>) -> Option<Vec<f32>> {
    let data = tensor.data();
    match tensor.dtype() {
        Dtype::F32 => Some(
            data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
        ),
        Dtype::F16 => {
            Some(data.chunks_exact(2).map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32()).collect())
        }
        _ => None,
    }
}
