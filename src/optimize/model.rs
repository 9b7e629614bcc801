//! Which features count, in which network, on which device.

use std::num::NonZeroUsize;
use std::sync::Arc;

use super::graph::{self, GraphSpec, Pooling, StyleLoss};
use super::options::WeightedLayer;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Form;
use crate::runtime::{Device, Network, Runtime, Session, operators};
use crate::vgg::{FeatureNetwork, Layer};

/// The networks that a painting is compared through.
pub(crate) struct Models {
    pub first: Model,
    /// For the last steps, where they are not the first one's.
    pub closing: Option<Model>,
}

impl Models {
    /// The network that a painting ends with.
    pub fn last(&self) -> &Model {
        self.closing.as_ref().unwrap_or(&self.first)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Model> {
        [&self.first].into_iter().chain(&self.closing)
    }
}

/// The layers of a feature network whose features are compared.
#[derive(Clone)]
pub(crate) struct Model {
    name: String,
    runtime: Arc<Runtime>,
    device: Device,
    threads: NonZeroUsize,
    network: Arc<FeatureNetwork>,
    pooling: Pooling,
    content_layers: Vec<Layer>,
    style_layers: Vec<Layer>,
    style_loss: StyleLoss,
    /// Shares of the content loss; they sum to 1.
    pub content_shares: Vec<f32>,
    /// Shares of the style loss; they sum to 1.
    pub style_shares: Vec<f32>,
}

/// The graphs that a model makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Graph {
    Step,
    Gradient,
    Statistics,
    TileGradient,
}

impl Model {
    pub fn new(
        (runtime, device, threads): (Arc<Runtime>, Device, NonZeroUsize),
        (name, network): (&str, Arc<FeatureNetwork>),
        pooling: Pooling,
        content: &[WeightedLayer],
        (style, style_loss): (&[WeightedLayer], StyleLoss),
    ) -> Result<Self> {
        let (content_layers, content_shares) = shares(content, "content")?;
        let (style_layers, style_shares) = shares(style, "style")?;
        let model = Self {
            name: name.to_owned(),
            runtime,
            device,
            threads,
            network,
            pooling,
            content_layers,
            style_layers,
            style_loss,
            content_shares,
            style_shares,
        };
        model.spec(0)?;
        Ok(model)
    }

    /// The graphs' description; `masks` is 0 for one style over the whole picture.
    pub fn spec(&self, masks: usize) -> Result<GraphSpec<'_>> {
        let style = (&self.style_layers[..], self.style_loss);
        GraphSpec::new(&self.network, self.pooling, &self.content_layers, style, masks)
    }

    /// What the feature network is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a step takes for each pixel, in multiplications of the convolutions.
    pub fn cost(&self) -> f64 {
        // The layers were found when the model was made.
        self.spec(0).map_or(1.0, |spec| spec.products_per_pixel())
    }

    /// Whether one graph computes the losses and the gradient of a whole picture on the device.
    /// Distances by transport are computed between two passes where they are no operator.
    pub fn is_one_graph(&self) -> bool {
        self.style_loss != StyleLoss::Wasserstein || operators::run_on(&self.device)
    }

    /// SHA-256 of the file of the feature network whose features are compared: of the whole one that
    /// a slim network stands for.
    pub fn measured_by(&self) -> &str {
        self.network.slim_of.as_deref().unwrap_or(&self.network.sha256)
    }

    /// A graph as an ONNX file.
    pub fn onnx(&self, graph: Graph, masks: usize, form: Form) -> Result<Vec<u8>> {
        let spec = self.spec(masks)?;
        Ok(match graph {
            Graph::Step => graph::step(&spec, form),
            Graph::Gradient => graph::gradient(&spec, form),
            Graph::Statistics => graph::statistics(&spec),
            Graph::TileGradient => graph::tile_gradient(&spec, form),
        })
    }

    /// A graph ready to run.
    pub fn session(&self, graph: Graph, masks: usize) -> Result<Session> {
        let name = match graph {
            Graph::Step => "optimise step",
            Graph::Gradient => "optimise gradient",
            Graph::Statistics => "optimise statistics",
            Graph::TileGradient => "optimise tile gradient",
        };
        let onnx = self.onnx(graph, masks, Form::Onnx)?;
        let for_cpu = match graph {
            // A forward pass is the same in both forms.
            Graph::Statistics => None,
            _ => Some(self.onnx(graph, masks, Form::Cpu)?),
        };
        let network = Network { for_cpu: for_cpu.as_deref(), ..Network::from(&onnx) };
        self.runtime.session(name, network, &self.device, self.threads)
    }

    /// The same on another device.
    pub fn on(&self, device: &Device) -> Self {
        Self { device: device.clone(), ..self.clone() }
    }
}

/// Layers with their weights over the sum of all; layers of weight 0 are left out.
fn shares(layers: &[WeightedLayer], what: &str) -> Result<(Vec<Layer>, Vec<f32>)> {
    for (k, WeightedLayer { layer, weight }) in layers.iter().enumerate() {
        if !(0.0..=1e6).contains(weight) {
            let text = format!("cannot weigh the {what} layer {layer} by {weight}: 0 to 1000000");
            return Err(Error::new(ErrorKind::Argument, text));
        }
        if layers[..k].iter().any(|other| other.layer == *layer) {
            let text = format!("cannot use the {what} layer {layer} twice");
            return Err(Error::new(ErrorKind::Argument, text));
        }
    }
    let used = || layers.iter().filter(|each| each.weight > 0.0);
    let sum: f32 = used().map(|each| each.weight).sum();
    Ok(used().map(|each| (each.layer, each.weight / sum)).unzip())
}
