//! `impasto graph`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use impasto::onnx::{GraphProto, ModelProto};
use prost::Message;

use crate::common::network::{self, packed};
use crate::common::program::{Ran, impasto, run};
use crate::{folder, names};

fn graph(out: &Path, arguments: &[&str]) -> Ran {
    run(impasto().arg("graph").arg("--out").arg(out).args(arguments))
}

fn written(folder: &Path, arguments: &[&str]) -> GraphProto {
    let out = folder.join("step.onnx");
    let text = graph(&out, arguments).silently().text();
    assert!(text.contains("step.onnx"), "{text}");
    let model = ModelProto::decode(&fs::read(&out).unwrap()[..]).unwrap();
    assert!(!model.opset_import.is_empty());
    model.graph.unwrap()
}

fn inputs(graph: &GraphProto) -> BTreeSet<String> {
    graph.input.iter().map(|value| value.name().to_owned()).collect()
}

fn outputs(graph: &GraphProto) -> BTreeSet<String> {
    graph.output.iter().map(|value| value.name().to_owned()).collect()
}

fn count(graph: &GraphProto, operator: &str) -> usize {
    graph.node.iter().filter(|node| node.op_type() == operator).count()
}

#[test]
fn the_step_holds_features_losses_gradient_and_adam() {
    let folder = folder();
    let graph = written(folder.path(), &[]);
    assert_eq!(names(folder.path()), ["step.onnx"]);
    for input in ["image", "moment1", "moment2", "adam", "weights", "content_block4_conv2"] {
        assert!(inputs(&graph).contains(input), "{input}");
    }
    for block in 1..=4 {
        assert!(inputs(&graph).contains(&format!("gram_0_block{block}_conv1")));
    }
    let wanted = ["losses", "image_next", "moment1_next", "moment2_next"];
    assert_eq!(outputs(&graph), wanted.map(str::to_owned).into());
    // Nine convolutions forward, up to block4_conv2, and as many backward.
    let backward = count(&graph, "ConvTranspose");
    assert!(count(&graph, "Conv") + backward >= 18, "{}", count(&graph, "Conv"));
    assert_eq!(count(&graph, "Sqrt"), 1);
    // In the order in which they run, and everything that is used is there.
    let mut known = inputs(&graph);
    known.extend(graph.initializer.iter().map(|tensor| tensor.name().to_owned()));
    for node in &graph.node {
        for name in node.input.iter().filter(|name| !name.is_empty()) {
            assert!(known.contains(name), "{name} is used before it is there");
        }
        known.extend(node.output.iter().cloned());
    }
    assert!(outputs(&graph).is_subset(&known));
    assert!(graph.doc_string().contains("block4_conv2"), "{}", graph.doc_string());
}

#[test]
fn pooling_layers_and_masks_change_the_graph() {
    let folder = folder();
    let plain = written(folder.path(), &[]);
    let maximum = written(folder.path(), &["--pooling", "max"]);
    assert_eq!((count(&plain, "MaxPool"), count(&plain, "AveragePool")), (0, 3));
    assert_eq!((count(&maximum, "MaxPool"), count(&maximum, "AveragePool")), (3, 0));

    let layers = ["--style-layers", "block1_conv2,block2_conv2:0.5"];
    let shallow =
        written(folder.path(), &[&layers[..], &["--content-layers", "block2_conv1"]].concat());
    let named = inputs(&shallow);
    assert!(named.contains("gram_0_block1_conv2") && named.contains("content_block2_conv1"));
    assert!(!named.contains("gram_0_block1_conv1") && !named.contains("content_block4_conv2"));
    assert!(count(&shallow, "Conv") < count(&plain, "Conv"));

    let guided = written(folder.path(), &["--masks", "2"]);
    for name in ["mask_0", "mask_1", "gram_0_block1_conv1", "gram_1_block1_conv1"] {
        assert!(inputs(&guided).contains(name), "{name}");
    }
    assert!(!inputs(&guided).contains("mask_2") && !inputs(&plain).contains("mask_0"));
}

#[test]
fn a_network_of_ones_own_is_taken() {
    let folder = folder();
    let features = folder.path().join("vgg19.safetensors");
    let weights = network::random(&network::VGG19[..3]);
    fs::write(&features, packed(&network::torchvision(&weights))).unwrap();
    let features = features.to_str().unwrap();
    let deepest = ["--content-layers", "block3_conv4", "--style-layers", "block3_conv4"];
    let arguments = [&["--features", features][..], &deepest].concat();
    let graph = written(folder.path(), &arguments);
    assert!(inputs(&graph).contains("content_block3_conv4"));
}

#[test]
fn what_cannot_be_built_is_refused_and_leaves_nothing() {
    let folder = folder();
    let out = folder.path().join("step.onnx");
    for layer in ["conv4_2", "block1_conv3", "block6_conv1", "block1_conv1:x"] {
        graph(&out, &["--content-layers", layer]).failed_with(2, &["block"]);
    }
    graph(&out, &["--style-layers", "block1_conv1,block1_conv1"]).failed_with(2, &["twice"]);
    graph(&out, &["--style-layers", "block1_conv1:1e30"]).failed_with(2, &["0 to 1000000"]);
    graph(&out, &["--style-layers", "block3_conv4"]).failed_with(1, &["block3_conv4", "import"]);
    let none = ["--style-layers", "block1_conv1:0", "--content-layers", "block1_conv1:0"];
    graph(&out, &none).failed_with(2, &["without a content or style layer"]);
    graph(&out, &["--pooling", "median"]).failed_with(2, &["max, average"]);
    graph(&out, &["--masks", "17"]).failed_with(2, &["masks"]);
    graph(&out, &["--features", "vgg11"]).failed_with(1, &["vgg11"]);
    graph(&out, &["--style-weight", "3"]).failed_with(2, &["--style-weight"]);
    run(impasto().arg("graph")).failed_with(2, &["--out"]);
    let nowhere = folder.path().join("nowhere/step.onnx");
    graph(&nowhere, &[]).failed_with(1, &["cannot write the graph to", "nowhere"]);
    assert!(names(folder.path()).is_empty());
}
