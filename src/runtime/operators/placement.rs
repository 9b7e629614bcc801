//! The four phases of a doubled picture, put in place.

use ort::Error;
use ort::operator::{ComputeContext, Kernel, KernelContext, OperatorInput, OperatorOutput};
use ort::value::TensorElementType;

use super::features::{Features, input, output, parts, take};

/// ONNX's DepthToSpace with blocks of 2 in its mode CRD. Input: `[1, 4C, h, w]`, the four phases of
/// a channel one after the other; output: `[1, C, 2h, 2w]`. ONNX Runtime's own runs on one thread
/// and takes four times as long.
pub const PLACEMENT: &str = "PlacePhases";

pub(super) struct Operator;

pub(super) struct Placement;

impl ort::operator::Operator for Operator {
    type Kernel<'attr> = Placement;

    fn name(&self) -> &str {
        PLACEMENT
    }

    fn inputs(&self) -> impl IntoIterator<Item = OperatorInput> {
        [OperatorInput::required(TensorElementType::Float32)]
    }

    fn outputs(&self) -> impl IntoIterator<Item = OperatorOutput> {
        [OperatorOutput::required(TensorElementType::Float32)]
    }

    fn create_kernel<'attr>(&self, _: &KernelContext<'attr>) -> ort::Result<Placement> {
        Ok(Placement)
    }
}

impl Kernel for Placement {
    fn compute(&mut self, context: &ComputeContext) -> ort::Result<()> {
        let phases = input(context, 0)?;
        let phases = Features::of(&phases, PLACEMENT)?;
        if !phases.channels.is_multiple_of(4) {
            return Err(Error::new(format!("{PLACEMENT} needs four phases of each channel")));
        }
        let channels = phases.channels / 4;
        let mut placed = output(context, 0, &[1, channels, 2 * phases.height, 2 * phases.width])?;
        let (_, placed) = placed.try_extract_tensor_mut::<f32>()?;
        if placed.is_empty() {
            return Ok(());
        }
        let of_channel = 4 * phases.plane();
        let planes = parts(placed.chunks_exact_mut(of_channel));
        context.par_for(planes.len(), 0, |channel| {
            let phases_of_channel = &phases.values[channel * of_channel..][..of_channel];
            place(phases_of_channel, phases.width, &mut take(&planes[channel]));
        })
    }
}

/// Four planes with lines of `width` into one.
fn place(phases: &[f32], width: usize, placed: &mut [f32]) {
    let plane = phases.len() / 4;
    for (line, placed) in placed.chunks_exact_mut(2 * width).enumerate() {
        let from = line % 2 * 2 * plane + line / 2 * width;
        let (left, right) = (&phases[from..][..width], &phases[from + plane..][..width]);
        let (pairs, _) = placed.as_chunks_mut::<2>();
        for ((pair, &left), &right) in pairs.iter_mut().zip(left).zip(right) {
            *pair = [left, right];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_come_in_place() {
        // Two lines of three cells.
        let phases: Vec<_> = (0..24).map(|k| k as f32).collect();
        let mut placed = [0.0; 24];
        place(&phases, 3, &mut placed);
        let expected = [
            [0.0, 6.0, 1.0, 7.0, 2.0, 8.0],
            [12.0, 18.0, 13.0, 19.0, 14.0, 20.0],
            [3.0, 9.0, 4.0, 10.0, 5.0, 11.0],
            [15.0, 21.0, 16.0, 22.0, 17.0, 23.0],
        ];
        assert_eq!(placed, expected.as_flattened());
    }
}
