//! Gradients through networks of other makes against differences of the loss itself. VGG19's
//! trained weights cannot be shipped; random ones of its shape serve as well for this.

#![allow(clippy::unwrap_used)]

#[path = "../../tests/common/network.rs"]
mod network;

use std::num::NonZeroUsize;
use std::sync::Arc;

use network::{Convolution, Tensors, VGG19, packed};

use super::graph::{Pooling, StyleLoss};
use super::model::{Graph, Model};
use super::objective::Objective;
use super::planes::Planes;
use super::statistics::tiles_of;
use super::target::{Gathering, Seen, StyleView, Target};
use crate::job::Cancel;
use crate::runtime::{Device, Runtime};
use crate::vgg::FeatureNetwork;

const GRAM: StyleLoss = StyleLoss::Gram;

const WIDTH: usize = 48;
const HEIGHT: usize = 32;

/// Waves, so that neighbours belong together as in a picture.
fn waves(seed: f32) -> Planes {
    let at = |channel: usize, y: usize, x: usize| {
        let (c, x, y) = (channel as f32 + seed, x as f32, y as f32);
        let coarse = (x * (0.31 + 0.07 * c) + y * 0.23 + 2.0 * c).sin();
        let fine = (x * 1.1 - y * (0.9 + 0.1 * c)).cos();
        0.5 + 0.25 * coarse + 0.12 * fine
    };
    let rows = |channel| (0..HEIGHT).flat_map(move |y| (0..WIDTH).map(move |x| at(channel, y, x)));
    let values = (0..3).flat_map(rows).collect();
    Planes { width: WIDTH, height: HEIGHT, values }
}

fn model(tensors: &Tensors, how: (Pooling, StyleLoss), content: &str, style: &[&str]) -> Model {
    model_of(&packed(tensors), how, content, style)
}

fn model_of(
    bytes: &[u8],
    (pooling, loss): (Pooling, StyleLoss),
    content: &str,
    style: &[&str],
) -> Model {
    let network = Arc::new(FeatureNetwork::parse(bytes).unwrap());
    let threads = NonZeroUsize::new(2).unwrap();
    let style: Vec<_> = style.iter().map(|name| name.parse().unwrap()).collect();
    let content = [content.parse().unwrap()];
    let place = (Runtime::load(None).unwrap(), Device::Cpu, threads);
    Model::new(place, ("test", network), pooling, &content, (&style, loss)).unwrap()
}

fn target(model: &Model) -> Target {
    let seen = Seen::Picture { image: waves(3.0), region: None };
    let style = StyleView { seen, weight: 1.0, group: 0 };
    let spec = model.spec(1).unwrap();
    let mut session = model.session(Graph::Statistics, 1).unwrap();
    let cancel = Cancel::new();
    let gathering =
        Gathering { session: &mut session, spec: &spec, most_pixels: u64::MAX, cancel: &cancel };
    let shares = [&model.content_shares[..], &model.style_shares[..]];
    Target::new(gathering, &waves(0.0), &[style], Vec::new(), [1.0, 30.0, 1.0], shares).unwrap()
}

/// In one graph where the processor runs it, else in two passes.
fn objective<'a>(model: &'a Model, target: &'a Target) -> Objective<'a> {
    if model.is_one_graph() {
        return Objective::whole(model, target).unwrap();
    }
    let tiles = |reach| tiles_of(&waves(0.0), 8, reach, u64::MAX);
    let spec = model.spec(0).unwrap();
    Objective::tiled(model, target, tiles(spec.reach()), tiles(spec.gradient_reach())).unwrap()
}

/// The length of the difference over that of what is wanted.
fn difference(found: &[f32], wanted: &[f32]) -> f32 {
    let length = |values: &mut dyn Iterator<Item = f32>| values.map(|v| v * v).sum::<f32>().sqrt();
    let apart = length(&mut found.iter().zip(wanted).map(|(found, wanted)| found - wanted));
    apart / length(&mut wanted.iter().copied())
}

/// How far the gradient at `coordinates` values spread over the picture is off central differences,
/// all together: the slope of the line that fits the differences over a few steps best.
///
/// A longer step meets kinks of ReLU and, with maximum pooling, other choices of it (over 1/128 it
/// is off by 0.05 instead of 0.02); a shorter one sees the rounding of the loss, a single float of
/// 24 bits, and one step alone still sees it behind sixteen layers (0.08 instead of 0.02). A wrong
/// weight, sign or layer is off by the gradient's own length.
fn check(model: &Model, coordinates: usize) -> f32 {
    const STEPS: [f32; 3] = [1.0 / 1024.0, 2.0 / 1024.0, 3.0 / 1024.0];
    let target = target(model);
    let mut objective = objective(model, &target);
    let image = waves(1.0);
    let mut loss = |image: &Planes| objective.evaluate(image, &Cancel::new()).unwrap();
    let gradient = loss(&image).1;
    // A stride that has no factor in common with the sides.
    let places = (0..coordinates).map(|k| (k * 1_009 + 13) % gradient.len());
    let (mut found, mut wanted) = (Vec::new(), Vec::new());
    for at in places {
        let mut moved = |by: f32| {
            let mut image = image.clone();
            image.values[at] += by;
            loss(&image).0.total
        };
        let differences = STEPS.map(|step| step * (moved(step) - moved(-step)));
        let squares = STEPS.map(|step| 2.0 * step * step);
        found.push(differences.iter().sum::<f32>() / squares.iter().sum::<f32>());
        wanted.push(gradient[at]);
    }
    let apart = difference(&found, &wanted);
    println!("off by {apart:e}");
    apart
}

#[test]
fn vgg19s_gradient_is_the_slope_of_its_loss() {
    let tensors = network::torchvision(&network::random(&VGG19[..3]));
    assert_eq!(tensors[tensors.len() - 2].0, "features.16.weight");
    let style = ["block1_conv1", "block2_conv1", "block3_conv1", "block3_conv3"];
    let average = model(&tensors, (Pooling::Average, GRAM), "block3_conv4", &style);
    assert!(check(&average, 40) < 0.03);
    let max = model(&tensors, (Pooling::Max, GRAM), "block3_conv4", &style);
    assert!(check(&max, 40) < 0.06);
    for loss in [StyleLoss::Wasserstein, StyleLoss::Matching] {
        let model = model(&tensors, (Pooling::Average, loss), "block3_conv4", &style);
        assert!(check(&model, 16) < 0.03);
    }
}

#[test]
fn the_gradient_through_all_of_vgg19_is_the_slope_of_its_loss() {
    let tensors = network::torchvision(&network::random(&VGG19));
    let style = ["block4_conv4", "block5_conv1"];
    let model = model(&tensors, (Pooling::Average, GRAM), "block5_conv4", &style);
    assert!(check(&model, 12) < 0.05);
}

#[test]
fn a_slim_networks_gradient_is_the_slope_of_its_loss() {
    let slim = network::random_of(&[2, 2, 3], [13, 21, 35, 0, 0]);
    let file = network::packed_slim(&network::slim(&slim), &"0".repeat(64));
    let style = ["block1_conv1", "block2_conv2", "block3_conv1"];
    for (pooling, loss) in [
        (Pooling::Max, GRAM),
        (Pooling::Average, StyleLoss::Wasserstein),
        (Pooling::Average, StyleLoss::Matching),
    ] {
        let model = model_of(&file, (pooling, loss), "block3_conv2", &style);
        assert!(check(&model, 24) < 0.05);
    }
}

/// The same function of the picture for a network that sees blue, green and red from 0 to 255.
fn for_bytes(network: &mut [Convolution]) {
    let deviations = [0.229, 0.224, 0.225];
    let means = [0.485, 0.456, 0.406];
    let byte_means = [123.68, 116.779, 103.939].map(|mean| mean / 255.0);
    let first = &mut network[0];
    for output in 0..first.outputs {
        let old: Vec<f32> = first.weight[output * 27..][..27].to_vec();
        for channel in 0..3 {
            for at in 0..9 {
                let weight = old[channel * 9 + at] / deviations[channel];
                first.weight[output * 27 + (2 - channel) * 9 + at] = weight / 255.0;
                first.bias[output] += weight * (byte_means[channel] - means[channel]);
            }
        }
    }
}

#[test]
fn a_network_has_the_same_gradient_under_every_programs_names() {
    let style = ["block1_conv1", "block2_conv1"];
    let gradient = |tensors: &Tensors| {
        let model = model(tensors, (Pooling::Average, GRAM), "block2_conv2", &style);
        let target = target(&model);
        let mut objective = Objective::whole(&model, &target).unwrap();
        objective.evaluate(&waves(1.0), &Cancel::new()).unwrap().1
    };
    let weights = network::random(&VGG19[..2]);
    let torchvision = gradient(&network::torchvision(&weights));
    // Keras's and our own files hold the same network: what they are trained on is the same.
    assert!(gradient(&network::keras(&weights)) == gradient(&network::own(&weights)));
    // torchvision's sees other colours, and without a change the same weights mean another thing.
    let unchanged = difference(&gradient(&network::keras(&weights)), &torchvision);
    println!("off by {unchanged:e} with the same weights");
    assert!(unchanged > 0.1, "{unchanged}");
    let mut weights = weights;
    for_bytes(&mut weights);
    let keras = gradient(&network::keras(&weights));
    // Weights are held in half floats, which round the changed ones otherwise; and around the
    // picture lies the mean colour, of which the two have slightly different ideas.
    let apart = difference(&keras, &torchvision);
    println!("off by {apart:e}");
    assert!(apart < 0.02, "{apart}");
}
