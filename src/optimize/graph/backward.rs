//! The backward pass: the gradient by the picture from the gradients by features.

use super::features::{Features, Operation, SAME_SIZE};
use super::resampling::repeated;
use super::spec::{GraphSpec, Pooling};
use crate::graph::{Attribute, Form, GraphBuilder};
use crate::runtime::operators::WINOGRAD;
use crate::vgg::Layer;

pub(super) fn append(
    g: &mut GraphBuilder,
    spec: &GraphSpec<'_>,
    features: &Features,
    by_features: Vec<(Layer, String)>,
    form: Form,
) -> String {
    let mut gradient: Option<String> = None;
    for operation in features.operations.iter().rev() {
        match operation {
            Operation::Convolution { layer, weight } => {
                for (_, by_feature) in by_features.iter().filter(|(of, _)| of == layer) {
                    gradient = Some(match gradient {
                        Some(so_far) => {
                            let name = format!("{by_feature}_added");
                            g.node("Add", &name, &[&so_far, by_feature], &[])
                        }
                        None => by_feature.clone(),
                    });
                }
                gradient = gradient.map(|gradient| {
                    let activation = &features.activations[layer];
                    through_convolution(g, form, *layer, &gradient, activation, weight)
                });
            }
            Operation::Pooling { input, output } => {
                gradient = gradient
                    .map(|gradient| through_pooling(g, spec.pooling, &gradient, input, output));
            }
        }
    }
    gradient.unwrap_or_else(|| g.constant("no_gradient", &[1], &[0.0]))
}

/// Through ReLU, then a convolution with the kernel turned round and its channels exchanged: the
/// runtimes run it faster than ConvTranspose.
///
/// The CPU's form does both by an operator of ours. Convolutions of features stay the runtime's:
/// their rounding decides here and there whether a ReLU is open and which of four pooled values is
/// the largest. The runtime rounds alike wherever a tile lies, while Winograd's way does not, and
/// tiles would no longer have the whole picture's gradient. Gradients meet no such decision: rounding
/// stays rounding, of 1e-6.
fn through_convolution(
    g: &mut GraphBuilder,
    form: Form,
    layer: Layer,
    gradient: &str,
    activation: &str,
    weight: &str,
) -> String {
    let name = format!("{layer}_input_gradient");
    match form {
        Form::Onnx => {
            let gradient = through_relu(g, layer, gradient, activation);
            let turned = turned(g, weight);
            g.node("Conv", &name, &[&gradient, &turned], &SAME_SIZE)
        }
        Form::Cpu => {
            let turned = turned(g, weight);
            g.own_node(WINOGRAD, &[&name], &[gradient, &turned, activation], &[]);
            name
        }
    }
}

fn through_relu(g: &mut GraphBuilder, layer: Layer, gradient: &str, activation: &str) -> String {
    // 1 above 0, and as good as 0 at 0: OpenVINO takes a beta of 0 for none given, which means 0.5.
    let steep = [("alpha", Attribute::Float(1e30)), ("beta", Attribute::Float(1e-20))];
    let open = g.node("HardSigmoid", &format!("{layer}_open"), &[activation], &steep);
    g.node("Mul", &format!("{layer}_sum_gradient"), &[gradient, &open], &[])
}

/// The kernel turned round, with its channels exchanged: a constant, which the runtime computes
/// once.
fn turned(g: &mut GraphBuilder, weight: &str) -> String {
    let exchanged = g.node(
        "Transpose",
        &format!("{weight}_exchanged"),
        &[weight],
        &[("perm", Attribute::Ints(&[1, 0, 2, 3]))],
    );
    let from = g.integers(&format!("{weight}_from"), &[-1, -1]);
    let to = g.integers(&format!("{weight}_to"), &[i64::MIN, i64::MIN]);
    let axes = g.integers(&format!("{weight}_axes"), &[2, 3]);
    let steps = g.integers(&format!("{weight}_steps"), &[-1, -1]);
    g.node("Slice", &format!("{weight}_turned"), &[&exchanged, &from, &to, &axes, &steps], &[])
}

fn through_pooling(
    g: &mut GraphBuilder,
    pooling: Pooling,
    gradient: &str,
    input: &str,
    output: &str,
) -> String {
    let enlarged = repeated(g, &format!("{output}_gradient"), gradient, 2);
    let share = match pooling {
        Pooling::Average => g.constant(&format!("{output}_share"), &[], &[0.25]),
        Pooling::Max => {
            let largest = repeated(g, &format!("{output}_enlarged"), output, 2);
            let is_largest =
                g.node("Equal", &format!("{output}_is_largest"), &[input, &largest], &[]);
            let float = Attribute::Int(i64::from(crate::onnx::data_type::FLOAT));
            g.node("Cast", &format!("{output}_share"), &[&is_largest], &[("to", float)])
        }
    };
    g.node("Mul", &format!("{input}_pooling_gradient"), &[&enlarged, &share], &[])
}
