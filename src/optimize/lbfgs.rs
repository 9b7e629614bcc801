//! L-BFGS (Nocedal 1980) with a line search that never accepts a larger loss, so it cannot diverge.

use std::collections::VecDeque;

use rayon::prelude::*;

use super::objective::Objective;
use super::planes::Planes;
use crate::error::Result;
use crate::job::{Cancel, Losses};
use crate::memory;
use crate::runtime::Device;

/// Pairs of changes that stand for the curvature.
pub(super) const HISTORY: usize = 15;

/// The part of the decrease that the slope promises which a step must bring (Armijo 1966).
const SUFFICIENT: f64 = 1e-4;

/// Shortenings of a step before its direction is given up.
const MOST_SHORTENINGS: u32 = 10;

/// The largest change of a value in a first step, whose length no curvature tells.
const FIRST_CHANGE: f64 = 0.02;

/// A change of the picture and the change of the gradient that came with it.
struct Pair {
    image: Vec<f32>,
    gradient: Vec<f32>,
    /// 1 / (image . gradient).
    rho: f64,
}

/// A picture on its way, always within 0 to 1.
pub(super) struct Lbfgs<'a> {
    objective: Objective<'a>,
    image: Planes,
    /// Of the picture, once it is known.
    known: Option<(Losses, Vec<f32>)>,
    pairs: VecDeque<Pair>,
    /// No direction lowers the loss any more.
    converged: bool,
}

impl<'a> Lbfgs<'a> {
    pub fn new(objective: Objective<'a>, image: Planes) -> Self {
        Self { objective, image, known: None, pairs: VecDeque::new(), converged: false }
    }

    pub fn device(&self) -> &Device {
        self.objective.device()
    }

    pub fn image(&self) -> &Planes {
        &self.image
    }

    pub fn into_image(self) -> Planes {
        self.image
    }

    /// Whether further steps change nothing.
    pub fn has_converged(&self) -> bool {
        self.converged
    }

    /// One step of one or more evaluations. The losses are those of the picture after it; on an
    /// error the picture stays.
    pub fn step(&mut self, cancel: &Cancel) -> Result<(Losses, u32)> {
        let mut evaluations = 0;
        let (losses, gradient) = match self.known.take() {
            Some(known) => known,
            None => {
                evaluations += 1;
                self.objective.evaluate(&self.image, cancel)?
            }
        };
        for _ in 0..2 {
            let (direction, length) = self.direction(&gradient)?;
            let found =
                self.search(&direction, length, &losses, &gradient, &mut evaluations, cancel);
            let found = match found {
                Ok(found) => found,
                Err(e) => {
                    self.known = Some((losses, gradient));
                    return Err(e);
                }
            };
            if let Some((image, next, next_gradient)) = found {
                self.remember(&image, &gradient, &next_gradient)?;
                self.image = image;
                self.known = Some((next, next_gradient));
                return Ok((next, evaluations));
            }
            if self.pairs.is_empty() {
                break;
            }
            // The curvature misled: once more down the gradient.
            self.pairs.clear();
        }
        self.converged = true;
        self.known = Some((losses, gradient));
        Ok((losses, evaluations))
    }

    /// Where to go and the length to try first.
    fn direction(&mut self, gradient: &[f32]) -> Result<(Vec<f32>, f64)> {
        let mut direction = combined(gradient, gradient, |g, _| -g)?;
        let Some(last) = self.pairs.back() else {
            let steepest = gradient.par_iter().map(|g| g.abs()).reduce(|| 0.0, f32::max);
            return Ok((direction, FIRST_CHANGE / f64::from(steepest).max(1e-30)));
        };
        let scale = 1.0 / (last.rho * dot(&last.gradient, &last.gradient));
        let mut alphas = Vec::with_capacity(self.pairs.len());
        for pair in self.pairs.iter().rev() {
            let alpha = pair.rho * dot(&pair.image, &direction);
            add(&mut direction, -alpha, &pair.gradient);
            alphas.push(alpha);
        }
        direction.par_iter_mut().for_each(|v| *v *= scale as f32);
        for (pair, alpha) in self.pairs.iter().zip(alphas.into_iter().rev()) {
            let beta = pair.rho * dot(&pair.gradient, &direction);
            add(&mut direction, alpha - beta, &pair.image);
        }
        if dot(&direction, gradient) < 0.0 {
            return Ok((direction, 1.0));
        }
        self.pairs.clear();
        self.direction(gradient)
    }

    /// The first of shorter and shorter steps that lowers the loss enough.
    fn search(
        &mut self,
        direction: &[f32],
        first: f64,
        losses: &Losses,
        gradient: &[f32],
        evaluations: &mut u32,
        cancel: &Cancel,
    ) -> Result<Option<(Planes, Losses, Vec<f32>)>> {
        let mut length = first;
        for _ in 0..MOST_SHORTENINGS {
            let mut image = self.image.copied()?;
            image
                .values
                .par_iter_mut()
                .zip(direction)
                .for_each(|(value, d)| *value = (*value + length as f32 * d).clamp(0.0, 1.0));
            let promised = dot(&change(&image, &self.image)?, gradient);
            *evaluations += 1;
            let (next, next_gradient) = self.objective.evaluate(&image, cancel)?;
            let (before, after) = (f64::from(losses.total), f64::from(next.total));
            if after < before && after <= before + SUFFICIENT * promised {
                return Ok(Some((image, next, next_gradient)));
            }
            // The minimum of the parabola through what is known, within reason.
            let curvature = after - before - promised;
            let best = if curvature > 0.0 { -promised / (2.0 * curvature) } else { 0.5 };
            length *= if best.is_finite() { best.clamp(0.1, 0.5) } else { 0.1 };
        }
        Ok(None)
    }

    fn remember(&mut self, image: &Planes, before: &[f32], after: &[f32]) -> Result<()> {
        let change = change(image, &self.image)?;
        let gradient = combined(after, before, |to, from| to - from)?;
        let curvature = dot(&change, &gradient);
        // Without positive curvature a pair would turn directions uphill.
        if curvature > 1e-10 * dot(&gradient, &gradient) {
            if self.pairs.len() == HISTORY {
                self.pairs.pop_front();
            }
            self.pairs.push_back(Pair { image: change, gradient, rho: curvature.recip() });
        }
        Ok(())
    }
}

fn change(to: &Planes, from: &Planes) -> Result<Vec<f32>> {
    combined(&to.values, &from.values, |to, from| to - from)
}

/// Two lists, value by value.
fn combined(a: &[f32], b: &[f32], with: impl Fn(f32, f32) -> f32 + Sync) -> Result<Vec<f32>> {
    let mut combined = memory::reserved(a.len(), "a change of the picture")?;
    combined.par_extend(a.par_iter().zip(b).map(|(&a, &b)| with(a, b)));
    Ok(combined)
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    // Fixed parts, so that the sum does not depend on how threads share the work.
    const PART: usize = 1 << 14;
    let parts: Vec<f64> = a
        .par_chunks(PART)
        .zip(b.par_chunks(PART))
        .map(|(a, b)| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum())
        .collect();
    parts.iter().sum()
}

fn add(to: &mut [f32], factor: f64, from: &[f32]) {
    to.par_iter_mut().zip(from).for_each(|(to, from)| *to += factor as f32 * from);
}
