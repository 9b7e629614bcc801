//! Networks that the user brings.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/mod.rs"]
mod common;

mod hostile;

use std::fs;
use std::path::{Path, PathBuf};

use common::pictures::{RGB_F32, drawn, pixels, scene};
use common::{canvas, engine, root, scratch, settings};
use impasto::fast::{PerStyle, PictureFormat};
use impasto::graph::{Attribute, GraphBuilder};
use impasto::image::{ColorSpace, Picture};
use impasto::job::Cancel;
use impasto::models::{ChannelOrder, sha256_hex};
use impasto::{Engine, ErrorKind, Request, Result, Settings};
use tempfile::TempDir;

const BYTES: PictureFormat =
    PictureFormat { value_range: [0.0, 255.0], channel_order: ChannelOrder::Rgb, size_multiple: 1 };

/// Each output channel takes these parts of the input's, from the pixel on the left and its own,
/// plus an offset.
const LEFT: [[f32; 3]; 3] = [[0.0, 0.3, 0.0], [0.1, 0.0, 0.2], [0.0, 0.0, 0.25]];
const OWN: [[f32; 3]; 3] = [[0.0, 0.6, 0.0], [0.0, 0.2, 0.4], [0.7, 0.0, 0.0]];
const OFFSET: [f32; 3] = [10.0, 60.0, -20.0];

/// A network as the model zoo's: declared for 224x224, 0..255 in and out.
fn network() -> Vec<u8> {
    let mut weights = Vec::new();
    for to in 0..3 {
        for from in 0..3 {
            weights.extend([0.0, 0.0, 0.0, LEFT[to][from], OWN[to][from], 0.0, 0.0, 0.0, 0.0]);
        }
    }
    let mut graph = GraphBuilder::new("mixes colours");
    graph.input("picture", &[Some(1), Some(3), Some(224), Some(224)]);
    graph.constant("weights", &[3, 3, 3, 3], &weights);
    graph.constant("offset", &[3], &OFFSET);
    graph.constant("black", &[], &[0.0]);
    graph.constant("white", &[], &[255.0]);
    let pads = [("pads", Attribute::Ints(&[1, 1, 1, 1]))];
    graph.node("Conv", "mixed", &["picture", "weights", "offset"], &pads);
    graph.node("Clip", "painted", &["mixed", "black", "white"], &[]);
    graph.output("painted", &[Some(1), Some(3), Some(224), Some(224)]);
    graph.finish()
}

/// A network that halves its picture, then doubles it: sides that are not even become shorter.
fn halving(times: i64) -> Vec<u8> {
    let mut graph = GraphBuilder::new("halves and doubles");
    graph.input("picture", &[Some(1), Some(3), Some(224), Some(224)]);
    let window = [
        ("kernel_shape", Attribute::Ints(&[times, times])),
        ("strides", Attribute::Ints(&[times, times])),
    ];
    graph.node("AveragePool", "small", &["picture"], &window);
    graph.constant("scales", &[4], &[1.0, 1.0, times as f32, times as f32]);
    graph.node(
        "Resize",
        "painted",
        &["small", "", "scales"],
        &[("mode", Attribute::Text("nearest"))],
    );
    graph.output("painted", &[Some(1), Some(3), Some(224), Some(224)]);
    graph.finish()
}

/// What the first network makes of a pixel, in 0..1.
fn mixed(left: [f32; 4], own: [f32; 4], reversed: bool) -> [f32; 3] {
    let order = |pixel: [f32; 4]| {
        let rgb = [pixel[0], pixel[1], pixel[2]];
        if reversed { [rgb[2], rgb[1], rgb[0]] } else { rgb }
    };
    let (left, own) = (order(left), order(own));
    let out: [f32; 3] = std::array::from_fn(|to| {
        let sum: f32 = (0..3).map(|k| LEFT[to][k] * left[k] + OWN[to][k] * own[k]).sum();
        (sum + OFFSET[to] / 255.0).clamp(0.0, 1.0)
    });
    if reversed { [out[2], out[1], out[0]] } else { out }
}

fn saved(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let path = folder.path().join("mix.onnx");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn manifest(file: &str, sha256: &str, order: &str) -> String {
    format!(
        "[[network]]\nname = \"mix\"\ntask = \"per-style\"\nfile = \"{file}\"\n\
         sha256 = \"{sha256}\"\nvalue_range = [0.0, 255.0]\nchannel_order = \"{order}\"\n\
         size_multiple = 1\nlicence = \"CC0\"\nsource = \"a test\"\n"
    )
}

/// Strokes at the network's own size and nothing added to the picture.
fn plain() -> Settings {
    settings(|s| (s.fast.brush_size, s.fast.turbulence) = (1.0, 0.0))
}

fn try_paint(picture: &Picture, network: &PerStyle) -> Result<Picture> {
    try_paint_by(engine(), picture, network)
}

fn try_paint_by(engine: &Engine, picture: &Picture, network: &PerStyle) -> Result<Picture> {
    let (width, height) = (picture.width(), picture.height());
    let mut painted = Picture::new(width, height, RGB_F32, ColorSpace::Srgb)?;
    let (settings, cancel) = (plain(), Cancel::new());
    let mut output = painted.view_mut();
    let canvas = canvas(picture, None, &mut output);
    let report = engine.paint(Request::new(canvas, network.into(), &settings, &cancel), &())?;
    assert_eq!((report.method, report.tiles), ("network", 1));
    Ok(painted)
}

fn assert_mixed(original: &Picture, painted: &Picture, reversed: bool, tolerance: f32) {
    let width = original.width() as usize;
    let (from, to) = (pixels(original), pixels(painted));
    for (k, to) in to.iter().enumerate().filter(|(k, _)| k % width > 0) {
        let expected = mixed(from[k - 1], from[k], reversed);
        for channel in 0..3 {
            let difference = (to[channel] - expected[channel]).abs();
            assert!(difference < tolerance, "pixel {k}: {to:?} is not {expected:?}");
        }
    }
}

fn refusal(path: &Path, format: Option<PictureFormat>) -> String {
    let error = engine().open_network(path, format).err().expect("the network was taken");
    assert_eq!(error.kind(), ErrorKind::Model);
    let message = error.full_message();
    assert!(message.contains(path.file_name().unwrap().to_str().unwrap()), "{message}");
    message
}

#[test]
fn a_network_declared_for_224_paints_every_size_as_it_computes() {
    let (_folder, path) = saved(&network());
    let network = engine().open_network(&path, Some(BYTES)).unwrap();
    for (width, height) in [(224, 224), (301, 157), (63, 400), (1, 1)] {
        let picture = drawn(width, height, RGB_F32, scene);
        let painted = try_paint(&picture, &network).unwrap();
        assert_mixed(&picture, &painted, false, 1e-4);
    }
}

#[test]
fn blue_first_is_blue_first_both_ways() {
    let (_folder, path) = saved(&network());
    let format = PictureFormat { channel_order: ChannelOrder::Bgr, ..BYTES };
    let network = engine().open_network(&path, Some(format)).unwrap();
    let picture = drawn(150, 110, RGB_F32, scene);
    let painted = try_paint(&picture, &network).unwrap();
    assert_mixed(&picture, &painted, true, 1e-4);
}

#[test]
fn another_range_scales_the_numbers() {
    let (_folder, path) = saved(&network());
    let format = PictureFormat { value_range: [0.0, 510.0], ..BYTES };
    let network = engine().open_network(&path, Some(format)).unwrap();
    let gray = drawn(64, 64, RGB_F32, |_, _| [0.4, 0.4, 0.4, 1.0]);
    let painted = pixels(&try_paint(&gray, &network).unwrap());
    // 0.4 is 204 there; 0.9 of it and 10 more come back out of 510.
    let expected = (204.0 * 0.9 + 10.0) / 510.0;
    assert!((painted[40 * 64 + 30][0] - expected).abs() < 1e-4, "{:?}", painted[40 * 64 + 30]);
}

#[test]
fn sides_are_made_multiples_and_cut_again() {
    let (_folder, path) = saved(&halving(32));
    let picture = drawn(203, 77, RGB_F32, |_, y| [0.2, y as f32 / 77.0, 0.7, 1.0]);
    let format = PictureFormat { size_multiple: 32, ..BYTES };
    let network = engine().open_network(&path, Some(format)).unwrap();
    let painted = try_paint(&picture, &network).unwrap();
    assert_eq!((painted.width(), painted.height()), (203, 77));
    for pixel in pixels(&painted) {
        assert!((pixel[0] - 0.2).abs() < 1e-4 && (pixel[2] - 0.7).abs() < 1e-4, "{pixel:?}");
    }
    // Each block of 32 has one colour: the picture's own corner lies at a block's corner.
    let rows: Vec<f32> = pixels(&painted).chunks_exact(203).map(|row| row[100][1]).collect();
    assert!(rows[..32].iter().all(|v| (v - 15.5 / 77.0).abs() < 1e-3), "{rows:?}");

    // Said to take any size, it gives back another: that is told, not painted.
    let network = engine().open_network(&path, Some(BYTES)).unwrap();
    let error = try_paint(&picture, &network).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Model);
    assert!(error.full_message().contains("size multiple"), "{}", error.full_message());
}

#[test]
fn a_manifest_beside_the_network_describes_it() {
    let bytes = network();
    let (folder, path) = saved(&bytes);
    let picture = drawn(100, 80, RGB_F32, scene);
    for (name, order) in [("mix.toml", "rgb"), ("manifest.toml", "bgr")] {
        let manifest_path = folder.path().join(name);
        fs::write(&manifest_path, manifest("mix.onnx", &sha256_hex(&bytes), order)).unwrap();
        let network = engine().open_network(&path, None).unwrap();
        let painted = try_paint(&picture, &network).unwrap();
        assert_mixed(&picture, &painted, order == "bgr", 1e-4);
        fs::remove_file(manifest_path).unwrap();
    }
}

#[test]
fn a_network_that_nothing_describes_is_refused_with_the_cure() {
    let bytes = network();
    let (folder, path) = saved(&bytes);
    assert!(refusal(&path, None).contains("mix.toml"));
    // A description of another file is none.
    let other = manifest("other.onnx", &sha256_hex(&bytes), "rgb");
    fs::write(folder.path().join("mix.toml"), other).unwrap();
    assert!(refusal(&path, None).contains("nothing describes it"));
}

#[test]
fn a_network_that_is_not_the_one_described_is_refused() {
    let bytes = network();
    let (folder, path) = saved(&bytes);
    let wrong = manifest("mix.onnx", &sha256_hex(b"another"), "rgb");
    fs::write(folder.path().join("mix.toml"), wrong).unwrap();
    assert!(refusal(&path, None).contains("SHA-256"));
}

#[test]
fn files_and_networks_of_other_kinds_are_refused() {
    let (_folder, text) = saved(b"no network at all");
    refusal(&text, Some(BYTES));
    let (_folder, empty) = saved(b"");
    refusal(&empty, Some(BYTES));
    let bytes = network();
    let (_folder, half) = saved(&bytes[..bytes.len() / 2]);
    refusal(&half, Some(BYTES));
    let (_folder, missing) = saved(b"");
    refusal(&missing.with_file_name("missing.onnx"), Some(BYTES));
    for name in ["style.onnx", "stylize.onnx", "render.onnx", "faces.onnx"] {
        let words = refusal(&root().join("models").join(name), Some(BYTES));
        assert!(words.contains("not one picture"), "{words}");
    }
}

#[test]
fn descriptions_that_make_no_sense_are_refused() {
    let (_folder, path) = saved(&network());
    for format in [
        PictureFormat { value_range: [1.0, 1.0], ..BYTES },
        PictureFormat { value_range: [255.0, 0.0], ..BYTES },
        PictureFormat { value_range: [0.0, f32::NAN], ..BYTES },
        PictureFormat { size_multiple: 0, ..BYTES },
        PictureFormat { size_multiple: 100_000, ..BYTES },
    ] {
        let error = engine().open_network(&path, Some(format)).err().expect("it was taken");
        assert_eq!(error.kind(), ErrorKind::Argument);
    }
}

#[test]
fn a_network_that_returns_no_numbers_is_told() {
    let mut graph = GraphBuilder::new("divides by nothing");
    graph.input("picture", &[Some(1), Some(3), None, None]);
    graph.constant("nothing", &[], &[0.0]);
    graph.node("Mul", "zero", &["picture", "nothing"], &[]);
    graph.node("Div", "painted", &["zero", "zero"], &[]);
    graph.output("painted", &[Some(1), Some(3), None, None]);
    let (_folder, path) = saved(&graph.finish());
    let network = engine().open_network(&path, Some(BYTES)).unwrap();
    let error = try_paint(&drawn(40, 40, RGB_F32, scene), &network).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Model);
}
