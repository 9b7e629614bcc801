//! Feature networks that users bring.

use std::fs;
use std::path::Path;

use impasto::ErrorKind;
use impasto::optimize::{OptimizeOptions, Optimizer, Pooling};
use impasto::vgg::FeatureLibrary;
use tempfile::TempDir;

use crate::common::network::{self, Tensors, VGG19, packed};
use crate::common::pictures::{example, photo_part};
use crate::common::{engine, scratch};
use crate::{final_losses, layers, optimize, refusal, shallow, style};

fn folder() -> TempDir {
    tempfile::tempdir_in(scratch()).unwrap()
}

fn saved(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A network's file is refused with these words, which name it.
fn assert_file_refused(what: &str, words: &str, bytes: &[u8]) {
    let folder = folder();
    let (photo, ink) = (photo_part(200, 150, 32, 32), example("styles/ink.png"));
    let features = saved(folder.path(), &format!("{what}.safetensors"), bytes);
    let options = OptimizeOptions { features: features.clone(), ..shallow(1) };
    let error = refusal(&photo, &[style(&ink)], &options);
    let text = error.full_message();
    println!("{what}: {text}");
    assert_eq!(error.kind(), ErrorKind::Model, "{what}: {text}");
    assert!(text.contains(words) && text.contains(&features), "{what}: {text}");
}

#[test]
fn a_network_of_torchvision_or_keras_paints() {
    let folder = folder();
    let (photo, ink) = (photo_part(200, 150, 48, 40), example("styles/ink.png"));
    let weights = network::random(&VGG19[..2]);
    for (name, tensors) in
        [("torchvision", network::torchvision(&weights)), ("keras", network::keras(&weights))]
    {
        let features = saved(folder.path(), &format!("{name}.safetensors"), &packed(&tensors));
        let reached = |iterations| {
            let options = OptimizeOptions { features: features.clone(), ..shallow(iterations) };
            final_losses(&optimize(&photo, &[style(&ink)], &options).1).total
        };
        let (first, last) = (reached(1), reached(20));
        println!("{name}: {first} fell to {last}");
        assert!(last < 0.9 * first, "{name}: {first} {last}");
    }
}

#[test]
fn the_deepest_layers_of_vgg19_load_from_torchvisions_names() {
    let folder = folder();
    let (photo, ink) = (photo_part(200, 150, 32, 32), example("styles/ink.png"));
    let mut tensors = network::torchvision(&network::random(&VGG19));
    assert_eq!(tensors[tensors.len() - 2].0, "features.34.weight");
    // A whole file has a classifier, which is left out.
    tensors.push(("classifier.0.weight".into(), vec![2, 3], vec![0.0; 6]));
    let features = saved(folder.path(), "vgg19.safetensors", &packed(&tensors));
    let options = OptimizeOptions {
        features: features.clone(),
        content_layers: layers(&["block5_conv4"]),
        style_layers: layers(&["block3_conv4", "block5_conv1"]),
        ..shallow(2)
    };
    let losses = final_losses(&optimize(&photo, &[style(&ink)], &options).1);
    assert!(losses.total.is_finite() && losses.style > 0.0 && losses.content > 0.0, "{losses:?}");
}

#[test]
fn networks_that_are_not_whole_are_refused() {
    let folder = folder();
    let (photo, ink) = (photo_part(200, 150, 32, 32), example("styles/ink.png"));
    let sound = network::own(&network::random(&[2, 2]));
    let whole = packed(&sound);
    let changed = |change: &dyn Fn(&mut Tensors)| {
        let mut tensors = sound.clone();
        change(&mut tensors);
        packed(&tensors)
    };
    let without = |name: &str| changed(&|tensors| tensors.retain(|tensor| tensor.0 != name));
    let spoiled = |value: f32| changed(&|tensors| tensors[2].2[7] = value);
    for (what, words, bytes) in [
        ("cut", "truncated", whole[..whole.len() - 1000].to_vec()),
        ("cut in the header", "truncated", whole[..100].to_vec()),
        ("empty", "truncated", Vec::new()),
        ("a picture", "truncated", fs::read(crate::common::example("photo.png")).unwrap()),
        (
            "no convolutions",
            "no convolution of VGG",
            changed(&|tensors| {
                tensors.iter_mut().for_each(|tensor| tensor.0.insert(0, 'x'));
            }),
        ),
        (
            "no layer",
            "block1_conv2 is missing",
            changed(&|tensors| {
                tensors.retain(|tensor| !tensor.0.starts_with("block1_conv2"));
            }),
        ),
        ("no weight", "block2_conv1 has no weight", without("block2_conv1.weight")),
        ("no bias", "block2_conv1 has no bias", without("block2_conv1.bias")),
        ("another shape", "shape", changed(&|tensors| tensors[2].1 = vec![64, 3, 64, 3])),
        (
            "another width",
            "shape",
            changed(&|tensors| {
                tensors[1].1 = vec![32];
                tensors[1].2.truncate(32);
            }),
        ),
        ("no number", "not finite", spoiled(f32::NAN)),
        ("infinite", "not finite", spoiled(f32::INFINITY)),
        ("too large", "too large", spoiled(1e30)),
        ("a claimed header", "no .safetensors file", claiming(u64::MAX, "")),
        ("a claimed terabyte", "no .safetensors file", claiming_tensor("[250000000000]")),
        (
            "a claim beyond numbers",
            "no .safetensors file",
            claiming_tensor("[4294967296,4294967296]"),
        ),
    ] {
        assert_file_refused(what, words, &bytes);
    }
    let missing = folder.path().join("missing.safetensors").to_str().unwrap().to_owned();
    for features in [missing, "vgg11".to_owned()] {
        let options = OptimizeOptions { features: features.clone(), ..shallow(1) };
        let error = refusal(&photo, &[style(&ink)], &options);
        assert_eq!(error.kind(), ErrorKind::Model, "{}", error.full_message());
        assert!(error.full_message().contains(&features), "{}", error.full_message());
    }
    // As deep as the file goes.
    let features = saved(folder.path(), "whole.safetensors", &whole);
    let options =
        OptimizeOptions { features, content_layers: layers(&["block3_conv1"]), ..shallow(1) };
    let error = refusal(&photo, &[style(&ink)], &options);
    assert!(error.full_message().contains("its last is block2_conv2"), "{}", error.full_message());
}

/// Channels of the blocks of a slim network for tests.
const SLIM: [usize; 5] = [10, 21, 0, 0, 0];

#[test]
fn a_slim_network_paints_and_is_imported_as_one() {
    let folder = folder();
    let (photo, ink) = (photo_part(200, 150, 48, 40), example("styles/ink.png"));
    let tensors = network::slim(&network::random_of(&[2, 2], SLIM));
    let bytes = network::packed_slim(&tensors, &"0".repeat(64));
    let features = saved(folder.path(), "slim.safetensors", &bytes);
    let (models, own) = (engine().models().unwrap().clone(), folder.path().join("own"));
    let library = FeatureLibrary::new(models, Some(own));
    let imported = library.import(Path::new(&features), "slim").unwrap();
    let painted = [features, imported.to_str().unwrap().to_owned()].map(|features| {
        let reached = |iterations| {
            let options = OptimizeOptions { features: features.clone(), ..shallow(iterations) };
            let (painted, report) = optimize(&photo, &[style(&ink)], &options);
            (painted, final_losses(&report).total)
        };
        let ((_, first), (painted, last)) = (reached(1), reached(20));
        assert!(last < 0.9 * first, "{first} {last}");
        painted
    });
    let error = library.import(&imported, "auto").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument, "{}", error.full_message());
    // Only the weights were rounded to half floats, which the graph does in any case.
    assert!(painted[0].data() == painted[1].data());
}

#[test]
fn through_the_shipped_slim_network_a_painting_comes_as_near_to_its_style() {
    let (photo, ink) = (photo_part(150, 100, 128, 96), example("styles/ink.png"));
    for optimizer in [Optimizer::Adam, Optimizer::Lbfgs] {
        let reached = |features: &str| {
            let options = OptimizeOptions {
                features: features.to_owned(),
                iterations: 35,
                optimizer,
                ..OptimizeOptions::default()
            };
            optimize(&photo, &[style(&ink)], &options).1
        };
        let (whole, both) = (reached("vgg16"), reached("auto"));
        let [wanted, found] = [&whole, &both].map(|report| final_losses(report).total);
        println!("{optimizer:?}: {found} after {wanted}");
        assert!(found < 1.1 * wanted, "{optimizer:?}: {found} {wanted}");
        assert_eq!(both.scales.last().unwrap().features, "vgg16");
    }
}

#[test]
fn where_the_slim_network_was_not_made_for_what_is_compared_all_steps_are_the_whole_ones() {
    let (photo, ink) = (photo_part(150, 100, 64, 48), example("styles/ink.png"));
    let usual = OptimizeOptions { iterations: 4, ..OptimizeOptions::default() };
    let seen_through = |options: &OptimizeOptions| -> Vec<String> {
        let (_, report) = optimize(&photo, &[style(&ink)], options);
        report.scales.into_iter().map(|scale| scale.features).collect()
    };
    assert_eq!(seen_through(&usual), ["vgg16-slim", "vgg16"]);
    let other_pooling = OptimizeOptions { pooling: Pooling::Max, ..usual.clone() };
    let other_content =
        OptimizeOptions { content_layers: layers(&["block3_conv2"]), ..usual.clone() };
    let other_style = OptimizeOptions { style_layers: layers(&["block2_conv2"]), ..usual };
    for options in [other_pooling, other_content, other_style] {
        assert_eq!(seen_through(&options), ["vgg16"]);
    }
}

#[test]
fn slim_networks_whose_halves_do_not_fit_are_refused() {
    let sound = network::slim(&network::random_of(&[2, 2], SLIM));
    let changed = |change: &dyn Fn(&mut Tensors)| {
        let mut tensors = sound.clone();
        change(&mut tensors);
        network::packed_slim(&tensors, &"0".repeat(64))
    };
    let of =
        |tensors: &Tensors, name: &str| tensors.iter().position(|tensor| tensor.0 == name).unwrap();
    let without = |name: &str| changed(&|tensors| tensors.retain(|tensor| tensor.0 != name));
    let cut = |name: &str, dims: &[usize]| {
        changed(&|tensors| {
            let at = of(tensors, name);
            tensors[at].1 = dims.to_vec();
            tensors[at].2.truncate(dims.iter().product());
        })
    };
    let wide = network::slim(&network::random_of(&[2, 2], [65, 21, 0, 0, 0]));
    for (what, words, bytes) in [
        ("no projection", "block2_conv1 has no projection", without("block2_conv1.projection")),
        ("no weight", "block1_conv2 has no weight", without("block1_conv2.weight")),
        ("no bias", "block1_conv2 has no bias", without("block1_conv2.bias")),
        (
            "a narrower layer before",
            "block2_conv1 has a weight of shape [21, 9, 3, 3] where a slim network with 10 \
             channels in and 21 out has [21, 10, 3, 3]",
            cut("block2_conv1.weight", &[21, 9, 3, 3]),
        ),
        ("fewer outputs", "shape [20, 10, 3, 3]", cut("block2_conv1.weight", &[20, 10, 3, 3])),
        (
            "another rank",
            "projection of shape [20, 128]",
            cut("block2_conv1.projection", &[20, 128]),
        ),
        (
            "another width",
            "projection of shape [21, 64]",
            cut("block2_conv1.projection", &[21, 64]),
        ),
        ("no channels", "1 to 64 channels", cut("block1_conv2.bias", &[0])),
        (
            "more channels than VGG",
            "1 to 64 channels",
            network::packed_slim(&wide, &"0".repeat(64)),
        ),
        ("a slim network that does not say so", "where VGG has", packed(&sound)),
    ] {
        assert_file_refused(what, words, &bytes);
    }
}

#[test]
fn weights_of_nothing_give_sound_pictures() {
    let folder = folder();
    let (photo, ink) = (photo_part(200, 150, 32, 32), example("styles/ink.png"));
    let mut tensors = network::own(&network::random(&[2, 2]));
    tensors.iter_mut().for_each(|tensor| tensor.2.fill(0.0));
    let features = saved(folder.path(), "zero.safetensors", &packed(&tensors));
    let options = OptimizeOptions { features, ..shallow(2) };
    let (painted, report) = optimize(&photo, &[style(&ink)], &options);
    assert!(final_losses(&report).total.is_finite());
    assert!(crate::common::pictures::pixels(&painted).iter().flatten().all(|v| v.is_finite()));
}

/// A file of a header alone, which says that it is so long.
fn claiming(length: u64, header: &str) -> Vec<u8> {
    [&length.to_le_bytes()[..], header.as_bytes()].concat()
}

/// A file that says that it holds a tensor of this shape.
fn claiming_tensor(shape: &str) -> Vec<u8> {
    let header = format!(
        r#"{{"block1_conv1.weight":{{"dtype":"F32","shape":{shape},"data_offsets":[0,1000000000000]}}}}"#
    );
    claiming(header.len() as u64, &header)
}
