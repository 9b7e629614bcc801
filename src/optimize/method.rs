//! The optimise method's feature networks, and the graphs made of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::ThreadPool;

use super::graph::StyleLoss;
use super::measure::measure;
use super::model::{Graph, Model, Models};
use super::options::OptimizeOptions;
use super::style_statistics::StyleStatistics;
use crate::error::Result;
use crate::graph::Form;
use crate::image::Picture;
use crate::observer::Job;
use crate::vgg::{AUTO, FeatureLibrary, FeatureNetwork, Layer, SLIM, WHOLE};
use crate::workshop::Workshop;

/// The optimise method.
pub(crate) struct OptimizeMethod {
    library: FeatureLibrary,
    workshop: Arc<Workshop>,
    networks: Mutex<HashMap<String, Arc<FeatureNetwork>>>,
}

impl OptimizeMethod {
    pub fn new(library: FeatureLibrary, workshop: Arc<Workshop>) -> Self {
        Self { library, workshop, networks: Mutex::default() }
    }

    /// The step graph by Gram matrices as an ONNX file: other style losses take operators that ONNX
    /// lacks.
    pub fn step_graph(&self, options: &OptimizeOptions, masks: usize) -> Result<Vec<u8>> {
        let options = OptimizeOptions { style_loss: StyleLoss::Gram, ..options.clone() };
        self.last_model(&options)?.onnx(Graph::Step, masks, Form::Onnx)
    }

    /// What is kept of a style's picture, so that it can be painted in without it.
    pub fn statistics_of(
        &self,
        picture: &Picture,
        name: &str,
        job: Job<'_>,
    ) -> Result<StyleStatistics> {
        measure(self, picture, name, job)
    }

    /// The networks that the options ask for, on the chosen device.
    pub(super) fn models(&self, options: &OptimizeOptions) -> Result<Models> {
        let last = self.last_model(options)?;
        if options.features != AUTO || !is_what_slim_was_made_for(options) {
            return Ok(Models { first: last, closing: None });
        }
        Ok(Models { first: self.model(options, SLIM)?, closing: Some(last) })
    }

    /// The network that the options ask for at the end of a painting.
    fn last_model(&self, options: &OptimizeOptions) -> Result<Model> {
        let name = if options.features == AUTO { WHOLE } else { &options.features };
        self.model(options, name)
    }

    /// The features of the network called `name` that the options ask for, on the chosen device.
    pub(super) fn model(&self, options: &OptimizeOptions, name: &str) -> Result<Model> {
        let Workshop { runtime, device, threads, .. } = &*self.workshop;
        Model::new(
            (Arc::clone(runtime), device.clone(), *threads),
            (name, self.network(name)?),
            options.pooling,
            &options.content_layers,
            (&options.style_layers, options.style_loss),
        )
    }

    pub(super) fn pool(&self) -> &ThreadPool {
        &self.workshop.pool
    }

    /// The feature network called `name`, or in the file of that name.
    fn network(&self, name: &str) -> Result<Arc<FeatureNetwork>> {
        let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = networks.get(name) {
            return Ok(Arc::clone(known));
        }
        crate::memory::ensure(super::memory::FIXED_BYTES, "the feature network")?;
        let network = Arc::new(self.library.find(name)?);
        networks.insert(name.to_owned(), Arc::clone(&network));
        Ok(network)
    }
}

/// Whether the shipped slim network learned to see what is compared: the default layers, pooled by
/// their mean.
fn is_what_slim_was_made_for(options: &OptimizeOptions) -> bool {
    let made_for = OptimizeOptions::default();
    let layers = |of: &OptimizeOptions| -> Vec<Layer> {
        of.content_layers.iter().chain(&of.style_layers).map(|weighted| weighted.layer).collect()
    };
    let known = layers(&made_for);
    options.pooling == made_for.pooling && layers(options).iter().all(|layer| known.contains(layer))
}
