//! Adam (Kingma and Ba 2014): in the graph where the whole picture fits, on the host for tiles.

use rayon::prelude::*;

use super::graph::{BETA1, BETA2, EPSILON, names};
use super::model::{Graph, Model};
use super::objective::{Objective, TargetInputs, losses};
use super::planes::Planes;
use super::target::Target;
use crate::error::Result;
use crate::job::{Cancel, Losses};
use crate::memory;
use crate::runtime::{Binding, Device, Input, Loop};

const LOOPS: [Loop; 3] = [
    Loop { output: names::IMAGE_NEXT, input: names::IMAGE },
    Loop { output: names::MOMENT1_NEXT, input: names::MOMENT1 },
    Loop { output: names::MOMENT2_NEXT, input: names::MOMENT2 },
];

/// Running means of the gradient and of its square.
#[derive(Debug, Clone)]
pub(super) struct Moments {
    pub first: Vec<f32>,
    pub second: Vec<f32>,
    /// Steps taken.
    pub steps: u32,
}

/// A picture on its way, clamped to 0 to 1 after each step.
pub(super) struct Adam<'a> {
    rate: f32,
    steps: u32,
    place: Place<'a>,
    width: usize,
    height: usize,
}

enum Place<'a> {
    Graph(Box<Binding>),
    Host { objective: Box<Objective<'a>>, image: Planes, moments: Moments },
}

impl Moments {
    pub fn zero(length: usize) -> Result<Self> {
        let zeros = || memory::filled(0.0, length, "moments of the picture");
        Ok(Self { first: zeros()?, second: zeros()?, steps: 0 })
    }

    /// A copy, for which there may be no memory.
    pub fn copied(&self) -> Result<Self> {
        let Self { first, second, steps } = self;
        Ok(Self {
            first: memory::copied(first, "moments of the picture")?,
            second: memory::copied(second, "moments of the picture")?,
            steps: *steps,
        })
    }
}

impl<'a> Adam<'a> {
    /// From `image` on, on the device.
    pub fn in_graph(
        model: &Model,
        target: &Target,
        image: Planes,
        moments: Moments,
        rate: f32,
    ) -> Result<Self> {
        let masks = target.masks.len();
        let spec = model.spec(masks)?;
        let fixed = TargetInputs::new(target, &spec);
        let shape = image.shape();
        let mut inputs = fixed.inputs();
        for (name, values) in [
            (names::IMAGE, &image.values),
            (names::MOMENT1, &moments.first),
            (names::MOMENT2, &moments.second),
        ] {
            inputs.push(Input { name, shape: &shape, values });
        }
        let binding = model.session(Graph::Step, masks)?.bind(&inputs, &LOOPS, names::LOSSES)?;
        let (width, height) = (image.width, image.height);
        let place = Place::Graph(Box::new(binding));
        Ok(Self { rate, steps: moments.steps, place, width, height })
    }

    /// From `image` on, with any objective.
    pub fn on_host(objective: Objective<'a>, image: Planes, moments: Moments, rate: f32) -> Self {
        let (width, height, steps) = (image.width, image.height, moments.steps);
        let place = Place::Host { objective: Box::new(objective), image, moments };
        Self { rate, steps, place, width, height }
    }

    pub fn device(&self) -> &Device {
        match &self.place {
            Place::Graph(binding) => binding.device(),
            Place::Host { objective, .. } => objective.device(),
        }
    }

    /// One step. The losses are those of the picture before it; on an error the picture stays.
    pub fn step(&mut self, cancel: &Cancel) -> Result<Losses> {
        let power = (self.steps + 1) as i32;
        // Betas in double precision: their powers come near 1.
        let corrected = |beta: f32| 1.0 - f64::from(beta).powi(power);
        let rate = (f64::from(self.rate) / corrected(BETA1)) as f32;
        let correction = corrected(BETA2).recip() as f32;
        let losses = match &mut self.place {
            Place::Graph(binding) => {
                let values = [rate, correction];
                binding.set(&Input { name: names::ADAM, shape: &[2], values: &values })?;
                losses(&binding.run(cancel)?)
            }
            Place::Host { objective, image, moments } => {
                let (losses, gradient) = objective.evaluate(image, cancel)?;
                image
                    .values
                    .par_iter_mut()
                    .zip(&gradient)
                    .zip(&mut moments.first)
                    .zip(&mut moments.second)
                    .for_each(|(((value, g), first), second)| {
                        *first = BETA1 * *first + (1.0 - BETA1) * g;
                        *second = BETA2 * *second + (1.0 - BETA2) * g * g;
                        let change = rate * *first / ((*second * correction).sqrt() + EPSILON);
                        *value = (*value - change).clamp(0.0, 1.0);
                    });
                losses
            }
        };
        self.steps += 1;
        Ok(losses)
    }

    /// The picture now.
    pub fn image(&self) -> Result<Planes> {
        let (width, height) = (self.width, self.height);
        match &self.place {
            Place::Graph(binding) => {
                Ok(Planes { width, height, values: binding.read(names::IMAGE)? })
            }
            Place::Host { image, .. } => image.copied(),
        }
    }

    /// The picture and the moments, without a copy of what is on the host.
    pub fn into_parts(self) -> Result<(Planes, Moments)> {
        match self.place {
            Place::Host { image, moments, .. } => {
                Ok((image, Moments { steps: self.steps, ..moments }))
            }
            Place::Graph(_) => Ok((self.image()?, self.moments()?)),
        }
    }

    /// The moments now.
    pub fn moments(&self) -> Result<Moments> {
        match &self.place {
            Place::Graph(binding) => Ok(Moments {
                first: binding.read(names::MOMENT1)?,
                second: binding.read(names::MOMENT2)?,
                steps: self.steps,
            }),
            Place::Host { moments, .. } => Ok(Moments { steps: self.steps, ..moments.copied()? }),
        }
    }
}
