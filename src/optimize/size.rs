//! An optimisation at one of its sizes.

use std::ops::Range;
use std::time::{Duration, Instant};

use super::checkpoint::State;
use super::course::{Course, Leg, PHASE, Way};
use super::memory::{self, Plan};
use super::model::{Graph, Model};
use super::options::OptimizeOptions;
use super::planes::Planes;
use super::run::{Beginning, Run};
use super::schedule::Scale;
use super::source::{self, Looking, StylePart, StyleSource};
use super::target::{Gathering, Seen, StyleView, Target};
use crate::canvas::interleaved;
use crate::color::Levels;
use crate::error::{Error, ErrorKind, Result};
use crate::image::Picture;
use crate::job::{Losses, Progress};
use crate::ladder::{Attempt, Ladder};
use crate::observer::Preview;
use crate::report::{Report, ScaleReport};
use crate::runtime::Device;

/// The steps of a course at one size through one network.
pub(super) struct AtSize<'c, 'w> {
    pub course: &'c Course<'w>,
    pub number: usize,
    pub scale: Scale,
    pub leg: Leg<'w>,
}

impl AtSize<'_, '_> {
    /// All its steps. The second value is whether a request to stop ended them.
    pub fn optimize(
        &self,
        state: State,
        way: &mut Way,
        ladder: &mut Ladder<'_>,
        report: &mut Report,
    ) -> Result<(State, bool)> {
        let begun = Instant::now();
        let Self { course, number, scale, leg } = *self;
        let first_step = state.step;
        let target = ladder.climb(|attempt| {
            attempt.can_be_smaller = true;
            let model = leg.model.on(&attempt.device);
            course.pool.install(|| self.target(&model, attempt))
        });
        let (target, found) = match target {
            Err(e) if e.kind() == ErrorKind::Cancelled => {
                course.stop(&state, way.taken, e)?;
                return Ok((state, true));
            }
            other => other?,
        };
        let mut state = Some(state);
        let mut last = None;
        let (ended, steps, tiles) = ladder.climb(|attempt| {
            if attempt.device == Device::Auto {
                attempt.device = found.clone();
            }
            let model = leg.model.on(&attempt.device);
            let spec = model.spec(target.masks.len())?;
            let optimizer = course.options.optimizer;
            let plan = memory::plan(self.pixels(), &spec, optimizer, attempt.memory)?;
            let plan = if model.is_one_graph() { plan } else { plan.in_passes(self.pixels()) };
            if plan == Plan::Whole {
                // Half of it is so little that the whole picture does not fit any more.
                attempt.memory = attempt.memory.min(memory::whole(self.pixels(), &spec));
            }
            attempt.can_be_smaller = true;
            let Some(from) = state.take() else {
                return Err(Error::new(ErrorKind::Runtime, "cannot find the optimisation's state"));
            };
            let begun = self.begin(&model, &target, plan, &from);
            let mut run = match begun {
                Err(e) => {
                    state = Some(from);
                    return Err(e);
                }
                Ok(run) => run,
            };
            drop(from);
            attempt.device = run.device().clone();
            report.device = run.device().clone();
            let stopped = match self.steps(&mut run, way, &mut last) {
                Ok(()) => Ok(false),
                Err(e) if e.kind() == ErrorKind::Cancelled => {
                    run.state().and_then(|state| course.stop(&state, way.taken, e)).map(|()| true)
                }
                Err(e) => match run.state() {
                    Ok(kept) => {
                        state = Some(kept);
                        return Err(e);
                    }
                    Err(_) => Err(e),
                },
            };
            let (steps, tiles) = (run.step - first_step, run.tiles);
            // Without a state that was kept there is nothing to try again from.
            Ok((stopped.and_then(|stopped| Ok((run.into_state()?, stopped))), steps, tiles))
        })?;
        let (mut state, stopped) = ended?;
        if !stopped {
            // L-BFGS may have come to its end before.
            state.step = leg.until;
        }
        report.scales.push(ScaleReport {
            size: [scale.width, scale.height],
            features: leg.model.name().to_owned(),
            steps,
            tiles,
            seconds: begun.elapsed(),
            losses: last,
        });
        log::debug!("size {number}: {steps} steps");
        Ok((state, stopped))
    }

    fn pixels(&self) -> u64 {
        u64::from(self.scale.width) * u64::from(self.scale.height)
    }

    /// What makes steps from a state, which is kept until it has begun: a want of memory is met by
    /// another plan.
    fn begin<'r>(
        &self,
        model: &'r Model,
        target: &'r Target,
        plan: Plan,
        from: &State,
    ) -> Result<Run<'r>> {
        let Self { course, number, scale, leg } = *self;
        let beginning = Beginning {
            scale: number,
            iterations: scale.iterations,
            until: leg.until,
            is_last: number + 1 == course.plan.len(),
            state: from.copied()?,
        };
        crate::memory::ensure(
            memory::bytes_of(self.pixels(), plan, &model.spec(target.masks.len())?),
            "the features of the picture",
        )?;
        Run::new(model, target, plan, course.options, beginning)
    }

    fn steps(&self, run: &mut Run<'_>, way: &mut Way, last: &mut Option<Losses>) -> Result<()> {
        let course = self.course;
        let (before, all) = course.steps_around(self.number);
        let every = Duration::from_secs(course.options.checkpoint_every);
        while !run.is_done() {
            let from = run.step;
            let losses = course.pool.install(|| run.advance(course.job.cancel))?;
            *last = Some(losses);
            let taken = run.step - from;
            way.taken += taken;
            way.clock.advance(self.scale.work(taken) * self.leg.model.cost());
            log::debug!("step {} of {all}: {losses:?}", before + run.step);
            self.show(run, before + from..before + run.step, all, losses)?;
            if course.options.checkpoint.is_some() && way.saved.elapsed() >= every {
                course.save(&run.state()?)?;
                way.saved = Instant::now();
            }
            course.job.report(Progress {
                phase: PHASE,
                fraction: way.clock.fraction(),
                remaining: way.clock.remaining(),
                losses: Some(losses),
            })?;
        }
        Ok(())
    }

    /// A preview where the steps just taken come to one: L-BFGS takes several at once.
    fn show(&self, run: &Run<'_>, taken: Range<u32>, steps: u32, losses: Losses) -> Result<()> {
        let observer = self.course.job.observer;
        let every = observer.preview_every();
        if every > 0 && (taken.end / every > taken.start / every || taken.end == steps) {
            let picture = as_picture(&run.image()?, &self.course.source.overview.levels)?;
            observer.preview(Preview { picture: &picture, step: taken.end, steps, losses });
        }
        Ok(())
    }

    /// What the steps work towards, and the device that found it.
    fn target(&self, model: &Model, attempt: &mut Attempt) -> Result<(Target, Device)> {
        let Course { source, styles, options, multiple, job, .. } = *self.course;
        let scale = &self.scale;
        let size = [source.picture.width(), source.picture.height()];
        let content = source::content(source, multiple, scale)?;
        let (masks, groups) = source::masks(styles, size, multiple, scale)?;
        let factor = f64::from(options.style_scale).powi(2);
        let looking = Looking {
            pixels: self.pixels() as f64 * factor,
            multiple,
            colors: self.course.colors.as_ref(),
            cancel: job.cancel,
        };
        let spec = model.spec(1)?;
        let view = |(style, group): (&StylePart<'_>, usize)| {
            let seen = match style.source {
                StyleSource::Picture { picture, region } => {
                    let (image, region) = looking.at(picture, region)?;
                    Seen::Picture { image, region }
                }
                StyleSource::Statistics(statistics) => {
                    let side = looking.pixels.sqrt();
                    Seen::Moments(statistics.moments(&spec, model.measured_by(), side)?)
                }
            };
            Ok(StyleView { seen, weight: style.weight, group })
        };
        let styles = styles.iter().zip(groups).map(view).collect::<Result<Vec<_>>>()?;
        let most_pixels = memory::statistics_pixels(self.pixels(), &spec, attempt.memory);
        crate::memory::ensure(
            memory::statistics_bytes(self.pixels().min(most_pixels), &spec),
            "the features of the pictures",
        )?;
        let mut session = model.session(Graph::Statistics, 1)?;
        let device = session.device().clone();
        attempt.device = device.clone();
        let gathering =
            Gathering { session: &mut session, spec: &spec, most_pixels, cancel: job.cancel };
        let OptimizeOptions { content_weight, style_weight, tv_weight, .. } = *options;
        let weights = [content_weight, style_weight, tv_weight];
        let shares = [&model.content_shares[..], &model.style_shares[..]];
        let target = Target::new(gathering, &content, &styles, masks, weights, shares)?;
        Ok((target, device))
    }
}

/// What was painted, its levels taken back.
fn as_picture(planes: &Planes, levels: &Levels) -> Result<Picture> {
    let colors = interleaved(&planes.values)?;
    let size = [planes.width as u32, planes.height as u32];
    Picture::of_srgb(size, colors.iter().map(|color| levels.restore(color.0)))
}
