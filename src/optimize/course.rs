//! An optimisation from the coarsest size to the finest.

use std::time::Instant;

use rayon::ThreadPool;

use super::checkpoint::{self, State};
use super::memory;
use super::model::Model;
use super::options::{OnCancel, OptimizeOptions, Start};
use super::planes::Planes;
use super::run::Clock;
use super::schedule::Scale;
use super::size::AtSize;
use super::source::{self, StylePicture};
use crate::canvas::Source;
use crate::color::Moments;
use crate::error::{Error, ErrorKind, Result};
use crate::image::Picture;
use crate::ladder::Ladder;
use crate::observer::Job;
use crate::report::Report;

/// What is being done.
pub(super) const PHASE: &str = "Optimising";

/// What all sizes of one painting share.
pub(super) struct Course<'w> {
    /// For what is computed; listeners are called on the caller's thread.
    pub pool: &'w ThreadPool,
    pub model: &'w Model,
    pub source: &'w Source<'w>,
    pub styles: &'w [StylePicture<'w>],
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
    /// All sizes; the painting at the last.
    pub fn run(&self, ladder: &mut Ladder<'_>, report: &mut Report) -> Result<Planes> {
        self.check_memory(ladder)?;
        let mut state = self.first_state(report)?;
        let work = |scale: &Scale| f64::from(scale.width) * f64::from(scale.height);
        let all = self.plan.iter().map(|s| work(s) * f64::from(s.iterations)).sum();
        let before: f64 =
            self.plan[..state.scale].iter().map(|s| work(s) * f64::from(s.iterations)).sum();
        let here = work(&self.plan[state.scale]) * f64::from(state.step);
        let clock = Clock::new(all, before + here);
        let mut way = Way { clock, saved: Instant::now(), taken: 0 };
        for number in state.scale..self.plan.len() {
            let scale = self.plan[number];
            if state.scale < number {
                let (width, height) = (scale.width as usize, scale.height as usize);
                let image = self.pool.install(|| state.image.into_resized(width, height))?;
                state = State::at(number, image);
            }
            let at = AtSize { course: self, number, scale };
            let (image, stopped) = at.optimize(state, &mut way, ladder, report)?;
            state = State::at(number, image);
            if stopped {
                report.stopped = true;
                break;
            }
        }
        Ok(state.image)
    }

    /// Want of memory at the last size is told now, not after all the others.
    fn check_memory(&self, ladder: &Ladder<'_>) -> Result<()> {
        if let Some(last) = self.plan.last() {
            let pixels = u64::from(last.width) * u64::from(last.height);
            let spec = self.model.spec(0)?;
            memory::plan(pixels, &spec, self.options.optimizer, ladder.memory())?;
        }
        Ok(())
    }

    /// Where to begin: at the checkpoint, or at the coarsest size.
    fn first_state(&self, report: &mut Report) -> Result<State> {
        let first = &self.plan[0];
        if let Some(path) = &self.options.checkpoint
            && let Some(state) = checkpoint::load(path, &self.name)?
        {
            let fits = self.plan.get(state.scale).is_some_and(|scale| {
                let size = (scale.width as usize, scale.height as usize);
                size == (state.image.width, state.image.height) && state.step <= scale.iterations
            });
            if !fits {
                let what = format!(
                    "cannot go on from the checkpoint '{}': it is damaged; delete it or name \
                     another",
                    path.display()
                );
                return Err(Error::new(ErrorKind::File, what));
            }
            let note = format!("went on from '{}'", path.display());
            log::info!("{note}");
            report.notes.push(note);
            return Ok(state);
        }
        let image = self.pool.install(|| match (self.start, self.options.start) {
            (Some(picture), _) => source::start(picture, first, self.job.cancel),
            (None, Start::Content) => source::content(self.source, self.multiple, first),
            (None, Start::Noise) => source::noise(self.seed, first),
        })?;
        Ok(State::at(0, image))
    }

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
