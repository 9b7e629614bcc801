//! `impasto paint --network`.

use std::fs;

use impasto::file;
use impasto::graph::GraphBuilder;

use crate::common::example;
use crate::common::pictures::pixels;
use crate::common::program::{impasto, run};
use crate::folder;

/// A network as the model zoo's, declared for 224x224, that leaves out its first channel.
fn network() -> Vec<u8> {
    let mut graph = GraphBuilder::new("without the first channel");
    graph.input("picture", &[Some(1), Some(3), Some(224), Some(224)]);
    graph.constant("channels", &[1, 3, 1, 1], &[0.0, 1.0, 1.0]);
    graph.node("Mul", "painted", &["picture", "channels"], &[]);
    graph.output("painted", &[Some(1), Some(3), Some(224), Some(224)]);
    graph.finish()
}

#[test]
fn the_program_paints_with_it() {
    let folder = folder();
    let (path, out) = (folder.path().join("mix.onnx"), folder.path().join("out.png"));
    fs::write(&path, network()).unwrap();
    let photo = example("photo.png");
    let paint = |range: &[&str]| {
        let mut command = impasto();
        command.arg("paint").arg(&photo).arg("--network").arg(&path).args(range);
        command.args(["--brush-size", "1", "--turbulence", "0", "--out"]).arg(&out);
        run(&mut command)
    };
    paint(&[]).failed_with(1, &["mix.onnx", "--network-range"]);
    assert!(!out.exists());
    for (order, left_out) in [("bgr", 2), ("rgb", 0)] {
        paint(&["--network-range", "0..255", "--network-order", order]).silently();
        let [before, after] = [&photo, &out].map(|path| pixels(&file::read(path).unwrap()));
        for (before, after) in before.iter().zip(&after) {
            for channel in 0..3 {
                let expected = if channel == left_out { 0.0 } else { before[channel] };
                assert!((after[channel] - expected).abs() < 0.6 / 255.0, "{before:?} {after:?}");
            }
        }
    }
    paint(&["--network-range", "0,255"]).failed_with(2, &["--network-range"]);
    paint(&["--network-range", "0..255", "--strength", "1"]).failed_with(2, &["--strength"]);
}
