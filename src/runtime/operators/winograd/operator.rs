//! The operator as ONNX Runtime calls it.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

use ort::Error;
use ort::operator::{ComputeContext, Kernel, KernelContext, OperatorInput, OperatorOutput};
use ort::value::{TensorElementType, TensorValueType};
use sha2::{Digest, Sha256};

use super::super::features::{bands, take};
use super::convolution::{Band, Picture, Scratch, Weights};
use super::points::{BLOCK, TILE};

/// A convolution of 3x3 with stride 1 and a border of one zero. Inputs: the picture
/// `[N, C, H, W]`; the kernels `[K, C, 3, 3]`, constant; `open` or none, of the picture's shape:
/// where it is not above zero, the picture counts as zero. Output: `[N, K, H, W]`.
pub const WINOGRAD: &str = "Winograd3x3";

type Floats = TensorValueType<f32>;

/// Shared by all kernels, of which one runs at a time.
type Scratches = Arc<Mutex<Vec<Scratch>>>;

pub(in super::super) struct Operator {
    threads: NonZeroUsize,
    scratch: Scratches,
}

pub(in super::super) struct WinogradKernel {
    weights: Arc<Weights>,
    threads: NonZeroUsize,
    scratch: Scratches,
}

impl Operator {
    /// For sessions that run on as many threads.
    pub fn new(threads: NonZeroUsize) -> Self {
        Self { threads, scratch: Arc::default() }
    }
}

impl ort::operator::Operator for Operator {
    type Kernel<'attr> = WinogradKernel;

    fn name(&self) -> &str {
        WINOGRAD
    }

    fn inputs(&self) -> impl IntoIterator<Item = OperatorInput> {
        let floats = TensorElementType::Float32;
        let (required, optional) = (OperatorInput::required, OperatorInput::optional);
        [required(floats), required(floats), optional(floats)]
    }

    fn outputs(&self) -> impl IntoIterator<Item = OperatorOutput> {
        [OperatorOutput::required(TensorElementType::Float32)]
    }

    fn create_kernel<'attr>(
        &self,
        context: &KernelContext<'attr>,
    ) -> ort::Result<Self::Kernel<'attr>> {
        let kernels = context.constant_input::<Floats>(1)?;
        let (shape, kernels) = kernels.extract_tensor();
        let &[outputs, inputs, 3, 3] = &shape[..] else {
            return Err(Error::new(format!("{WINOGRAD} needs kernels of 3x3, not {shape}")));
        };
        Ok(WinogradKernel {
            weights: shared(kernels, inputs as usize, outputs as usize),
            threads: self.threads,
            scratch: Arc::clone(&self.scratch),
        })
    }
}

/// The weights of these kernels. The graphs of one network share them: at the points they take four
/// times the room.
fn shared(kernels: &[f32], inputs: usize, outputs: usize) -> Arc<Weights> {
    type Known = HashMap<[u8; 32], Weak<Weights>>;
    static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
    let mut hash = Sha256::new();
    hash.update(inputs.to_le_bytes());
    for kernels in kernels.chunks(4096) {
        hash.update(kernels.iter().flat_map(|kernel| kernel.to_le_bytes()).collect::<Vec<_>>());
    }
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.retain(|_, weights| weights.strong_count() > 0);
    let entry = known.entry(hash.finalize().into()).or_default();
    entry.upgrade().unwrap_or_else(|| {
        let weights = Arc::new(Weights::new(kernels, inputs, outputs));
        *entry = Arc::downgrade(&weights);
        weights
    })
}

impl Kernel for WinogradKernel {
    fn compute(&mut self, context: &ComputeContext) -> ort::Result<()> {
        let picture = context.input(0)?;
        let picture = picture.as_ref().ok_or_else(|| Error::new("the picture is missing"))?;
        let (shape, values) = picture.try_extract_tensor::<f32>()?;
        let (inputs, outputs) = (self.weights.inputs(), self.weights.outputs());
        let &[batch, channels, height, width] = &shape[..] else {
            return Err(Error::new(format!("{WINOGRAD} needs a picture, not {shape}")));
        };
        if channels as usize != inputs {
            return Err(Error::new(format!("{WINOGRAD} needs {inputs} channels, not {channels}")));
        }
        let open = context.input(2)?;
        let open = match &open {
            Some(open) => Some(open.try_extract_tensor::<f32>()?.1),
            None => None,
        };
        if open.is_some_and(|open| open.len() != values.len()) {
            return Err(Error::new(format!("{WINOGRAD} needs inputs of one size")));
        }
        let result = context.output(0, [batch, outputs as i64, height, width])?;
        let mut result = result.ok_or_else(|| Error::new("the output is missing"))?;
        let (_, result) = result.try_extract_tensor_mut::<f32>()?;
        let (height, width) = (height as usize, width as usize);
        if width * height == 0 {
            return Ok(());
        }

        let input = inputs * width * height;
        let results = result.chunks_exact_mut(outputs * width * height);
        for (k, (values, result)) in values.chunks_exact(input).zip(results).enumerate() {
            let open = open.map(|open| &open[k * input..][..input]);
            self.convolve(context, Picture { values, open, width, height }, result)?;
        }
        Ok(())
    }
}

impl WinogradKernel {
    fn convolve(
        &self,
        context: &ComputeContext,
        picture: Picture<'_>,
        result: &mut [f32],
    ) -> ort::Result<()> {
        let Picture { width, height, .. } = picture;
        let rows = self.band(width, height);
        let bands = bands(result, width * height, rows * TILE * width);
        let arch = pulp::Arch::new();
        context.par_for(bands.len(), 0, |k| {
            let mut scratch = self.scratches().pop().unwrap_or_default();
            arch.dispatch(Band {
                weights: &self.weights,
                picture,
                first_row: k * rows,
                outputs: &mut take(&bands[k]),
                scratch: &mut scratch,
            });
            self.scratches().push(scratch);
        })
    }

    /// How many rows of tiles a thread takes at once: enough to fill a block, if that leaves each
    /// thread two.
    fn band(&self, width: usize, height: usize) -> usize {
        let (columns, rows) = (width.div_ceil(TILE), height.div_ceil(TILE));
        let most = rows / (2 * self.threads.get());
        BLOCK.div_ceil(columns).min(most).max(1)
    }

    fn scratches(&self) -> MutexGuard<'_, Vec<Scratch>> {
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
