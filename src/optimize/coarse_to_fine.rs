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
    let work = |scale: &Scale| f64::from(scale.width) * f64::from(scale.height);
    let all = course.plan.iter().map(|s| work(s) * f64::from(s.iterations)).sum();
    let before: f64 =
        course.plan[..state.scale].iter().map(|s| work(s) * f64::from(s.iterations)).sum();
    let here = work(&course.plan[state.scale]) * f64::from(state.step);
    let clock = Clock::new(all, before + here);
    let mut way = Way { clock, saved: Instant::now(), taken: 0 };
    for number in state.scale..course.plan.len() {
        let scale = course.plan[number];
        if state.scale < number {
            let (width, height) = (scale.width as usize, scale.height as usize);
            let image = course.pool.install(|| state.image.into_resized(width, height))?;
            state = State::at(number, image);
        }
        let at = AtSize { course, number, scale };
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
fn check_memory(course: &Course<'_>, ladder: &Ladder<'_>) -> Result<()> {
    if let Some(last) = course.plan.last() {
        let pixels = u64::from(last.width) * u64::from(last.height);
        let spec = course.model.spec(0)?;
        memory::plan(pixels, &spec, course.options.optimizer, ladder.memory())?;
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
