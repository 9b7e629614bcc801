//! Normalisation by a picture's own statistics.

use pulp::{Simd, WithSimd};

use super::instruction_sets::arch;
use super::operator::{Node, Operator, Run};
use super::room::reserved;

/// Instance normalisation (Ulyanov et al., 2016) that tells its scale and shift.
///
/// Inputs: features `[1, C, H, W]`; `gain` and `shift`, of `C` numbers each. Outputs: `affine`
/// `[1, 2C, 1, 1]`, the scales (gain over standard deviation) and then the shifts; and, where the
/// graph takes it, features times scale plus shift. Attributes: `epsilon`, added to the variance;
/// `relu`, 1 for no results below zero; `phases`, 1 where features are `[1, 4C, h, w]`, the four
/// phases of a doubled picture from a line above and a column before it on: the result is
/// `[1, C, 2h - 2, 2w - 2]`, what lies around the picture left out.
pub const NORMALIZATION: &str = "Normalize";

pub(super) struct Normalization {
    epsilon: f64,
    is_relu: bool,
    is_phases: bool,
}

impl Operator for Normalization {
    const NAME: &'static str = NORMALIZATION;
    const INPUTS: [usize; 2] = [3, 0];
    const OUTPUTS: [usize; 2] = [1, 1];
    type Shared = ();

    fn new(node: &Node<'_, '_>, (): &()) -> ort::Result<Self> {
        let epsilon = f64::from(node.number("epsilon")?);
        Ok(Self { epsilon, is_relu: node.flag("relu")?, is_phases: node.flag("phases")? })
    }

    fn compute(&self, run: &Run<'_>) -> ort::Result<()> {
        let features = run.features(0)?;
        let ((_, gains), (_, shifts)) = (run.input(1)?, run.input(2)?);
        let planes = if self.is_phases { 4 } else { 1 };
        let channels = features.channels / planes;
        let is_whole = features.channels.is_multiple_of(planes);
        if !is_whole || gains.len() != channels || shifts.len() != channels {
            return Err(run.refuse("as many gains as channels"));
        }
        let [width, height] = [features.width, features.height].map(|side| match self.is_phases {
            true => 2 * side.saturating_sub(1),
            false => side,
        });
        if width * height == 0 {
            return Err(run.refuse("a picture with pixels"));
        }

        let mut affine = run.output(0, [1, 2 * channels, 1, 1])?;
        let (scales, moves) = affine.values()?.split_at_mut(channels);
        let mut results = run.optional_output(1, [1, channels, height, width])?;
        let mut results = match &mut results {
            Some(results) => Some(results.values()?.chunks_exact_mut(width * height)),
            None => None,
        };
        let mut parts = reserved(channels)?;
        for to in scales.iter_mut().zip(moves) {
            parts.push((to, results.as_mut().and_then(Iterator::next)));
        }
        let arch = arch();
        let of_channel = planes * features.plane();
        run.each(parts, |k, (to, result)| {
            let channel = Channel {
                values: &features.values[k * of_channel..][..of_channel],
                width: features.width,
                height: features.height,
                is_phases: self.is_phases,
            };
            let Moments { mean, variance } = arch.dispatch(Measuring(channel));
            let scale = f64::from(gains[k]) / (variance + self.epsilon).sqrt();
            let shift = f64::from(shifts[k]) - mean * scale;
            let (scale, shift) = (scale as f32, shift as f32);
            (*to.0, *to.1) = (scale, shift);
            if let Some(result) = result {
                let least = if self.is_relu { 0.0 } else { f32::NEG_INFINITY };
                arch.dispatch(Applying { channel, scale, shift, least, result });
            }
            Ok(())
        })
    }
}

/// One channel, as a plane or as the planes of its four phases.
#[derive(Clone, Copy)]
struct Channel<'a> {
    values: &'a [f32],
    /// Of a plane.
    width: usize,
    height: usize,
    is_phases: bool,
}

struct Moments {
    mean: f64,
    variance: f64,
}

struct Measuring<'a>(Channel<'a>);

struct Applying<'a, 'r> {
    channel: Channel<'a>,
    scale: f32,
    shift: f32,
    least: f32,
    result: &'r mut [f32],
}

impl<'a> Channel<'a> {
    /// The line `y` of the plane of `phase`, from the column `start` on.
    #[inline(always)]
    fn line(&self, phase: usize, y: usize, columns: std::ops::Range<usize>) -> &'a [f32] {
        let from = (phase * self.height + y) * self.width;
        &self.values[from..from + self.width][columns]
    }

    /// What belongs to the picture, in any order.
    #[inline(always)]
    fn lines(self) -> impl Iterator<Item = &'a [f32]> {
        let phases = if self.is_phases { 4 } else { 1 };
        (0..phases).flat_map(move |phase| {
            // The second of two phases begins before the picture, the first ends behind it.
            let (rows, columns) = match self.is_phases {
                true => {
                    let (y, x) = (1 - phase / 2, 1 - phase % 2);
                    (y..self.height - 1 + y, x..self.width - 1 + x)
                }
                false => (0..self.height, 0..self.width),
            };
            rows.map(move |y| self.line(phase, y, columns.clone()))
        })
    }
}

impl WithSimd for Measuring<'_> {
    type Output = Moments;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Moments {
        let count = self.0.lines().map(<[f32]>::len).sum::<usize>() as f64;
        let mean = self.0.lines().map(|line| sum(line, |value| value)).sum::<f64>() / count;
        let middle = mean as f32;
        let square = |value: f32| (value - middle) * (value - middle);
        let squares = self.0.lines().map(|line| sum(line, square)).sum::<f64>();
        let off = mean - f64::from(middle);
        Moments { mean, variance: squares / count - off * off }
    }
}

/// In many parts at once, which is fast, and exact enough for a line.
#[inline(always)]
fn sum(line: &[f32], term: impl Fn(f32) -> f32) -> f64 {
    const PARTS: usize = 64;
    let mut sums = [0.0; PARTS];
    let (blocks, rest) = line.as_chunks::<PARTS>();
    for block in blocks {
        for (sum, &value) in sums.iter_mut().zip(block) {
            *sum += term(value);
        }
    }
    for (sum, &value) in sums.iter_mut().zip(rest) {
        *sum += term(value);
    }
    sums.into_iter().map(f64::from).sum()
}

impl WithSimd for Applying<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { channel, scale, shift, least, result } = self;
        let applied = |value: f32| value.mul_add(scale, shift).max(least);
        if !channel.is_phases {
            for (to, &value) in result.iter_mut().zip(channel.values) {
                *to = applied(value);
            }
            return;
        }
        let cells = channel.width - 1;
        for (y, result) in result.chunks_exact_mut(2 * cells).enumerate() {
            // The picture's line 0 is the second phase of the line of cells before it.
            let (phase, row) = ((y + 1) % 2 * 2, y.div_ceil(2));
            let left = channel.line(phase + 1, row, 0..cells);
            let right = channel.line(phase, row, 1..cells + 1);
            let (pairs, _) = result.as_chunks_mut::<2>();
            for ((pair, &left), &right) in pairs.iter_mut().zip(left).zip(right) {
                *pair = [applied(left), applied(right)];
            }
        }
    }
}
