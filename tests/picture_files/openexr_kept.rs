//! What an OpenEXR file holds beside the painted colours comes through as it is. OpenEXR and
//! OpenImageIO made the files: `others/make_exr.py`.

use std::io::Cursor;
use std::path::Path;

use exr::prelude::{
    AnyChannels, Blocks, Compression, Encoding, FlatSamples, Image, Layer, ReadChannels,
    ReadLayers, Text, Vec2,
};
use half::f16;
use impasto::ErrorKind;
use impasto::file::{FileFormat, ReadOptions, read_bytes, read_stream};
use impasto::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType};
use safetensors::SafeTensors;

use crate::fixtures::{bytes_of, floats};

const WIDTH: usize = 20;
const HEIGHT: usize = 16;

type Content = Image<Vec<Layer<AnyChannels<FlatSamples>>>>;

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/picture_files/others/exr").join(name)
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(path(&format!("{name}.exr"))).unwrap()
}

/// All that crate `exr` finds in a file, as another program would.
fn content(bytes: &[u8]) -> Content {
    let layers = exr::prelude::read().no_deep_data().largest_resolution_level().all_channels();
    let reader = layers.all_layers().all_attributes();
    let mut content = reader.from_buffered(Cursor::new(bytes)).unwrap();
    let layers = content.layer_data.into_iter().collect();
    content.layer_data = Default::default();
    Image { attributes: content.attributes, layer_data: layers }
}

fn read(bytes: &[u8], layer: Option<&str>) -> Picture {
    let options = ReadOptions { layer: layer.map(str::to_owned), ..ReadOptions::default() };
    read_stream(bytes, "memory", &options).unwrap()
}

/// With every colour turned into another.
fn painted(picture: &Picture) -> Picture {
    let mut painted = picture.clone();
    let PixelFormat { channels, sample, .. } = picture.format();
    let count = channels.count();
    for (k, bytes) in painted.data_mut().chunks_exact_mut(sample.bytes()).enumerate() {
        let is_alpha = channels.has_alpha() && k % count == count - 1;
        match sample {
            _ if is_alpha => {}
            SampleType::F16 => {
                let value = f16::from_ne_bytes([bytes[0], bytes[1]]).to_f32();
                bytes.copy_from_slice(&f16::from_f32(2.0 - value).to_ne_bytes());
            }
            _ => {
                let value = f32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
                bytes.copy_from_slice(&(2.0 - value).to_ne_bytes());
            }
        }
    }
    painted
}

/// Checks that nothing but these channels of this part differs, and those only where they are
/// shown.
fn assert_only_painted(before: &Content, after: &Content, part: usize, names: &[&str]) {
    assert_eq!(before.attributes, after.attributes);
    assert_eq!(before.layer_data.len(), after.layer_data.len());
    for (k, (old, new)) in before.layer_data.iter().zip(&after.layer_data).enumerate() {
        assert_eq!((&old.attributes, old.size), (&new.attributes, new.size));
        let (old_list, new_list) = (&old.channel_data.list, &new.channel_data.list);
        assert_eq!(old_list.len(), new_list.len());
        for (a, b) in old_list.iter().zip(new_list) {
            assert_eq!((&a.name, a.quantize_linearly), (&b.name, b.quantize_linearly));
            if k != part || !names.contains(&a.name.to_string().as_str()) {
                assert!(a.sample_data == b.sample_data, "{}", a.name);
                continue;
            }
            let same_type = std::mem::discriminant(&a.sample_data);
            assert_eq!(same_type, std::mem::discriminant(&b.sample_data), "{}", a.name);
            let values = a.sample_data.values_as_f32().zip(b.sample_data.values_as_f32());
            for (at, (x, y)) in values.enumerate() {
                let position = old.attributes.layer_position;
                let column = (at % old.size.width()) as i32 + position.x();
                let row = (at / old.size.width()) as i32 + position.y();
                let is_shown =
                    (0..WIDTH as i32).contains(&column) && (0..HEIGHT as i32).contains(&row);
                let expected = if is_shown { 2.0 - x } else { x };
                assert!((y - expected).abs() < 0.002, "{} {column} {row}: {x} {y}", a.name);
            }
        }
    }
}

#[test]
pub fn a_picture_that_was_not_painted_is_the_same_file() {
    for kind in ["none", "rle", "zips", "zip", "piz", "pxr24", "b44", "b44a", "dwaa", "dwab"] {
        let bytes = file(&format!("passes-{kind}"));
        let picture = read(&bytes, None);
        assert_eq!((picture.width() as usize, picture.height() as usize), (WIDTH, HEIGHT));
        let (written, notes) = bytes_of(&picture, FileFormat::OpenExr);
        let (before, after) = (content(&bytes), content(&written));
        assert_only_painted(&before, &after, 0, &[]);
        let is_lossy = kind.starts_with("b44") || kind.starts_with("dwa");
        let [old, new] = [&before, &after].map(|content| content.layer_data[0].encoding);
        assert_eq!(notes.len(), usize::from(is_lossy), "{kind}: {notes:?}");
        assert!(notes.iter().all(|note| note.contains("PIZ")), "{kind}: {notes:?}");
        let kept = if is_lossy { Compression::PIZ } else { old.compression };
        assert_eq!(new, Encoding { compression: kept, ..old }, "{kind}");
    }
}

#[test]
fn only_the_painted_colours_change_and_only_where_they_are_shown() {
    for kind in ["none", "rle", "zips", "zip", "piz", "pxr24", "b44", "b44a", "dwaa", "dwab"] {
        let bytes = file(&format!("passes-{kind}"));
        for (layer, names) in
            [(None, ["R", "G", "B"]), (Some("diffuse"), ["diffuse.R", "diffuse.G", "diffuse.B"])]
        {
            let (written, _) = bytes_of(&painted(&read(&bytes, layer)), FileFormat::OpenExr);
            assert_only_painted(&content(&bytes), &content(&written), 0, &names);
        }
    }
}

/// Where all is painted nothing else can be harmed; blocks that stay are not packed once more.
#[test]
fn lossy_compression_stays_where_it_harms_nothing() {
    for kind in ["b44", "dwaa"] {
        let bytes = file(&format!("plain-{kind}"));
        let picture = read(&bytes, None);
        let (same, notes) = bytes_of(&picture, FileFormat::OpenExr);
        assert!(notes.is_empty(), "{notes:?}");
        assert_only_painted(&content(&bytes), &content(&same), 0, &[]);
        let (changed, notes) = bytes_of(&painted(&picture), FileFormat::OpenExr);
        assert!(notes.is_empty(), "{notes:?}");
        let [before, after] = [&bytes, &changed].map(|bytes| content(bytes).layer_data[0].encoding);
        assert_eq!(before, after);
    }
}

#[test]
pub fn other_parts_come_through() {
    let bytes = file("parts");
    let picture = read(&bytes, None);
    assert_eq!((picture.width() as usize, picture.height() as usize), (WIDTH, HEIGHT));
    assert_eq!(picture.format().sample, SampleType::F32);
    for (picture, names) in [(picture.clone(), &[][..]), (painted(&picture), &["R", "G", "B"][..])]
    {
        let (written, notes) = bytes_of(&picture, FileFormat::OpenExr);
        assert!(notes.is_empty(), "{notes:?}");
        let (before, after) = (content(&bytes), content(&written));
        assert_only_painted(&before, &after, 1, names);
        for (old, new) in before.layer_data.iter().zip(&after.layer_data) {
            assert_eq!(old.encoding, new.encoding);
        }
    }
}

#[test]
fn gray_becomes_colour_among_the_other_channels() {
    let bytes = file("gray");
    let gray = read(&bytes, None);
    assert_eq!(gray.format(), PixelFormat::new(Channels::Gray, SampleType::F16));
    let (same, _) = bytes_of(&gray, FileFormat::OpenExr);
    assert_only_painted(&content(&bytes), &content(&same), 0, &[]);
    let format = PixelFormat::new(Channels::Rgb, SampleType::F16);
    let colored = gray.converted(format, ColorSpace::LinearSrgb).unwrap();
    let (written, _) = bytes_of(&colored, FileFormat::OpenExr);
    let (before, after) = (content(&bytes), content(&written));
    let [y, z] = &before.layer_data[0].channel_data.list[..] else { panic!() };
    let list = &after.layer_data[0].channel_data.list;
    let names: Vec<_> = list.iter().map(|channel| channel.name.to_string()).collect();
    assert_eq!(names, ["B", "G", "R", "Z"]);
    assert!(list[..3].iter().all(|channel| channel.sample_data == y.sample_data));
    assert!(list[3].sample_data == z.sample_data);
}

#[test]
pub fn luminance_and_chroma_are_read_as_colours() {
    for kind in ["none", "zips", "zip", "piz", "pxr24", "b44"] {
        let golden = if kind == "b44" { kind } else { "zip" };
        let picture = read(&file(&format!("chroma-{kind}")), None);
        assert_eq!(picture.format().channels, Channels::Rgba);
        // As OpenImageIO reads them, through the library of OpenEXR.
        let expected = std::fs::read(path(&format!("chroma-{golden}.safetensors"))).unwrap();
        let expected = SafeTensors::deserialize(&expected).unwrap();
        let (expected, _) = expected.tensor("pixels").unwrap().data().as_chunks();
        let expected: Vec<_> = expected.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        let found = floats(&picture);
        assert_eq!(found.len(), expected.len());
        for (k, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let (x, y, c) = (k / 4 % WIDTH, k / 4 / WIDTH, k % 4);
            let difference = (found - expected).abs();
            // The library's steps are rounded to halves.
            assert!(
                difference <= 0.002 * expected.abs().max(1.0),
                "{kind} {x} {y} {c}: {found} {expected}"
            );
        }
        let (written, notes) = bytes_of(&picture, FileFormat::OpenExr);
        assert!(notes.is_empty(), "{notes:?}");
        let layer = &content(&written).layer_data[0];
        let names = layer.channel_data.list.iter().map(|channel| channel.name.to_string());
        assert_eq!(names.collect::<Vec<_>>(), ["A", "B", "G", "R"]);
        let owner = layer.attributes.owner.as_ref().map(Text::bytes);
        assert_eq!(owner, Some("Agnès".as_bytes()));
        assert!(read(&written, None).data() == picture.data());
    }
}

#[test]
fn what_is_not_read_names_a_program_that_helps() {
    for (name, words) in [
        ("deep", "--flatten"),
        ("htj2k", "--compression zip"),
        ("zstd", "--compression zip"),
        ("integers", "-d half"),
        ("one", "--ch"),
    ] {
        let error = read_bytes(&file(name), "memory").unwrap_err();
        let message = error.full_message();
        assert_eq!(error.kind(), ErrorKind::Picture, "{message}");
        assert!(message.contains("oiiotool") && message.contains(words), "{message}");
    }
}

#[test]
fn what_has_no_place_is_told() {
    let picture = read(&file("passes-zip"), None);
    let (_, notes) = bytes_of(&picture, FileFormat::Png);
    for words in [
        "other channels (Z, crypto00.G, crypto00.R, diffuse.B and 3 more)",
        "attributes (camera, capDate, comments, crop and 10 more)",
        "outside the display window",
    ] {
        assert!(notes.iter().any(|note| note.contains(words)), "{words}: {notes:?}");
    }
    let (_, notes) = bytes_of(&read(&file("parts"), None), FileFormat::Tiff);
    assert!(notes.iter().any(|note| note.contains("other parts (depth)")), "{notes:?}");

    let mut half = Picture::new(10, 8, picture.format(), picture.color_space().clone()).unwrap();
    half.metadata_mut().clone_from(picture.metadata());
    let (written, notes) = bytes_of(&half, FileFormat::OpenExr);
    assert!(notes.iter().any(|note| note.contains("other channels (Z")), "{notes:?}");
    assert!(!notes.iter().any(|note| note.contains("attributes")), "{notes:?}");
    let content = content(&written);
    assert_eq!(content.attributes.display_window.size, Vec2(10, 8));
    assert_eq!(content.layer_data[0].attributes.comments, Some(Text::from("the second take")));
    assert_eq!(content.layer_data[0].channel_data.list.len(), 4);
}

#[test]
fn of_a_texture_the_largest_level_is_painted() {
    let bytes = file("levels");
    let (written, notes) = bytes_of(&read(&bytes, None), FileFormat::OpenExr);
    assert!(notes.len() == 1 && notes[0].contains("exrmaketiled"), "{notes:?}");
    let (before, after) = (content(&bytes), content(&written));
    assert_only_painted(&before, &after, 0, &[]);
    assert_eq!(after.layer_data[0].encoding.blocks, Blocks::Tiles(Vec2(16, 16)));
}
