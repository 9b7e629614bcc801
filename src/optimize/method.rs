//! The optimise method's feature networks, and the graphs made of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::ThreadPool;

use super::graph::StyleLoss;
use super::measure::measure;
use super::model::{Graph, Model};
use super::options::OptimizeOptions;
use super::style_statistics::StyleStatistics;
use crate::error::Result;
use crate::graph::Form;
use crate::image::Picture;
use crate::observer::Job;
use crate::vgg::{FeatureLibrary, FeatureNetwork};
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
        self.model(&options)?.onnx(Graph::Step, masks, Form::Onnx)
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

    /// The features that the options ask for, on the chosen device.
    pub(super) fn model(&self, options: &OptimizeOptions) -> Result<Model> {
        let Workshop { runtime, device, threads, .. } = &*self.workshop;
        Model::new(
            (Arc::clone(runtime), device.clone(), *threads),
            self.network(&options.features)?,
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
