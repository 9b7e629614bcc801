//! Networks that mean harm, or whose makers made a mistake.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use impasto::graph::{Attribute, GraphBuilder};
use impasto::job::Cancel;
use impasto::onnx::{
    AttributeProto, GraphProto, ModelProto, NodeProto, StringStringEntryProto, TensorProto,
    TensorShapeProto, TensorType, TypeProto, ValueInfoProto, data_type,
};
use impasto::{Engine, EngineOptions, Error, ErrorKind, Request};
use prost::Message;

use crate::common::pictures::{RGB_F32, drawn, scene};
use crate::common::{canvas, engine, scratch};
use crate::{BYTES, network, plain, refusal, saved, try_paint_by};

/// An engine that a network may take 1 GiB of.
fn modest() -> Engine {
    let cache = Some(scratch().join("codes"));
    Engine::new(EngineOptions { memory: Some(1 << 30), cache, ..EngineOptions::default() })
}

/// A picture plus the mean of something large.
fn with_mean_of(large: impl FnOnce(&mut GraphBuilder)) -> Vec<u8> {
    let mut graph = GraphBuilder::new("wants much");
    graph.input("picture", &[Some(1), Some(3), None, None]);
    large(&mut graph);
    graph.node("ReduceMean", "mean", &["large"], &[("keepdims", Attribute::Int(0))]);
    graph.node("Add", "painted", &["picture", "mean"], &[]);
    graph.output("painted", &[Some(1), Some(3), None, None]);
    graph.finish()
}

#[test]
fn one_that_wants_more_memory_than_there_is_is_refused() {
    let at_once = with_mean_of(|graph| {
        let shape = graph.integers("shape", &[25_000_000_000]);
        graph.node("ConstantOfShape", "large", &[&shape], &[]);
    });
    let bit_by_bit = with_mean_of(|graph| {
        let shape = graph.integers("shape", &[75_000_000]);
        let parts: Vec<_> = (0..12)
            .map(|k| graph.node("ConstantOfShape", &format!("part {k}"), &[&shape], &[]))
            .collect();
        let parts: Vec<_> = parts.iter().map(String::as_str).collect();
        graph.node("Concat", "large", &parts, &[("axis", Attribute::Int(0))]);
    });
    let by_scale = with_mean_of(|graph| {
        graph.constant("scales", &[4], &[1.0, 1.0, 3000.0, 3000.0]);
        let nearest = [("mode", Attribute::Text("nearest"))];
        graph.node("Resize", "large", &["picture", "", "scales"], &nearest);
    });
    let by_shape = with_mean_of(|graph| {
        let shape = graph.integers("shape", &[100_000, 3, 64, 64]);
        graph.node("Expand", "large", &["picture", &shape], &[]);
    });
    let engine = modest();
    let picture = drawn(64, 64, RGB_F32, scene);
    for bytes in [at_once, bit_by_bit, by_scale, by_shape] {
        let (_folder, path) = saved(&bytes);
        let painted = engine
            .open_network(&path, Some(BYTES))
            .and_then(|network| try_paint_by(&engine, &picture, &network));
        let error: Error = painted.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Memory, "{}", error.full_message());
        assert!(error.full_message().contains("wants more memory"), "{}", error.full_message());
    }
    // Others still work.
    let (_folder, path) = saved(&network());
    let network = engine.open_network(&path, Some(BYTES)).unwrap();
    try_paint_by(&engine, &picture, &network).unwrap();
}

#[test]
fn one_whose_weights_lie_elsewhere_is_refused() {
    let entry = |key: &str, value: &str| StringStringEntryProto {
        key: Some(key.to_owned()),
        value: Some(value.to_owned()),
    };
    for (location, data_location) in
        [("../../../../etc/passwd", Some(1)), ("/etc/passwd", Some(1)), ("weights.bin", None)]
    {
        let mut model = ModelProto::decode(&network()[..]).unwrap();
        let graph = model.graph.as_mut().unwrap();
        graph.initializer[0].raw_data = None;
        graph.initializer[0].data_location = data_location;
        graph.initializer[0].external_data = vec![entry("location", location)];
        let (_folder, path) = saved(&model.encode_to_vec());
        let words = refusal(&path, Some(BYTES));
        assert!(words.contains(location) && words.contains("one file"), "{words}");
        // The same in a graph within the graph.
        let outside = model.graph.as_ref().unwrap().initializer[0].clone();
        let mut model = ModelProto::decode(&endless()[..]).unwrap();
        let body = model.graph.as_mut().unwrap().node[0].attribute[0].g.as_mut().unwrap();
        body.initializer.push(outside);
        let (_folder, path) = saved(&model.encode_to_vec());
        assert!(refusal(&path, Some(BYTES)).contains(location));
    }
}

/// A picture times 1, as often as there are numbers.
fn endless() -> Vec<u8> {
    let named = |name: &str, elem_type: i32, shape: Option<TensorShapeProto>| ValueInfoProto {
        name: Some(name.to_owned()),
        r#type: Some(TypeProto {
            tensor_type: Some(TensorType { elem_type: Some(elem_type), shape }),
        }),
    };
    let node = |operator: &str, inputs: &[&str], output: &str| NodeProto {
        op_type: Some(operator.to_owned()),
        input: inputs.iter().map(|&input| input.to_owned()).collect(),
        output: vec![output.to_owned()],
        ..NodeProto::default()
    };
    const BOOL: i32 = 9;
    let scalar = || Some(TensorShapeProto::default());
    let body = GraphProto {
        name: Some("body".to_owned()),
        input: vec![
            named("round", data_type::INT64, scalar()),
            named("go on", BOOL, scalar()),
            named("before", data_type::FLOAT, None),
        ],
        output: vec![named("goes on", BOOL, scalar()), named("after", data_type::FLOAT, None)],
        initializer: vec![TensorProto {
            name: Some("one".to_owned()),
            data_type: Some(data_type::FLOAT),
            float_data: vec![1.0],
            ..TensorProto::default()
        }],
        node: vec![
            node("Identity", &["go on"], "goes on"),
            node("Mul", &["before", "one"], "after"),
        ],
        ..GraphProto::default()
    };
    let mut graph = GraphBuilder::new("never ends");
    graph.input("picture", &[Some(1), Some(3), None, None]);
    graph.integers("rounds", &[1 << 62]);
    graph.node("Loop", "painted", &["rounds", "", "picture"], &[]);
    graph.output("painted", &[Some(1), Some(3), None, None]);
    let mut model = ModelProto::decode(&graph.finish()[..]).unwrap();
    let graph = model.graph.as_mut().unwrap();
    graph.initializer[0].dims.clear();
    graph.node[0].attribute = vec![AttributeProto {
        name: Some("body".to_owned()),
        g: Some(body),
        // A graph.
        r#type: Some(5),
        ..AttributeProto::default()
    }];
    model.encode_to_vec()
}

#[test]
fn one_that_never_ends_can_be_stopped() {
    let (_folder, path) = saved(&endless());
    let network = engine().open_network(&path, Some(BYTES)).unwrap();
    let picture = drawn(64, 64, RGB_F32, scene);
    let mut painted = picture.clone();
    let mut output = painted.view_mut();
    let (settings, cancel) = (plain(), Cancel::new());
    let request =
        Request::new(canvas(&picture, None, &mut output), (&network).into(), &settings, &cancel);
    thread::scope(|scope| {
        let ended = scope.spawn(|| engine().paint(request, &()).unwrap_err());
        thread::sleep(Duration::from_millis(500));
        assert!(!ended.is_finished());
        let asked = Instant::now();
        cancel.request();
        assert_eq!(ended.join().unwrap().kind(), ErrorKind::Cancelled);
        println!("stopped in {:?}", asked.elapsed());
    });
}

#[test]
fn what_is_no_file_is_refused() {
    for path in ["/dev/zero", "/dev"] {
        refusal(Path::new(path), Some(BYTES));
    }
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let large = folder.path().join("large.onnx");
    // No byte of it is on disk.
    fs::File::create(&large).unwrap().set_len(3 << 30).unwrap();
    assert!(refusal(&large, Some(BYTES)).contains("2 GiB"));
}
