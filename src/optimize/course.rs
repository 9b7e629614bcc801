//! What all sizes of one optimisation share.

use std::cmp::Ordering;
use std::time::Instant;

use rayon::ThreadPool;

use super::checkpoint::{self, State};
use super::model::{Model, Models};
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
    pub models: &'w Models,
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

/// The steps at a size that are taken through one network.
#[derive(Clone, Copy)]
pub(super) struct Leg<'m> {
    pub model: &'m Model,
    /// The last of them.
    pub until: u32,
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

    /// The steps at a size, in the order in which they are taken.
    pub fn legs(&self, number: usize) -> Vec<Leg<'_>> {
        let Models { first, closing } = self.models;
        let all = self.plan[number].iterations;
        match closing.as_ref().filter(|_| number + 1 == self.plan.len()) {
            None => vec![Leg { model: first, until: all }],
            Some(closing) => {
                let closing = Leg { model: closing, until: all };
                let before = all - closing_steps(all);
                let slim = (before > 0).then_some(Leg { model: first, until: before });
                slim.into_iter().chain([closing]).collect()
            }
        }
    }

    /// What all steps take, and those before a place in the course.
    pub fn work(&self, scale: usize, step: u32) -> (f64, f64) {
        let (mut all, mut before) = (0.0, 0.0);
        for (number, size) in self.plan.iter().enumerate() {
            let mut from = 0;
            for Leg { model, until } in self.legs(number) {
                let done = match number.cmp(&scale) {
                    Ordering::Less => until,
                    Ordering::Equal => step.clamp(from, until),
                    Ordering::Greater => from,
                };
                all += size.work(until - from) * model.cost();
                before += size.work(done - from) * model.cost();
                from = until;
            }
        }
        (all, before)
    }

    /// Steps of the sizes before `number`, and of all.
    pub fn steps_around(&self, number: usize) -> (u32, u32) {
        let sum = |scales: &[Scale]| scales.iter().map(|scale| scale.iterations).sum();
        (sum(&self.plan[..number]), sum(&self.plan))
    }
}

/// The steps of the last size that are taken through the whole network where the others were
/// through a slim one: what the slim one cannot tell is made good in them. With three of ten a
/// painting takes half of the time, and its loss is 1 % above the whole network's own: steps 1 %
/// longer change that as much.
fn closing_steps(all: u32) -> u32 {
    (all * 3).div_ceil(10)
}
