//! What a format cannot hold is told.

use impasto::file::FileFormat;
use impasto::image::{Channels, ColorSpace, PixelFormat, SampleType};

use crate::fixtures::{assert_near, bytes_of, exif, floats, through, with_pixels};

#[test]
fn losses_are_told() {
    let linear = with_pixels(
        Channels::Rgba,
        SampleType::F32,
        ColorSpace::LinearSrgb,
        &[0.214, 7.0, -1.0, 1.0, 0.214, 0.214, 0.214, 0.0],
    );
    let (png, notes) = through(&linear, FileFormat::Png);
    assert_eq!(png.format(), PixelFormat::new(Channels::Rgba, SampleType::U16));
    assert_near(&floats(&png), &[0.5, 1.0, 0.0, 1.0, 0.5, 0.5, 0.5, 0.0], 0.001);
    assert_eq!(notes.len(), 2, "{notes:?}");

    let (webp, notes) = through(&linear, FileFormat::WebP);
    assert_eq!(webp.format(), PixelFormat::new(Channels::Rgba, SampleType::U8));
    assert_eq!(notes.len(), 2, "{notes:?}");

    let clear = with_pixels(
        Channels::Rgba,
        SampleType::U16,
        ColorSpace::Srgb,
        &[0.0, 0.0, 0.0, 0.0].repeat(64),
    );
    let (jpeg, notes) = through(&clear, FileFormat::Jpeg);
    assert_near(&floats(&jpeg), &[1.0; 192], 0.01);
    assert!(notes.contains(&"JPEG holds no transparency: it was laid over white.".to_owned()));
    assert_eq!(notes.len(), 2, "{notes:?}");
    // An alpha channel of ones is no loss.
    let opaque = with_pixels(Channels::Rgba, SampleType::U8, ColorSpace::Srgb, &[1.0; 64]);
    assert!(through(&opaque, FileFormat::Jpeg).1.is_empty());

    let mut with_exif = opaque;
    with_exif.metadata_mut().exif = Some(exif(1));
    for format in [FileFormat::Tiff, FileFormat::OpenExr] {
        let notes = bytes_of(&with_exif, format).1;
        assert!(notes.iter().any(|note| note.contains("EXIF")));
    }
}
