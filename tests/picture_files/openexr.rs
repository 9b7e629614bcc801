//! OpenEXR: linear light, premultiplied, in named channels.

use std::io::Cursor;

use exr::prelude::{
    AnyChannel, AnyChannels, Blocks, Encoding, FlatSamples, Image, ImageAttributes, IntegerBounds,
    Layer, LayerAttributes, ReadChannels, ReadLayers, SmallVec, Vec2, WritableImage,
};
use half::f16;
use impasto::file::{FileFormat, ReadOptions, read_bytes, read_stream};
use impasto::image::{AlphaMode, Channels, ColorSpace, PixelFormat, Primaries, SampleType};
use moxcms::ColorProfile;

use crate::fixtures::{assert_near, bytes_of, floats, through, with_pixels};

#[test]
fn openexr_gets_linear_light() {
    let values = [0.0, 0.5, 1.0];
    for (sample, kept) in [
        (SampleType::U8, SampleType::F16),
        (SampleType::U16, SampleType::F32),
        (SampleType::F16, SampleType::F16),
        (SampleType::F32, SampleType::F32),
    ] {
        let picture = with_pixels(Channels::Rgb, sample, ColorSpace::Srgb, &values);
        let (back, notes) = through(&picture, FileFormat::OpenExr);
        assert_eq!(back.format().sample, kept);
        assert_eq!(*back.color_space(), ColorSpace::LinearSrgb);
        assert_near(&floats(&back), &[0.0, 0.214, 1.0], 0.003);
        assert_eq!(notes.len(), 1);
    }
    // Display P3's red is 1.2249, -0.0420, -0.0196 in linear sRGB.
    let icc = ColorProfile::new_display_p3().encode().unwrap();
    let space = ColorSpace::Icc(icc.into());
    let red = with_pixels(Channels::Rgb, SampleType::F32, space, &[1.0, 0.0, 0.0]);
    let (back, _) = through(&red, FileFormat::OpenExr);
    assert_near(&floats(&back), &[1.2249, -0.042, -0.0196], 0.003);
}

#[test]
fn openexr_files_hold_premultiplied_colours() {
    let picture = with_pixels(
        Channels::Rgba,
        SampleType::F32,
        ColorSpace::LinearSrgb,
        &[0.8, 0.4, 0.2, 0.5, 3.0, 2.0, 1.0, 0.0],
    );
    let (bytes, _) = bytes_of(&picture, FileFormat::OpenExr);
    // Read with crate `exr` itself, as another program would.
    let file = exr::prelude::read()
        .no_deep_data()
        .largest_resolution_level()
        .all_channels()
        .first_valid_layer()
        .all_attributes()
        .from_buffered(Cursor::new(&bytes))
        .unwrap();
    let channels = file.layer_data.channel_data;
    let stored: Vec<Vec<f32>> =
        channels.list.iter().map(|c| c.sample_data.values_as_f32().collect()).collect();
    // A, B, G, R.
    let expected = [[0.5, 0.0], [0.1, 0.0], [0.2, 0.0], [0.4, 0.0]];
    assert_eq!(stored, expected);
    let back = read_bytes(&bytes, "memory").unwrap();
    assert_eq!(back.format().alpha, AlphaMode::Premultiplied);
    assert_near(&floats(&back), &[0.4, 0.2, 0.1, 0.5, 0.0, 0.0, 0.0, 0.0], 1e-6);
}

/// As Blender names its layers.
#[test]
pub fn colours_below_a_name_are_found() {
    let file = |named: &[(&str, f32)]| {
        let channels = named
            .iter()
            .map(|(name, value)| AnyChannel::new(*name, FlatSamples::F32(vec![*value; 6])));
        let channels = AnyChannels::sort(channels.collect::<SmallVec<_>>());
        let layer =
            Layer::new((3, 2), LayerAttributes::named("part"), Encoding::UNCOMPRESSED, channels);
        let mut bytes = Cursor::new(Vec::new());
        let image = Image::new(ImageAttributes::new(IntegerBounds::new((0, 0), (3, 2))), layer);
        image.write().to_buffered(&mut bytes).unwrap();
        bytes.into_inner()
    };
    let layers = [
        ("ViewLayer.Combined.R", 0.25),
        ("ViewLayer.Combined.G", 0.5),
        ("ViewLayer.Combined.B", 0.75),
        ("ViewLayer.Combined.A", 1.0),
        ("ViewLayer.Depth.Z", 9.0),
        ("ViewLayer.Glossy.R", 0.1),
        ("ViewLayer.Glossy.G", 0.2),
        ("ViewLayer.Glossy.B", 0.3),
    ];
    let read = |bytes: &[u8], layer: Option<&str>| {
        let options = ReadOptions { layer: layer.map(str::to_owned), ..ReadOptions::default() };
        read_stream(bytes, "memory", &options)
    };
    let bytes = file(&layers);
    let combined = read(&bytes, None).unwrap();
    assert_eq!(floats(&combined)[..4], [0.25, 0.5, 0.75, 1.0]);
    assert!(read(&bytes, Some("ViewLayer.Combined")).unwrap().data() == combined.data());
    let glossy = read(&bytes, Some("ViewLayer.Glossy")).unwrap();
    assert_eq!(floats(&glossy)[..3], [0.1, 0.2, 0.3]);
    let message = read(&bytes, Some("Mist")).unwrap_err().full_message();
    assert!(message.contains("'Mist'") && message.contains("ViewLayer.Glossy.R"), "{message}");
    // Colours without a name go first.
    let plain = file(&[&[("R", 0.6), ("G", 0.6), ("B", 0.6)], &layers[..]].concat());
    assert_eq!(floats(&read(&plain, None).unwrap())[..3], [0.6; 3]);
    assert_eq!(floats(&read(&plain, Some("part")).unwrap())[..3], [0.6; 3]);
}

/// ACES 2065-1 (SMPTE ST 2065-1), and CIE XYZ as OpenEXR's own pictures have it.
#[test]
pub fn chromaticities_are_kept_and_understood() {
    let aces = Primaries {
        red: [0.7347, 0.2653],
        green: [0.0, 1.0],
        blue: [0.0001, -0.077],
        white: [0.32168, 0.33767],
    };
    let xyz =
        Primaries { red: [1.0, 0.0], green: [0.0, 1.0], blue: [0.0, 0.0], white: [1.0 / 3.0; 2] };
    // The same orange as in Rec. 709.
    for (primaries, orange) in [(aces, [0.4563, 0.2800, 0.0855]), (xyz, [0.4283, 0.3525, 0.0928])] {
        let space = ColorSpace::Linear(primaries);
        let picture = with_pixels(Channels::Rgb, SampleType::F32, space.clone(), &orange);
        let (back, notes) = through(&picture, FileFormat::OpenExr);
        assert!(back == picture && notes.is_empty(), "{notes:?}");
        let expected = [0.8, 0.25, 0.05];
        let (tiff, notes) = through(&picture, FileFormat::Tiff);
        assert_near(&floats(&tiff), &expected, 0.01);
        assert_eq!((tiff.color_space(), notes.len()), (&ColorSpace::LinearSrgb, 1));
        let (png, _) = through(&picture, FileFormat::Png);
        assert_near(&floats(&png), &[0.9063, 0.5371, 0.2471], 0.01);
    }
    let nonsense = Primaries { green: [0.64, 0.33], ..Primaries::REC_709 };
    let space = ColorSpace::Linear(nonsense);
    let picture = with_pixels(Channels::Rgb, SampleType::F32, space, &[0.8, 0.25, 0.05]);
    let (back, _) = through(&picture, FileFormat::OpenExr);
    assert_eq!(*back.color_space(), ColorSpace::LinearSrgb);
}

#[test]
fn openexr_takes_the_colours_among_other_channels() {
    let samples = |value: f32| FlatSamples::F32(vec![value; 6]);
    let half = |value: f32| FlatSamples::F16(vec![f16::from_f32(value); 6]);
    let channels = AnyChannels::sort(SmallVec::from_vec(vec![
        AnyChannel::new("R", half(0.25)),
        AnyChannel::new("Z", samples(100.0)),
        AnyChannel::new("B", samples(0.75)),
        AnyChannel::new("diffuse.R", samples(9.0)),
        AnyChannel::new("G", half(0.5)),
    ]));
    for encoding in [
        Encoding::FAST_LOSSLESS,
        Encoding::SMALL_LOSSLESS,
        Encoding::UNCOMPRESSED,
        Encoding { blocks: Blocks::Tiles(Vec2(2, 2)), ..Encoding::FAST_LOSSLESS },
    ] {
        // The data lie one to the right of and one below the display window's corner.
        let attributes = LayerAttributes::named("beauty").with_position(Vec2(11, 21));
        let layer = Layer::new((3, 2), attributes, encoding, channels.clone());
        let display = IntegerBounds::new((10, 20), (3, 3));
        let image = Image::new(ImageAttributes::new(display), layer);
        let mut bytes = Cursor::new(Vec::new());
        image.write().to_buffered(&mut bytes).unwrap();
        let picture = read_bytes(bytes.get_ref(), "memory").unwrap();
        assert_eq!((picture.width(), picture.height()), (3, 3));
        assert_eq!(picture.format(), PixelFormat::new(Channels::Rgb, SampleType::F32));
        let (empty, full) = ([0.0; 3], [0.25, 0.5, 0.75]);
        let expected = [empty, empty, empty, empty, full, full, empty, full, full];
        assert_eq!(floats(&picture), expected.as_flattened());
    }
}
