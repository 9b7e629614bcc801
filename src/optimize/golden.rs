//! Losses, gradients and steps against those that PyTorch and JAX computed in double precision
//! (`tests/golden/make_*.py`), and tiles against the whole picture.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prost::Message;
use safetensors::SafeTensors;
use safetensors::tensor::Dtype;

use super::adam::{Adam, Moments};
use super::graph::{Pooling, StyleLoss};
use super::model::{Graph, Model};
use super::objective::Objective;
use super::options::WeightedLayer;
use super::planes::Planes;
use super::target::{Gathering, Seen, StyleView, Target};
use crate::graph::Form;
use crate::job::Cancel;
use crate::models::Models;
use crate::onnx::ModelProto;
use crate::runtime::operators::WINOGRAD;
use crate::runtime::{Device, Runtime};
use crate::tile::{Span, Tile};
use crate::vgg::FeatureNetwork;

const WEIGHTS: [f32; 3] = [1.0, 30.0, 1.0];

/// One test at a time: they share the machine's memory and cores.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn array(name: &str) -> Vec<f64> {
    array_of("golden.safetensors", name)
}

fn array_of(file: &str, name: &str) -> Vec<f64> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    let file = fs::read(path).unwrap();
    let tensors = SafeTensors::deserialize(&file).unwrap();
    let tensor = tensors.tensor(name).unwrap();
    assert_eq!(tensor.dtype(), Dtype::F64);
    tensor.data().as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect()
}

fn picture(name: &str, width: usize, height: usize) -> Planes {
    let values: Vec<f32> = array(name).into_iter().map(|v| v as f32).collect();
    assert_eq!(values.len(), 3 * width * height);
    Planes { width, height, values }
}

fn model(pooling: Pooling) -> Model {
    model_by(pooling, StyleLoss::Gram)
}

fn model_by(pooling: Pooling, loss: StyleLoss) -> Model {
    model_of(&Models::open(None).unwrap().load("vgg16").unwrap(), pooling, loss)
}

fn slim_model(pooling: Pooling, loss: StyleLoss) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/slim.safetensors");
    model_of(&std::fs::read(path).unwrap(), pooling, loss)
}

fn model_of(bytes: &[u8], pooling: Pooling, loss: StyleLoss) -> Model {
    let network = Arc::new(FeatureNetwork::parse(bytes).unwrap());
    let layers = |names: &[&str]| -> Vec<WeightedLayer> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    };
    let style = ["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1"];
    let threads = NonZeroUsize::new(2).unwrap();
    let runtime = Runtime::load(None).unwrap();
    Model::new(
        (runtime, Device::Cpu, threads),
        ("test", network),
        pooling,
        &layers(&["block4_conv2"]),
        (&layers(&style), loss),
    )
    .unwrap()
}

fn style(name: &str, width: usize, height: usize, weight: f32, group: usize) -> StyleView {
    let seen = Seen::Picture { image: picture(name, width, height), region: None };
    StyleView { seen, weight, group }
}

fn target(
    model: &Model,
    content: &Planes,
    styles: &[StyleView],
    masks: Vec<Vec<f32>>,
    weights: [f32; 3],
) -> Target {
    let spec = model.spec(1).unwrap();
    let mut session = model.session(Graph::Statistics, 1).unwrap();
    let cancel = Cancel::new();
    let gathering =
        Gathering { session: &mut session, spec: &spec, most_pixels: u64::MAX, cancel: &cancel };
    let shares = [&model.content_shares[..], &model.style_shares[..]];
    Target::new(gathering, content, styles, masks, weights, shares).unwrap()
}

/// In two passes over tiles of `side` pixels of a picture of 112x80.
fn in_passes<'a>(model: &'a Model, target: &'a Target, side: u32) -> Objective<'a> {
    let spec = model.spec(target.masks.len()).unwrap();
    let reaches = [spec.reach(), spec.gradient_reach()];
    let [statistics, gradient] = reaches.map(|reach| grid(112, 80, side, 0, reach as i64));
    Objective::tiled(model, target, statistics, gradient).unwrap()
}

/// The largest difference relative to the largest value.
fn difference(found: &[f32], wanted: &[f64]) -> f64 {
    assert_eq!(found.len(), wanted.len());
    let largest = wanted.iter().fold(0.0, |most: f64, v| most.max(v.abs()));
    let apart = found.iter().zip(wanted).map(|(f, w)| (f64::from(*f) - w).abs());
    apart.fold(0.0, f64::max) / largest
}

fn near(found: f32, wanted: f64, name: &str) {
    let apart = (f64::from(found) - wanted).abs() / wanted.abs();
    assert!(apart < 1e-5, "{name}: {found} instead of {wanted}");
}

fn poolings() -> [(Pooling, &'static str); 2] {
    [(Pooling::Max, "max"), (Pooling::Average, "avg")]
}

/// The golden gradients would be right without, too: only slower.
#[test]
fn every_gradient_meets_the_cpus_own_convolution() {
    for (pooling, _) in poolings() {
        let model = model(pooling);
        for graph in [Graph::Step, Graph::Gradient, Graph::TileGradient] {
            let onnx = model.onnx(graph, 1, Form::Cpu).unwrap();
            let nodes = ModelProto::decode(&onnx[..]).unwrap().graph.unwrap().node;
            let count = |name| nodes.iter().filter(|node| node.op_type() == name).count();
            // Forward and backward through block4_conv2 and the eight before it.
            assert_eq!([count("Conv"), count(WINOGRAD), count("HardSigmoid")], [9, 9, 0]);
        }
        // A forward pass has none, and needs no form of its own.
        let [onnx, cpu] =
            [Form::Onnx, Form::Cpu].map(|form| model.onnx(Graph::Statistics, 1, form).unwrap());
        assert!(onnx == cpu);
    }
}

#[test]
fn losses_and_gradients_are_those_of_automatic_differentiation() {
    let _alone = alone();
    let (content, image) = (picture("content", 112, 80), picture("image", 112, 80));
    for (pooling, pool) in poolings() {
        let model = model(pooling);
        for (styles, count) in [
            (vec![style("style", 64, 96, 1.0, 0)], "one"),
            (vec![style("style", 64, 96, 0.7, 0), style("style2", 72, 72, 0.3, 0)], "two"),
        ] {
            let target = target(&model, &content, &styles, Vec::new(), WEIGHTS);
            let mut objective = Objective::whole(&model, &target).unwrap();
            let (losses, gradient) = objective.evaluate(&image, &Cancel::new()).unwrap();
            let wanted = |what: &str| array(&format!("{pool}/{count}/{what}"));
            for (found, what) in [
                (losses.content, "content_loss"),
                (losses.style, "style_loss"),
                (losses.variation, "tv_loss"),
                (losses.total, "total"),
            ] {
                near(found, wanted(what)[0], what);
            }
            let apart = difference(&gradient, &wanted("gradient"));
            assert!(apart < 1e-5, "{pool} {count}: {apart}");
        }
    }
}

#[test]
fn masks_guide_each_style_to_its_place() {
    let _alone = alone();
    let (content, image) = (picture("content", 112, 80), picture("image", 112, 80));
    let left: Vec<f32> = array("mask_left").into_iter().map(|v| v as f32).collect();
    let right = left.iter().map(|v| 1.0 - v).collect();
    let masks = vec![left, right];
    for (pooling, pool) in poolings() {
        let model = model(pooling);
        let styles = [style("style", 64, 96, 1.0, 0), style("style2", 72, 72, 1.0, 1)];
        let target = target(&model, &content, &styles, masks.clone(), [0.0, 1.0, 0.0]);
        let mut objective = Objective::whole(&model, &target).unwrap();
        let (losses, gradient) = objective.evaluate(&image, &Cancel::new()).unwrap();
        near(losses.style, array(&format!("{pool}/masks/style_loss"))[0], "masked style");
        let apart = difference(&gradient, &array(&format!("{pool}/masks/gradient")));
        assert!(apart < 1e-5, "{pool}: {apart}");

        let mut in_passes = in_passes(&model, &target, 112);
        let (of_passes, by_passes) = in_passes.evaluate(&image, &Cancel::new()).unwrap();
        near(of_passes.total, f64::from(losses.total), "two passes");
        let gradient: Vec<f64> = gradient.iter().map(|v| f64::from(*v)).collect();
        assert!(difference(&by_passes, &gradient) < 1e-4);
    }
}

/// In two passes over the whole picture, and in one graph where the processor runs it.
#[test]
fn transport_and_its_gradient_are_those_of_automatic_differentiation() {
    let _alone = alone();
    let (content, image) = (picture("content", 112, 80), picture("image", 112, 80));
    let left: Vec<f32> = array("mask_left").into_iter().map(|v| v as f32).collect();
    let right: Vec<f32> = left.iter().map(|v| 1.0 - v).collect();
    let balance = f64::from(StyleLoss::Wasserstein.balance());
    let balanced = |values: &[f64]| values.iter().map(|v| v * balance).collect::<Vec<_>>();
    for (pooling, pool) in poolings() {
        let model = model_by(pooling, StyleLoss::Wasserstein);
        for (styles, masks, name) in [
            (vec![style("style", 64, 96, 1.0, 0)], vec![], "one"),
            (vec![style("style", 64, 96, 0.7, 0), style("style2", 72, 72, 0.3, 0)], vec![], "two"),
            (
                vec![style("style", 64, 96, 1.0, 0), style("style2", 72, 72, 1.0, 1)],
                vec![left.clone(), right.clone()],
                "masks",
            ),
        ] {
            let target = target(&model, &content, &styles, masks, [0.0, 1.0, 0.0]);
            let wanted =
                |what: &str| array_of("transport.safetensors", &format!("{pool}/{name}/{what}"));
            let mut ways = vec![("two passes", in_passes(&model, &target, 112))];
            if model.is_one_graph() {
                ways.push(("one graph", Objective::whole(&model, &target).unwrap()));
            }
            for (way, mut objective) in ways {
                let (losses, gradient) = objective.evaluate(&image, &Cancel::new()).unwrap();
                let apart = difference(&gradient, &balanced(&wanted("gradient")));
                let loss = balanced(&wanted("loss"))[0];
                near(losses.style, loss, &format!("{pool} {name} {way}"));
                assert!(apart < 1e-4, "{pool} {name} {way}: {apart}");
            }
        }
    }
}

/// In two passes over the whole picture and over tiles, and in one graph where the processor runs
/// it.
#[test]
fn a_slim_networks_losses_and_gradients_are_those_of_automatic_differentiation() {
    let _alone = alone();
    let (content, image) = (picture("content", 112, 80), picture("image", 112, 80));
    let left: Vec<f32> = array("mask_left").into_iter().map(|v| v as f32).collect();
    let right: Vec<f32> = left.iter().map(|v| 1.0 - v).collect();
    let [one, other] = [("style", 64, 96), ("style2", 72, 72)];
    let view = |(name, width, height), group| style(name, width, height, 1.0, group);
    for (pooling, pool) in poolings() {
        for (loss, by) in [(StyleLoss::Gram, "by_gram"), (StyleLoss::Wasserstein, "by_transport")] {
            let model = slim_model(pooling, loss);
            for (styles, masks, name) in [
                (vec![view(one, 0)], vec![], "one"),
                (vec![view(one, 0), view(other, 1)], vec![left.clone(), right.clone()], "masks"),
            ] {
                let target = target(&model, &content, &styles, masks, [1.0, 30.0, 0.0]);
                let place = format!("{pool}/{by}/{name}");
                let wanted =
                    |what: &str| array_of("slim-losses.safetensors", &format!("{place}/{what}"));
                let two_passes = in_passes(&model, &target, 112);
                let mut ways =
                    vec![("two passes", two_passes), ("tiles", in_passes(&model, &target, 48))];
                if model.is_one_graph() {
                    ways.push(("one graph", Objective::whole(&model, &target).unwrap()));
                }
                for (way, mut objective) in ways {
                    let (losses, gradient) = objective.evaluate(&image, &Cancel::new()).unwrap();
                    near(losses.content, wanted("content_loss")[0], &format!("{place} {way}"));
                    near(losses.style, wanted("style_loss")[0], &format!("{place} {way}"));
                    let apart = difference(&gradient, &wanted("gradient"));
                    println!("{place} {way}: off by {apart:e}");
                    assert!(apart < 1e-4, "{place} {way}: {apart}");
                }
            }
        }
    }
}

/// How far ten steps may be off those in double precision: each loss by a share of it, and the
/// middle one of all distances between values of the pictures.
///
/// Rounding alone takes them apart, on every processor. Where two of four pooled values, or a value
/// and ReLU's zero, are as good as equal, it decides which way the gradient goes; Adam divides by
/// the gradient's size, so a step that a gradient of next to nothing decides is as long as any
/// (0.02); and the next steps start from there. A few values end far off, by up to 0.02, and they
/// weigh on any mean. The middle one of them does not follow them.
///
/// The bounds lie between what rounding does and what the least fault of Adam does. From starts that
/// are moved by 2e-7 the losses come to within 4.2e-4 (of maximum pooling) and 1.2e-4 (average),
/// middle distances to 2.2e-4 and 7.3e-5. A decay of 0.91 for 0.9, a rate 1 % too high, no clamping:
/// the least middle distance of all these is 7.8e-4 and 4.9e-4; of an epsilon of 1e-7 for 1e-8 it is
/// 7.9e-4 and 1.9e-4.
const fn apart_after_ten_steps(pooling: Pooling) -> [f64; 2] {
    match pooling {
        Pooling::Max => [2e-3, 4.5e-4],
        Pooling::Average => [3e-4, 1.3e-4],
    }
}

#[test]
fn ten_steps_of_adam_are_those_in_double_precision() {
    let _alone = alone();
    let content = picture("content", 112, 80);
    for (pooling, pool) in poolings() {
        let model = model(pooling);
        let styles = [style("style", 64, 96, 1.0, 0)];
        let target = target(&model, &content, &styles, Vec::new(), WEIGHTS);
        let zero = || Moments::zero(content.values.len()).unwrap();
        let mut on_device = Adam::in_graph(&model, &target, content.clone(), zero(), 0.02).unwrap();
        let objective = Objective::whole(&model, &target).unwrap();
        let mut on_host = Adam::on_host(objective, content.clone(), zero(), 0.02);
        let [of_losses, of_values] = apart_after_ten_steps(pooling);
        for wanted in array_of("adam.safetensors", &format!("{pool}/losses")) {
            for adam in [&mut on_device, &mut on_host] {
                let found = f64::from(adam.step(&Cancel::new()).unwrap().total);
                assert!((found - wanted).abs() < of_losses * wanted, "{pool}: {found} {wanted}");
            }
        }
        let wanted = array_of("adam.safetensors", &format!("{pool}/image"));
        for adam in [&on_device, &on_host] {
            let image = adam.image().unwrap().values;
            let apart = image.iter().zip(&wanted).map(|(f, w)| (f64::from(*f) - w).abs());
            let mut apart: Vec<_> = apart.collect();
            apart.sort_by(f64::total_cmp);
            let middle = apart[apart.len() / 2];
            println!("{pool}: the middle distance is {middle}");
            assert!(middle < of_values, "{pool}: {middle}");
        }
    }
}

/// Tiles of `side` pixels from `offset` on, with `reach` pixels around each.
fn grid(width: u32, height: u32, side: u32, offset: u32, reach: i64) -> Vec<Tile> {
    let spans = |length: u32| -> Vec<Span> {
        let mut edges = vec![0];
        edges.extend((offset..length).step_by(side as usize).filter(|edge| *edge > 0));
        edges.push(length);
        edges
            .windows(2)
            .map(|edge| Span {
                start: edge[0],
                end: edge[1],
                seen_start: (i64::from(edge[0]) - reach).max(0),
                seen_end: (i64::from(edge[1]) + reach).min(i64::from(length)),
            })
            .collect()
    };
    let columns = spans(width);
    spans(height).iter().flat_map(|&y| columns.iter().map(move |&x| Tile { x, y })).collect()
}

#[test]
fn tiles_of_any_size_and_offset_give_the_whole_gradient() {
    let _alone = alone();
    let enlarged = |name: &str| picture(name, 112, 80).into_resized(512, 384).unwrap();
    let (content, image) = (enlarged("content"), enlarged("image"));
    for (pooling, loss, cuts) in [
        (Pooling::Max, StyleLoss::Gram, &[(128, 0), (192, 104)][..]),
        (Pooling::Average, StyleLoss::Gram, &[(128, 72), (192, 0)][..]),
        (Pooling::Average, StyleLoss::Matching, &[(128, 40), (192, 8)][..]),
    ] {
        let model = model_by(pooling, loss);
        let styles = [style("style", 64, 96, 1.0, 0)];
        let target = target(&model, &content, &styles, Vec::new(), WEIGHTS);
        let mut whole = Objective::whole(&model, &target).unwrap();
        let (losses, gradient) = whole.evaluate(&image, &Cancel::new()).unwrap();
        let gradient: Vec<f64> = gradient.into_iter().map(f64::from).collect();
        let spec = model.spec(0).unwrap();
        for &(side, offset) in cuts {
            let tiles = |reach: usize| grid(512, 384, side, offset, reach as i64);
            let (reach, gradient_reach) = (tiles(spec.reach()), tiles(spec.gradient_reach()));
            let mut tiled = Objective::tiled(&model, &target, reach, gradient_reach).unwrap();
            let (found, parts) = tiled.evaluate(&image, &Cancel::new()).unwrap();
            near(found.total, f64::from(losses.total), "total");
            let apart = difference(&parts, &gradient);
            assert!(apart < 1e-4, "{loss:?}: {side} from {offset}: {apart}");
        }
    }
}

/// What is a style's own is found in it, wherever a mask takes it.
#[test]
fn matches_of_a_style_with_itself_are_itself() {
    let _alone = alone();
    let (content, other) = (picture("content", 112, 80), picture("style", 64, 96));
    let model = model_by(Pooling::Average, StyleLoss::Matching);
    let view = |image: &Planes, weight, group| {
        let seen = Seen::Picture { image: image.clone(), region: None };
        StyleView { seen, weight, group }
    };
    let left: Vec<f32> = (0..80 * 112).map(|k| f32::from(k % 112 < 56)).collect();
    let right = left.iter().map(|v| 1.0 - v).collect();
    let losses = |styles: &[StyleView], masks: Vec<Vec<f32>>| {
        let target = target(&model, &content, styles, masks, WEIGHTS);
        Objective::whole(&model, &target).unwrap().evaluate(&content, &Cancel::new()).unwrap()
    };
    let (alone, _) = losses(&[view(&content, 1.0, 0)], Vec::new());
    assert!(alone.style < 1e-5, "{alone:?}");
    // On the other half it is not looked for.
    let styles = [view(&content, 1.0, 0), view(&other, 3.0, 1)];
    let (halved, _) = losses(&styles, vec![left, right]);
    assert!(halved.style > 0.1, "{halved:?}");
}
