//! The distance of a layer's features to a style's by optimal transport.

use super::operator::{Node, Operator, Output, Run};
use super::room::{collected, none_left};
use crate::gaussian::Destination;

/// How far features are from a style's, both taken for Gaussians.
///
/// Inputs: the style's `mean` `[C]` and `root` `[C, C]` of its covariance; sums over a picture's
/// features `[C]`, and over feature times feature `[C, C]`; and numbers: the positions that were
/// summed over, the coefficient of the loss, and the weight of the gradient. Outputs: the squared
/// distance times the coefficient `[]`; its gradient times the weight by the sums of features
/// `[C, 1]`; and twice that by the sums of feature times feature `[C, C]`: each stands on both sides
/// of the diagonal.
pub const TRANSPORT: &str = "GaussianTransport";

pub(super) struct Transport;

impl Operator for Transport {
    const NAME: &'static str = TRANSPORT;
    const INPUTS: [usize; 2] = [7, 0];
    const OUTPUTS: [usize; 2] = [3, 0];
    type Shared = ();

    fn new(_: &Node<'_, '_>, (): &()) -> ort::Result<Self> {
        Ok(Self)
    }

    fn compute(&self, run: &Run<'_>) -> ort::Result<()> {
        let [mean, root, sums, product_sums] = values(run, 0)?;
        let [positions, coefficient, weight] = values(run, 4)?.map(|number| number.first());
        let (Some(&positions), Some(&coefficient), Some(&weight)) =
            (positions, coefficient, weight)
        else {
            return Err(run.refuse("positions, a coefficient and a weight"));
        };
        let channels = mean.len();
        let square = channels * channels;
        if [root.len(), sums.len(), product_sums.len()] != [square, channels, square] {
            return Err(run.refuse("moments of as many channels as the style has"));
        }
        let mut loss = run.output(0, [])?;
        let mut by_features = run.output(1, [channels, 1])?;
        let mut by_products = run.output(2, [channels, channels])?;

        let [positions, coefficient] = [positions, coefficient].map(f64::from);
        let averaged = |sums: &[f32]| collected(sums.iter().map(|v| f64::from(*v) / positions));
        let found = Destination::new(mean, root)
            .transport(&averaged(sums)?, &averaged(product_sums)?)
            .map_err(|_| none_left())?;
        let factor = f64::from(weight) * coefficient / positions;
        set(&mut loss, [found.distance * coefficient])?;
        set(&mut by_features, found.by_mean.iter().map(|value| value * factor))?;
        let at = |k| 2.0 * factor * found.by_products[(k / channels, k % channels)];
        set(&mut by_products, (0..square).map(at))
    }
}

/// The values of the inputs from `place` on.
fn values<'r, const COUNT: usize>(run: &Run<'r>, place: usize) -> ort::Result<[&'r [f32]; COUNT]> {
    let mut inputs = [&[][..]; COUNT];
    for (k, input) in inputs.iter_mut().enumerate() {
        *input = run.input(place + k)?.1;
    }
    Ok(inputs)
}

fn set(output: &mut Output<'_>, values: impl IntoIterator<Item = f64>) -> ort::Result<()> {
    output.values()?.iter_mut().zip(values).for_each(|(to, value)| *to = value as f32);
    Ok(())
}
