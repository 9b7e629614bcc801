//! What all sizes of one optimisation share.

use std::time::Instant;

use rayon::ThreadPool;

use super::checkpoint::{self, State};
use super::model::Model;
use super::options::{OnCancel, OptimizeOptions};
use super::run::Clock;
use super::schedule::Scale;
use super::source::StylePart;
use crate::canvas::Source;
use crate::color::Moments;
use crate::error::{Error, Result};
use crate::image::Picture;
use crate::observer::Job;

/// What is being done.
pub(super) const PHASE: &str = "Optimising";

/// An optimisation, as every size of it knows it.
pub(super) struct Course<'w> {
    /// For what is computed; listeners are called on the caller's thread.
    pub pool: &'w ThreadPool,
    pub model: &'w Model,
    pub source: &'w Source<'w>,
    pub styles: &'w [StylePart<'w>],
    pub start: Option<&'w Picture>,
    pub options: &'w OptimizeOptions,
    pub seed: u64,
    pub multiple: u32,
    /// The photograph's, where the styles get its colours.
    pub colors: Option<Moments>,
    pub plan: Vec<Scale>,
    /// Stands for pictures and settings in checkpoints.
    pub name: String,
    pub job: Job<'w>,
}

/// How far the work has come.
pub(super) struct Way {
    pub clock: Clock,
    /// When the checkpoint was last written.
    pub saved: Instant,
    /// Steps that this call took, at all sizes.
    pub taken: u32,
}

impl Course<'_> {
    /// Keeps what was done when a stop was asked for; the error where that ends the work.
    pub fn stop(&self, state: &State, taken: u32, cancelled: Error) -> Result<()> {
        if taken > 0 {
            self.save(state)?;
        }
        if taken > 0 && self.options.on_cancel == OnCancel::Keep { Ok(()) } else { Err(cancelled) }
    }

    /// Writes the checkpoint, if one is wanted.
    pub fn save(&self, state: &State) -> Result<()> {
        match &self.options.checkpoint {
            Some(path) => checkpoint::save(path, &self.name, state),
            None => Ok(()),
        }
    }

    /// Steps of the sizes before `number`, and of all.
    pub fn steps_around(&self, number: usize) -> (u32, u32) {
        let sum = |scales: &[Scale]| scales.iter().map(|scale| scale.iterations).sum();
        (sum(&self.plan[..number]), sum(&self.plan))
    }
}
