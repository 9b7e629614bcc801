//! The operator: its weights, shared, and its bands.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

use sha2::{Digest, Sha256};

use super::super::features::bands;
use super::super::instruction_sets::arch;
use super::super::operator::{Node, Operator, Run};
use super::convolution::{Band, Picture, Scratch, Weights};
use super::points::{MOST, TILE};
use crate::hash::add_floats;

/// A convolution of 3x3 with stride 1 and a border of one zero. Inputs: the picture
/// `[N, C, H, W]`; the kernels `[K, C, 3, 3]`, constant; `open` or none, of the picture's shape:
/// where it is not above zero, the picture counts as zero. Output: `[N, K, H, W]`.
pub const WINOGRAD: &str = "Winograd3x3";

/// What all of a session's convolutions share, of which one runs at a time.
#[derive(Clone)]
pub(in super::super) struct Shared {
    threads: NonZeroUsize,
    scratch: Arc<Mutex<Vec<Scratch>>>,
}

pub(in super::super) struct Winograd {
    weights: Arc<Weights>,
    shared: Shared,
}

impl Shared {
    /// For sessions that run on as many threads.
    pub fn new(threads: NonZeroUsize) -> Self {
        Self { threads, scratch: Arc::default() }
    }

    fn scratches(&self) -> MutexGuard<'_, Vec<Scratch>> {
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The weights of these kernels. The graphs of one network share them: at the points they take four
/// times the room.
fn weights_of(kernels: &[f32], inputs: usize, outputs: usize) -> ort::Result<Arc<Weights>> {
    type Known = HashMap<[u8; 32], Weak<Weights>>;
    static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
    let mut hash = Sha256::new();
    hash.update(inputs.to_le_bytes());
    add_floats(&mut hash, kernels);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.retain(|_, weights| weights.strong_count() > 0);
    let entry = known.entry(hash.finalize().into()).or_default();
    if let Some(weights) = entry.upgrade() {
        return Ok(weights);
    }
    let weights = Arc::new(Weights::new(arch(), kernels, inputs, outputs)?);
    *entry = Arc::downgrade(&weights);
    Ok(weights)
}

impl Operator for Winograd {
    const NAME: &'static str = WINOGRAD;
    const INPUTS: [usize; 2] = [2, 1];
    type Shared = Shared;

    fn new(node: &Node<'_, '_>, shared: &Shared) -> ort::Result<Self> {
        let kernels = node.constant(1)?;
        let &[outputs, inputs, 3, 3] = &kernels.shape()[..] else {
            return Err(node.refuse(format_args!("kernels of 3x3, not {}", kernels.shape())));
        };
        let weights = weights_of(kernels.values(), inputs as usize, outputs as usize)?;
        Ok(Self { weights, shared: shared.clone() })
    }

    fn compute(&self, run: &Run<'_>) -> ort::Result<()> {
        let (shape, values) = run.input(0)?;
        let (inputs, outputs) = (self.weights.inputs(), self.weights.outputs());
        let &[batch, channels, height, width] = &shape[..] else {
            return Err(run.refuse(format_args!("a picture, not {shape}")));
        };
        let [batch, channels, height, width] =
            [batch, channels, height, width].map(|side| side as usize);
        if channels != inputs {
            return Err(run.refuse(format_args!("{inputs} channels, not {channels}")));
        }
        let open = run.optional(2)?.map(|(_, open)| open);
        if open.is_some_and(|open| open.len() != values.len()) {
            return Err(run.refuse("inputs of one size"));
        }
        let mut result = run.output(0, [batch, outputs, height, width])?;
        let result = result.values()?;
        if width * height == 0 {
            return Ok(());
        }

        let input = inputs * width * height;
        let results = result.chunks_exact_mut(outputs * width * height);
        for (k, (values, result)) in values.chunks_exact(input).zip(results).enumerate() {
            let open = open.map(|open| &open[k * input..][..input]);
            self.convolve(run, Picture { values, open, width, height }, result)?;
        }
        Ok(())
    }
}

impl Winograd {
    fn convolve(&self, run: &Run<'_>, picture: Picture<'_>, result: &mut [f32]) -> ort::Result<()> {
        let Picture { width, height, .. } = picture;
        let rows = self.band(width, height);
        run.each(bands(result, width * height, rows * TILE * width)?, |k, mut outputs| {
            let mut scratch = self.shared.scratches().pop().unwrap_or_default();
            let done = self.weights.arch().dispatch(Band {
                weights: &self.weights,
                picture,
                first_row: k * rows,
                outputs: &mut outputs,
                scratch: &mut scratch,
            });
            self.shared.scratches().push(scratch);
            done
        })
    }

    /// How many rows of tiles a thread takes at once: enough to fill a large block, if that leaves each
    /// thread two.
    fn band(&self, width: usize, height: usize) -> usize {
        let (columns, rows) = (width.div_ceil(TILE), height.div_ceil(TILE));
        let most = rows / (2 * self.shared.threads.get());
        MOST.div_ceil(columns).min(most).max(1)
    }
}
