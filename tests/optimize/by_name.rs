//! Styles whose pictures are not there: shipped ones, and those that the user added.

use std::path::Path;

use half::f16;
use impasto::canvas::KeepColor;
use impasto::optimize::{OptimizeOptions, Pooling, StyleLoss, StylePart, StyleStatistics};
use impasto::{Error, ErrorKind};

use crate::common::network::{self, VGG19, packed};
use crate::common::pictures::{
    RGB_F32, RGBA_F32, drawn, example, mean_color, mean_difference, photo_part, pixels, scene,
};
use crate::common::{engine, root, scratch};
use crate::{changed, course, final_losses, layers, optimize, part_of, refusal, shallow, style};

const SHIPPED: [&str; 10] = [
    "composition-vii",
    "delaunay",
    "great-wave",
    "ink",
    "mosaic",
    "starry-night",
    "tableau-no-2",
    "the-scream",
    "water-lilies",
    "woodcut",
];

fn shipped(name: &str) -> StyleStatistics {
    engine().styles().unwrap().statistics(name).unwrap()
}

fn measured(picture: &impasto::image::Picture) -> StyleStatistics {
    let cancel = impasto::job::Cancel::new();
    engine().style_statistics(picture, "own", impasto::Job::silent(&cancel)).unwrap()
}

/// The style scale at which a square photograph of 128 pixels, with its margin of 8, looks at
/// styles at a size that they were measured at.
const AT_240: f32 = 240.0 / 144.0;

#[test]
fn a_shipped_style_says_what_its_picture_says() {
    let (photo, picture, mosaic) =
        (photo_part(200, 150, 128, 128), example("styles/mosaic.png"), shipped("mosaic"));
    for (pooling, features, apart) in [
        (Pooling::Max, "vgg16", 0.01),
        (Pooling::Average, "vgg16", 0.01),
        (Pooling::Average, "auto", 0.02),
    ] {
        let options = OptimizeOptions {
            pooling,
            features: features.to_owned(),
            style_scale: AT_240,
            iterations: 6,
            ..OptimizeOptions::default()
        };
        let (by_picture, expected) = optimize(&photo, &[style(&picture)], &options);
        let (by_name, report) = optimize(&photo, &[(&mosaic).into()], &options);
        let (expected, found) = (final_losses(&expected), final_losses(&report));
        let difference = mean_difference(&by_picture, &by_name);
        println!("{pooling:?}, {features}: {expected:?} {found:?}, {difference} apart");
        assert_eq!(report.scales[0].size, [144, 144]);
        for (expected, found) in [
            (expected.style, found.style),
            (expected.content, found.content),
            (expected.total, found.total),
        ] {
            assert!((found / expected - 1.0).abs() < 0.02, "{expected} {found}");
        }
        assert!(difference < apart);
    }
}

/// VGG16 up to block2_conv1, of whose channels it has every second one, as a slim network's file.
fn halved() -> Vec<u8> {
    let mut network = engine().feature_networks().unwrap().find("vgg16").unwrap();
    network.convolutions.truncate(3);
    let last = &mut network.convolutions[2];
    let size = last.weight.len() / last.bias.len();
    last.bias = last.bias.iter().step_by(2).copied().collect();
    last.weight = last.weight.chunks(2 * size).flat_map(|two| two[..size].to_vec()).collect();
    for (convolution, every) in network.convolutions.iter_mut().zip([1, 1, 2]) {
        let channels = convolution.layer.channels();
        let at = |k: usize| f16::from(u8::from(k / channels * every == k % channels));
        let count = convolution.outputs() * channels;
        convolution.projection = Some((0..count).map(at).collect());
    }
    network.slim_of = Some(network.sha256.clone());
    network.to_bytes().unwrap()
}

#[test]
fn a_slim_network_knows_what_was_measured_through_the_whole_one() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let path = folder.path().join("halved.safetensors");
    std::fs::write(&path, halved()).unwrap();
    let features = path.to_str().unwrap().to_owned();
    let (photo, picture, mosaic) =
        (photo_part(200, 150, 128, 128), example("styles/mosaic.png"), shipped("mosaic"));
    for style_loss in [StyleLoss::Gram, StyleLoss::Wasserstein] {
        let options = OptimizeOptions {
            features: features.clone(),
            style_loss,
            style_scale: AT_240,
            content_layers: layers(&["block2_conv1"]),
            ..shallow(6)
        };
        let (by_picture, expected) = optimize(&photo, &[style(&picture)], &options);
        let (by_name, report) = optimize(&photo, &[(&mosaic).into()], &options);
        let (expected, found) = (final_losses(&expected), final_losses(&report));
        println!("{style_loss:?}: {expected:?} {found:?}");
        assert!((found.total / expected.total - 1.0).abs() < 0.02, "{expected:?} {found:?}");
        assert!(mean_difference(&by_picture, &by_name) < 0.01);
    }
    // One that stands for another network does not know them.
    let stranger = network::slim(&network::random(&[2, 2]));
    let path = folder.path().join("stranger.safetensors");
    std::fs::write(&path, network::packed_slim(&stranger, &"0".repeat(64))).unwrap();
    let features = path.to_str().unwrap().to_owned();
    let error = refusal(&photo, &[(&mosaic).into()], &OptimizeOptions { features, ..shallow(1) });
    assert_eq!(error.kind(), ErrorKind::Style, "{}", error.full_message());
    assert!(error.full_message().contains("another feature network"), "{}", error.full_message());
}

#[test]
fn every_shipped_style_can_be_optimised_in() {
    let photo = photo_part(200, 150, 64, 48);
    let mut before: Vec<impasto::image::Picture> = Vec::new();
    for name in SHIPPED {
        let course = course(&photo, &[(&shipped(name)).into()], &shallow(8));
        let (first, last) = (course[0].0.total, course[7].0.total);
        assert!(last.is_finite() && last < 0.85 * first, "{name}: {first} {last}");
        let painted = &course[7].1;
        assert!(pixels(painted).iter().flatten().all(|v| (-0.01..=1.01).contains(v)), "{name}");
        assert!(before.iter().all(|other| mean_difference(other, painted) > 0.005), "{name}");
        before.push(painted.clone());
    }
}

#[test]
fn the_shipped_styles_are_small() {
    let size = |name| {
        let path = root().join("models/styles").join(name).with_extension("safetensors");
        std::fs::metadata(path).unwrap().len()
    };
    assert!(SHIPPED.into_iter().map(size).sum::<u64>() <= 15_000_000);
}

#[test]
fn statistics_survive_their_file() {
    let statistics = measured(&example("styles/ink.png").reduced(96, 80).unwrap());
    let bytes = statistics.to_bytes().unwrap();
    let read = StyleStatistics::from_bytes("own", &bytes).unwrap();
    assert!(read == statistics);
    assert!(read.to_bytes().unwrap() == bytes);
}

#[test]
fn what_does_not_count_in_a_picture_is_not_measured() {
    let half = |hidden: f32| {
        drawn(96, 64, RGBA_F32, |x, y| {
            let [r, g, b, _] = scene(x, y);
            if x < 48 { [r, g, b, 1.0] } else { [hidden, 1.0 - hidden, hidden, 0.0] }
        })
    };
    let statistics = measured(&half(0.0));
    assert!(statistics == measured(&half(1.0)));
    // The picture itself, and what was measured of it, say the same.
    let photo = photo_part(200, 150, 128, 128);
    let options = OptimizeOptions { style_scale: 1.5, ..shallow(5) };
    let expected = final_losses(&optimize(&photo, &[style(&half(0.0))], &options).1).total;
    let found = final_losses(&optimize(&photo, &[(&statistics).into()], &options).1).total;
    assert!((found / expected - 1.0).abs() < 0.01, "{expected} {found}");
    let clear = drawn(64, 64, RGBA_F32, |_, _| [1.0, 0.5, 0.0, 0.0]);
    let cancel = impasto::job::Cancel::new();
    let error = engine().style_statistics(&clear, "own", impasto::Job::silent(&cancel));
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Style);
}

#[test]
fn the_smallest_and_flattest_pictures_can_be_measured() {
    let photo = photo_part(200, 150, 48, 40);
    for picture in [
        drawn(1, 1, RGB_F32, scene),
        drawn(2, 90, RGB_F32, scene),
        drawn(40, 40, RGB_F32, |_, _| [0.0, 0.0, 0.0, 1.0]),
    ] {
        let bytes = measured(&picture).to_bytes().unwrap();
        let statistics = StyleStatistics::from_bytes("own", &bytes).unwrap();
        let report = optimize(&photo, &[(&statistics).into()], &shallow(3)).1;
        assert!(final_losses(&report).total.is_finite());
    }
}

#[test]
fn masks_weights_and_pictures_go_with_styles_by_name() {
    let photo = photo_part(200, 150, 64, 64);
    let half = |left: bool| {
        drawn(
            64,
            64,
            RGB_F32,
            |x, _| if (x < 32) == left { [1.0; 4] } else { [0.0, 0.0, 0.0, 1.0] },
        )
    };
    let (left, right) = (half(true), half(false));
    let (scream, wave, ink) =
        (shipped("the-scream"), shipped("great-wave"), example("styles/ink.png"));
    let options = OptimizeOptions { style_weight: 300.0, ..shallow(12) };
    let warmth = |styles: &[StylePart<'_>]| {
        let painted = pixels(&optimize(&photo, styles, &options).0);
        [0..28, 36..64].map(|columns: std::ops::Range<usize>| {
            let seen = painted.iter().enumerate().filter(|(at, _)| columns.contains(&(at % 64)));
            let [red, _, blue] = mean_color(seen.map(|(_, pixel)| *pixel));
            red - blue
        })
    };
    let masked = |of_scream, of_wave| {
        warmth(&[
            StylePart { mask: Some(of_scream), ..(&scream).into() },
            StylePart { mask: Some(of_wave), ..(&wave).into() },
        ])
    };
    let ([left_first, right_first], [left_then, right_then]) =
        (masked(&left, &right), masked(&right, &left));
    assert!(left_first > left_then && right_first < right_then);

    let mixed = |weight| warmth(&[StylePart { weight, ..(&scream).into() }, (&wave).into()])[0];
    assert!(mixed(9.0) > mixed(0.1));
    let with_picture = |picture| optimize(&photo, &[picture, (&scream).into()], &options).0;
    let whole = with_picture(style(&ink));
    assert!(mean_difference(&whole, &with_picture(part_of(&ink, &left))) > 0.0);
}

#[test]
fn a_painting_by_name_gets_the_photographs_colours() {
    let photo = photo_part(200, 150, 64, 64);
    let options = OptimizeOptions { style_weight: 300.0, ..shallow(12) };
    let wave = shipped("great-wave");
    let painted = |keep_color| {
        let settings = changed(options.clone(), |s| s.finishing.keep_color = keep_color);
        pixels(&optimize(&photo, &[(&wave).into()], &settings).0)
    };
    let distance = |painted: Vec<[f32; 4]>| {
        let (painted, photo) = (mean_color(painted), mean_color(pixels(&photo)));
        (0..3).map(|k| (painted[k] - photo[k]).abs()).fold(0.0, f32::max)
    };
    let (free, matched) = (distance(painted(KeepColor::None)), distance(painted(KeepColor::Match)));
    println!("{free} {matched}");
    assert!(matched < 0.01 && free > 2.0 * matched, "{free} {matched}");
}

#[test]
fn what_was_not_measured_is_refused() {
    let photo = photo_part(200, 150, 48, 40);
    let ink = shipped("ink");
    let refused = |options: OptimizeOptions, statistics: &StyleStatistics, word: &str| {
        let error = refusal(&photo, &[statistics.into()], &options);
        assert_eq!(error.kind(), ErrorKind::Style);
        let words = error.full_message();
        assert!(words.contains("as a picture") && words.contains(word), "{words}");
    };
    let style_layers = layers(&["block1_conv1", "block2_conv2"]);
    refused(OptimizeOptions { style_layers, ..shallow(2) }, &ink, "block2_conv2");

    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let path = folder.path().join("other.safetensors");
    let weights = network::random(&VGG19[..2]);
    std::fs::write(&path, packed(&network::torchvision(&weights))).unwrap();
    let features = path.to_str().unwrap().to_owned();
    let other = OptimizeOptions { features, ..shallow(2) };
    refused(other.clone(), &ink, "feature network");
    // Without a style loss nothing is asked of the style.
    let only_content = OptimizeOptions { style_layers: Vec::new(), ..other };
    optimize(&photo, &[(&ink).into()], &only_content);

    let one = repacked("ink", |name| name.starts_with("max"));
    let one = StyleStatistics::from_bytes("one", &one).unwrap();
    let average = OptimizeOptions { pooling: Pooling::Average, ..shallow(2) };
    refused(average, &one, "average pooling");
}

/// The file of a shipped style with those tensors that are wanted.
fn repacked(name: &str, wanted: impl Fn(&str) -> bool) -> Vec<u8> {
    let bytes = std::fs::read(root().join("models/styles").join(format!("{name}.safetensors")));
    let bytes = bytes.unwrap();
    let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let tensors = file.tensors().into_iter().filter(|(name, _)| wanted(name));
    safetensors::serialize(tensors, header.metadata().clone()).unwrap()
}

#[test]
fn files_that_are_no_statistics_are_refused() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let sound = repacked("ink", |name| name.starts_with("max.240.block1_conv1"));
    assert!(StyleStatistics::from_bytes("ink", &sound).is_ok());
    let at_the_end = |bytes: &[u8]| {
        let mut changed = sound.clone();
        let from = changed.len() - bytes.len();
        changed[from..].copy_from_slice(bytes);
        changed
    };
    let without = |part: &str| {
        repacked("ink", |name| name.starts_with("max.240.block1_conv1") && !name.ends_with(part))
    };
    let network = std::fs::read(root().join("models/vgg16-features.safetensors")).unwrap();
    let renamed = |from: &str, to: &str| {
        let at = sound.windows(from.len()).position(|part| part == from.as_bytes()).unwrap();
        let mut changed = sound.clone();
        changed[at..at + to.len()].copy_from_slice(to.as_bytes());
        changed
    };
    for (what, word, bytes) in [
        ("empty", "truncated", Vec::new()),
        ("cut", "truncated", sound[..sound.len() - 9].to_vec()),
        ("cut in the header", "truncated", sound[..40].to_vec()),
        ("text", "truncated", b"name = \"ink\"".to_vec()),
        ("a network", "features_sha256", network),
        ("not a number", "finite", at_the_end(&f16_bytes(f32::NAN))),
        ("impossible", "no such ones", at_the_end(&f16_bytes(2.0))),
        ("no means", "no such ones", without("mean")),
        ("no correlations", "no such ones", without("correlation")),
        (
            "another layer",
            "no such ones",
            renamed("240.block1_conv1.mean", "240.block2_conv1.mean"),
        ),
        (
            "no layer",
            "belongs to no style",
            renamed("240.block1_conv1.mean", "240.block9_conv1.mean"),
        ),
        ("nothing", "no statistics", repacked("ink", |_| false)),
    ] {
        let error = StyleStatistics::from_bytes("ink", &bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Style, "{what}");
        assert!(error.full_message().contains(word), "{what}: {}", error.full_message());
        let path = folder.path().join("ink.safetensors");
        std::fs::write(&path, &bytes).unwrap();
        let words = beside(&folder.path().join("ink.toml")).full_message();
        assert!(words.contains("as a picture") && words.contains("ink.safetensors"), "{words}");
    }
    let words = beside(&folder.path().join("none.toml")).full_message();
    assert!(words.contains("'none'") && words.contains("code alone"), "{words}");
}

fn beside(style: &Path) -> Error {
    StyleStatistics::beside(style).unwrap_err()
}

fn f16_bytes(value: f32) -> [u8; 2] {
    half::f16::from_f32(value).to_le_bytes()
}
