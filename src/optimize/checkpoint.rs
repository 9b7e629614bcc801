//! The state of an optimisation in a file, as `.safetensors`.

use std::collections::HashMap;
use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::adam::Moments;
use super::planes::Planes;
use crate::error::{Error, ErrorKind, Result};
use crate::memory;
use crate::whole_file;

/// Where an optimisation stands.
#[derive(Debug)]
pub(super) struct State {
    /// The number of the size in the schedule.
    pub scale: usize,
    /// Steps done at this size.
    pub step: u32,
    pub image: Planes,
    /// Of Adam.
    pub moments: Option<Moments>,
    /// The mean of pictures so far, and of how many.
    pub mean: Option<(Vec<f32>, u32)>,
}

impl State {
    /// At the beginning of a size.
    pub fn at(scale: usize, image: Planes) -> Self {
        Self { scale, step: 0, image, moments: None, mean: None }
    }

    /// What was painted: the picture, or the mean of pictures.
    pub fn into_painting(self) -> Planes {
        match self.mean {
            Some((values, _)) => Planes { values, ..self.image },
            None => self.image,
        }
    }

    /// A copy, for which there may be no memory.
    pub fn copied(&self) -> Result<Self> {
        Ok(Self {
            scale: self.scale,
            step: self.step,
            image: self.image.copied()?,
            moments: self.moments.as_ref().map(Moments::copied).transpose()?,
            mean: copied_mean(&self.mean)?,
        })
    }
}

/// A copy of a [`State::mean`].
pub(super) fn copied_mean(mean: &Option<(Vec<f32>, u32)>) -> Result<Option<(Vec<f32>, u32)>> {
    let copied = |(mean, count): &(Vec<f32>, u32)| {
        memory::copied(mean, "the mean of pictures").map(|mean| (mean, *count))
    };
    mean.as_ref().map(copied).transpose()
}

const JOB: &str = "impasto_job";
const SCALE: &str = "scale";
const STEP: &str = "step";
const STEPS: &str = "adam_steps";
const AVERAGED: &str = "averaged";

/// Writes the state of the work that `job` stands for. The file appears whole or not at all.
pub(super) fn save(path: &Path, job: &str, state: &State) -> Result<()> {
    let failed = |e: safetensors::SafeTensorError| {
        Error::caused(ErrorKind::File, format!("cannot pack '{}'", path.display()), e)
    };
    let dims = [3, state.image.height, state.image.width];
    let mut parts: Vec<(&str, &[f32])> = vec![("image", &state.image.values)];
    let mut facts = HashMap::from([
        (JOB.to_owned(), job.to_owned()),
        (SCALE.to_owned(), state.scale.to_string()),
        (STEP.to_owned(), state.step.to_string()),
    ]);
    if let Some(moments) = &state.moments {
        parts.push(("moment1", &moments.first));
        parts.push(("moment2", &moments.second));
        facts.insert(STEPS.to_owned(), moments.steps.to_string());
    }
    if let Some((mean, count)) = &state.mean {
        parts.push(("mean", mean));
        facts.insert(AVERAGED.to_owned(), count.to_string());
    }
    let bytes = parts
        .iter()
        .map(|(name, values)| {
            let mut bytes = memory::reserved(4 * values.len(), "the checkpoint")?;
            bytes.extend(values.iter().flat_map(|v| v.to_le_bytes()));
            Ok((*name, bytes))
        })
        .collect::<Result<Vec<(&str, Vec<u8>)>>>()?;
    // The library puts all parts together once more.
    let all: usize = bytes.iter().map(|(_, bytes)| bytes.len()).sum();
    memory::ensure(all as u64, "the checkpoint")?;
    let tensors = bytes
        .iter()
        .map(|(name, bytes)| Ok((*name, TensorView::new(Dtype::F32, dims.to_vec(), bytes)?)))
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(failed)?;
    let packed = safetensors::serialize(tensors, Some(facts)).map_err(failed)?;
    whole_file::write_bytes(path, &packed)
}

/// Reads the state of the work that `job` stands for; `None` where there is no file.
pub(super) fn load(path: &Path, job: &str) -> Result<Option<State>> {
    let refuse = |why: &str| {
        let what = format!(
            "cannot go on from the checkpoint '{}': {why}; delete it or name another",
            path.display()
        );
        Error::new(ErrorKind::File, what)
    };
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(refuse(&e.to_string())),
    };
    let file = SafeTensors::deserialize(&bytes).map_err(|e| refuse(&e.to_string()))?;
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|e| refuse(&e.to_string()))?;
    let facts = header.metadata().clone().unwrap_or_default();
    match facts.get(JOB) {
        Some(found) if found == job => {}
        Some(_) => return Err(refuse("it belongs to other pictures or settings")),
        None => return Err(refuse("it is no checkpoint of Impasto")),
    }
    let number = |name: &str| facts.get(name).and_then(|text| text.parse::<u32>().ok());
    let floats = |name: &str| -> Result<(Vec<usize>, Vec<f32>)> {
        let tensor = file.tensor(name).map_err(|e| refuse(&e.to_string()))?;
        let values: Vec<f32> = tensor
            .data()
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect();
        if tensor.dtype() != Dtype::F32 || values.iter().any(|v| !v.is_finite()) {
            return Err(refuse("it is damaged"));
        }
        Ok((tensor.shape().to_vec(), values))
    };
    let damaged = || refuse("it is damaged");
    let (dims, values) = floats("image")?;
    let [3, height, width] = dims[..] else { return Err(damaged()) };
    let image = Planes { width, height, values };
    let same_size = |(found, values): (Vec<usize>, Vec<f32>)| {
        if found == dims { Ok(values) } else { Err(damaged()) }
    };
    let moments = match number(STEPS) {
        Some(steps) => Some(Moments {
            first: same_size(floats("moment1")?)?,
            second: same_size(floats("moment2")?)?,
            steps,
        }),
        None => None,
    };
    let mean = match number(AVERAGED) {
        Some(count) => Some((same_size(floats("mean")?)?, count)),
        None => None,
    };
    let scale = number(SCALE).ok_or_else(damaged)? as usize;
    let step = number(STEP).ok_or_else(damaged)?;
    Ok(Some(State { scale, step, image, moments, mean }))
}
