//! An optimisation from the coarsest size to the finest.

use std::time::Instant;

use super::checkpoint::{self, State};
use super::course::{Course, Way};
use super::memory;
use super::options::Start;
use super::planes::Planes;
use super::run::Clock;
use super::schedule::Scale;
use super::size::AtSize;
use super::source;
use crate::error::{Error, ErrorKind, Result};
use crate::ladder::Ladder;
use crate::report::Report;

/// All sizes of a course; the painting at the last.
pub(super) fn coarse_to_fine(
    course: &Course<'_>,
    ladder: &mut Ladder<'_>,
    report: &mut Report,
) -> Result<Planes> {
    check_memory(course, ladder)?;
    let mut state = first_state(course, report)?;
    let (all, done) = course.work(state.scale, state.step);
    let mut way = Way { clock: Clock::new(all, done), saved: Instant::now(), taken: 0 };
    for number in state.scale..course.plan.len() {
        let scale = course.plan[number];
        if state.scale < number {
            let image = state.into_painting();
            let image = course.pool.install(|| refined(course, image, &scale))?;
            state = State::at(number, image);
        }
        let legs = course.legs(number);
        // Of a checkpoint at a size's very end the last is left, which then takes no step.
        let taken = legs.iter().take(legs.len() - 1).filter(|leg| leg.until <= state.step).count();
        for &leg in &legs[taken..] {
            let at = AtSize { course, number, scale, leg };
            let stopped;
            (state, stopped) = at.optimize(state, &mut way, ladder, report)?;
            if stopped {
                report.stopped = true;
                return Ok(state.into_painting());
            }
        }
    }
    Ok(state.into_painting())
}

/// What was painted, at a finer size: with the detail of the photograph that a coarser size has not.
/// Without it, the steps would spend themselves on finding that again.
fn refined(course: &Course<'_>, painted: Planes, scale: &Scale) -> Result<Planes> {
    let coarse = [painted.width, painted.height];
    let fine = [scale.width as usize, scale.height as usize];
    let mut refined = painted.into_resized(fine[0], fine[1])?;
    if coarse == fine || course.options.content_weight == 0.0 {
        return Ok(refined);
    }
    let photograph = source::content(course.source, course.multiple, scale)?;
    let blurred = photograph.copied()?;
    let blurred = blurred.into_resized(coarse[0], coarse[1])?.into_resized(fine[0], fine[1])?;
    let detail = photograph.values.iter().zip(&blurred.values).map(|(sharp, dull)| sharp - dull);
    refined.values.iter_mut().zip(detail).for_each(|(value, detail)| {
        *value = (*value + detail).clamp(0.0, 1.0);
    });
    Ok(refined)
}

/// Want of memory at the last size is told now, not after all the others.
fn check_memory(course: &Course<'_>, ladder: &Ladder<'_>) -> Result<()> {
    if let Some(last) = course.plan.last() {
        let pixels = u64::from(last.width) * u64::from(last.height);
        for leg in course.legs(course.plan.len() - 1) {
            let spec = leg.model.spec(0)?;
            memory::plan(pixels, &spec, course.options.optimizer, ladder.memory())?;
        }
    }
    Ok(())
}

/// Where to begin: at the checkpoint, or at the coarsest size.
fn first_state(course: &Course<'_>, report: &mut Report) -> Result<State> {
    let first = &course.plan[0];
    if let Some(path) = &course.options.checkpoint
        && let Some(state) = checkpoint::load(path, &course.name)?
    {
        let fits = course.plan.get(state.scale).is_some_and(|scale| {
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
    let image = course.pool.install(|| match (course.start, course.options.start) {
        (Some(picture), _) => {
            source::start(picture, course.source, course.multiple, first, course.job.cancel)
        }
        (None, Start::Content) => source::content(course.source, course.multiple, first),
        (None, Start::Noise) => source::noise(course.seed, first),
    })?;
    Ok(State::at(0, image))
}
