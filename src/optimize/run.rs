//! The steps at one size: a driver that moves the picture, and what is told of it.

use std::time::{Duration, Instant};

use super::adam::{Adam, Moments};
use super::checkpoint::{State, copied_mean};
use super::lbfgs::Lbfgs;
use super::memory::Plan;
use super::model::Model;
use super::objective::Objective;
use super::options::{Averaging, OptimizeOptions, Optimizer};
use super::planes::Planes;
use super::statistics::tiles_of;
use super::target::Target;
use crate::error::{Error, ErrorKind, Result};
use crate::job::{Cancel, Losses};
use crate::memory;
use crate::runtime::Device;

/// Adam's step in values of 0 to 1.
const LEARNING_RATE: f32 = 0.02;

/// What moves the picture.
enum Driver<'a> {
    Adam(Adam<'a>),
    Lbfgs(Box<Lbfgs<'a>>),
}

/// A picture on its way at one size.
pub(super) struct Run<'a> {
    driver: Driver<'a>,
    /// Steps done at this size.
    pub step: u32,
    /// The last step.
    until: u32,
    pub tiles: usize,
    /// The mean of pictures and of how many, where it is wanted.
    mean: Option<(Vec<f32>, u32)>,
    /// From which step on the mean is taken.
    averages_from: Option<u32>,
    scale: usize,
}

/// What is known of a size before its first step.
pub(super) struct Beginning {
    /// The number of the size in the schedule.
    pub scale: usize,
    pub iterations: u32,
    /// The last of them to take.
    pub until: u32,
    /// Whether no finer size follows.
    pub is_last: bool,
    pub state: State,
}

impl<'a> Run<'a> {
    pub fn new(
        model: &'a Model,
        target: &'a Target,
        plan: Plan,
        options: &OptimizeOptions,
        beginning: Beginning,
    ) -> Result<Self> {
        let Beginning { scale, iterations, until, is_last, state } = beginning;
        let State { image, moments, mean, step, .. } = state;
        let spec = model.spec(target.masks.len())?;
        let mut tiles = 1;
        let driver = if plan == Plan::Whole && options.optimizer == Optimizer::Adam {
            let moments = moments.map_or_else(|| Moments::zero(image.values.len()), Ok)?;
            Driver::Adam(Adam::in_graph(model, target, image, moments, LEARNING_RATE)?)
        } else {
            let objective = match plan {
                Plan::Whole => Objective::whole(model, target)?,
                Plan::Tiles { statistics, gradient } => {
                    let cut = |reach, most| tiles_of(&image, spec.multiple(), reach, most);
                    let gradient = cut(spec.gradient_reach(), gradient);
                    tiles = gradient.len();
                    let statistics = cut(spec.reach(), statistics);
                    Objective::tiled(model, target, statistics, gradient)?
                }
            };
            match options.optimizer {
                Optimizer::Adam => {
                    let moments = moments.map_or_else(|| Moments::zero(image.values.len()), Ok)?;
                    Driver::Adam(Adam::on_host(objective, image, moments, LEARNING_RATE))
                }
                Optimizer::Lbfgs => Driver::Lbfgs(Box::new(Lbfgs::new(objective, image))),
            }
        };
        let averages = is_last && options.averaging == Averaging::On;
        let averages_from = averages.then_some(iterations / 2 + 1);
        Ok(Self { driver, step, until, tiles, mean, averages_from, scale })
    }

    pub fn device(&self) -> &Device {
        match &self.driver {
            Driver::Adam(adam) => adam.device(),
            Driver::Lbfgs(lbfgs) => lbfgs.device(),
        }
    }

    pub fn is_done(&self) -> bool {
        let converged = matches!(&self.driver, Driver::Lbfgs(lbfgs) if lbfgs.has_converged());
        self.step >= self.until || converged
    }

    /// One step. On an error the picture is what it was.
    pub fn advance(&mut self, cancel: &Cancel) -> Result<Losses> {
        let (losses, taken) = match &mut self.driver {
            Driver::Adam(adam) => (adam.step(cancel)?, 1),
            Driver::Lbfgs(lbfgs) => lbfgs.step(cancel)?,
        };
        self.step = (self.step + taken.max(1)).min(self.until);
        if !losses.total.is_finite() {
            let what = "cannot go on optimising: the loss is no number any more; choose smaller \
                        weights";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        if self.averages_from.is_some_and(|from| self.step >= from) {
            let image = self.present()?.values;
            let (mean, count) = match &mut self.mean {
                Some(mean) => mean,
                none => none.insert((memory::filled(0.0, image.len(), "the mean of pictures")?, 0)),
            };
            *count += 1;
            let share = 1.0 / *count as f32;
            mean.iter_mut().zip(image).for_each(|(mean, value)| *mean += (value - *mean) * share);
        }
        Ok(losses)
    }

    /// The picture as it stands.
    fn present(&self) -> Result<Planes> {
        match &self.driver {
            Driver::Adam(adam) => adam.image(),
            Driver::Lbfgs(lbfgs) => lbfgs.image().copied(),
        }
    }

    /// The state, without a copy of what is on the host.
    pub fn into_state(self) -> Result<State> {
        let (image, moments) = match self.driver {
            Driver::Adam(adam) => {
                adam.into_parts().map(|(image, moments)| (image, Some(moments)))?
            }
            Driver::Lbfgs(lbfgs) => (lbfgs.into_image(), None),
        };
        Ok(State { scale: self.scale, step: self.step, image, moments, mean: self.mean })
    }

    /// The result so far: the picture, or the mean of pictures.
    pub fn image(&self) -> Result<Planes> {
        let present = self.present()?;
        Ok(match &self.mean {
            Some((mean, _)) => {
                Planes { values: memory::copied(mean, "the mean of pictures")?, ..present }
            }
            None => present,
        })
    }

    pub fn state(&self) -> Result<State> {
        let moments = match &self.driver {
            Driver::Adam(adam) => Some(adam.moments()?),
            Driver::Lbfgs(_) => None,
        };
        let mean = copied_mean(&self.mean)?;
        let (scale, step) = (self.scale, self.step);
        Ok(State { scale, step, image: self.present()?, moments, mean })
    }
}

/// How long the rest takes, from what was done so far; sizes count by their pixels.
pub(super) struct Clock {
    started: Instant,
    /// Pixels times steps.
    all: f64,
    done: f64,
    done_before: f64,
}

impl Clock {
    pub fn new(all: f64, done: f64) -> Self {
        Self { started: Instant::now(), all: all.max(1.0), done, done_before: done }
    }

    pub fn advance(&mut self, work: f64) {
        self.done += work;
    }

    pub fn fraction(&self) -> f32 {
        (self.done / self.all).min(1.0) as f32
    }

    pub fn remaining(&self) -> Option<Duration> {
        let worked = self.done - self.done_before;
        let rest = (self.all - self.done).max(0.0);
        (worked > 0.0)
            .then(|| self.started.elapsed().as_secs_f64() * rest / worked)
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
    }
}
