//! AVIF files of libavif's `avifenc`, against what libavif reads of them: see `others/make_avif.py`.

use std::path::{Path, PathBuf};

use impasto::ErrorKind;
use impasto::file::{FileFormat, detect, read, read_bytes};
use impasto::image::{AlphaMode, Channels, CodePoints, ColorSpace, Picture, SampleType};

use crate::fixtures::through;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/picture_files/others/avif")
}

fn file(name: &str) -> Picture {
    read(&folder().join(name)).unwrap()
}

/// Red, green, blue and alpha of all pixels.
fn straight(picture: &Picture) -> Vec<[f32; 4]> {
    let mut pixels = vec![[0.0; 4]; picture.width() as usize * picture.height() as usize];
    for (y, row) in pixels.chunks_exact_mut(picture.width() as usize).enumerate() {
        picture.view().read_row(y as u32, 0, row);
    }
    pixels
}

/// The numbers of colours come from the same formulas: what is apart is rounding, ours to 8 or 16
/// bits and libavif's to 16. Colours that were multiplied by alpha are divided by it, rounding too.
#[test]
fn pixels_are_those_that_libavif_reads() {
    use Channels::*;
    use SampleType::*;
    for (name, channels, sample) in [
        ("420", Rgb, U8),
        ("422", Rgb, U8),
        ("444", Rgb, U8),
        ("lossless", Rgb, U8),
        ("lossless-12", Rgb, U16),
        ("ycgco", Rgb, U8),
        ("narrow", Rgb, U8),
        ("narrow-10", Rgb, U16),
        ("420-10", Rgb, U16),
        ("422-12", Rgb, U16),
        ("gray", Gray, U8),
        ("gray-12", Gray, U16),
        ("gray-alpha", GrayAlpha, U8),
        ("alpha", Rgba, U8),
        ("alpha-10", Rgba, U16),
        ("associated", Rgba, U8),
        ("grid", Rgb, U8),
    ] {
        let picture = file(&format!("{name}.avif"));
        let format = picture.format();
        assert_eq!((format.channels, format.sample), (channels, sample), "{name}");
        let is_associated = format.alpha == AlphaMode::Premultiplied;
        assert_eq!(is_associated, name == "associated");
        let expected = file(&format!("{name}.png"));
        assert_eq!([picture.width(), picture.height()], [expected.width(), expected.height()]);
        let half = 0.5 / if sample == U8 { 255.0 } else { 65535.0 };
        for (k, (found, expected)) in
            straight(&picture).into_iter().zip(straight(&expected)).enumerate()
        {
            let alpha = if is_associated { found[3] } else { 1.0 };
            for (found, expected) in found.into_iter().zip(expected) {
                let most = half / alpha + 1.5 / 65535.0;
                let found = found.min(1.0);
                assert!((found - expected).abs() < most, "{name} {k}: {found} {expected}");
            }
        }
    }
}

#[test]
fn a_lossless_file_comes_back_as_it_was() {
    for (k, pixel) in file("lossless.avif").data().chunks_exact(3).enumerate() {
        let (x, y) = (k % 13, k / 13);
        let colors = [x * 21, y * 25, (x / 4 + y / 4) % 2 * 255];
        assert_eq!(pixel, colors.map(|color| color as u8));
    }
}

#[test]
fn pictures_are_turned_and_mirrored_as_pillow_does() {
    for turns in 0..4 {
        for mirrored in ["", "-down", "-across"] {
            let name = format!("turned-{turns}{mirrored}");
            let [found, expected] = ["avif", "png"].map(|ending| file(&format!("{name}.{ending}")));
            assert_eq!(found.data(), expected.data(), "{name}");
            assert_eq!(found.width(), expected.width(), "{name}");
        }
    }
}

#[test]
fn what_a_picture_is_said_to_be_is_kept() {
    let file = |name: &str| read(&folder().with_file_name(name)).unwrap();
    let described = file("described.avif");
    assert!(matches!(described.color_space(), ColorSpace::Icc(_)));
    assert!(described.metadata().xmp.as_ref().unwrap().starts_with(b"<x:xmpmeta"));
    let exif = described.metadata().exif.as_ref().unwrap();
    assert!(exif.windows(3).any(|bytes| bytes == b"me!"));
    // `avifenc` repeated the orientation of the EXIF block, which by itself counts for nothing.
    assert_eq!([described.width(), described.height()], [3, 5]);
    let mut bytes = std::fs::read(folder().with_file_name("described.avif")).unwrap();
    let at = bytes.windows(4).position(|window| window == b"irot").unwrap();
    bytes[at..at + 4].copy_from_slice(b"free");
    assert_eq!(read_bytes(&bytes, "memory").unwrap().width(), 5);
    for (name, transfer) in [("pq.avif", 16), ("hlg.avif", 18)] {
        let picture = file(name);
        let points = ColorSpace::Coded(CodePoints::full_range(9, transfer));
        assert_eq!(*picture.color_space(), points);
        assert!(through(&picture, FileFormat::Png).0 == picture, "{name}");
    }
}

#[test]
fn pictures_of_any_kind_come_back_from_png() {
    for name in ["420", "gray", "gray-12", "gray-alpha", "alpha-10", "narrow-10", "grid"] {
        let picture = file(&format!("{name}.avif"));
        let (back, notes) = through(&picture, FileFormat::Png);
        assert!(back == picture, "{name}");
        assert!(notes.is_empty(), "{notes:?}");
    }
}

#[test]
fn a_file_that_says_avif_behind_another_brand_is_one() {
    let mut bytes = std::fs::read(folder().join("420.avif")).unwrap();
    bytes[8..12].copy_from_slice(b"mif1");
    assert_eq!(detect(&bytes), Some(FileFormat::Avif));
    assert!(read_bytes(&bytes, "memory").is_ok());
    let heic = b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic";
    assert_eq!(detect(heic), None);
}

#[test]
fn what_is_claimed_and_not_there_is_refused() {
    let whole = std::fs::read(folder().join("grid.avif")).unwrap();
    let refused = |bytes: &[u8]| {
        let error = read_bytes(bytes, "memory").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Picture);
        error.full_message()
    };
    for end in 0..whole.len() {
        refused(&whole[..end]);
    }
    let changed = |from: &[u8], to: &[u8]| {
        let mut bytes = whole.clone();
        let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
        bytes[at..at + to.len()].copy_from_slice(to);
        refused(&bytes)
    };
    // Its size, and one that is a picture's no more.
    let size = |[width, height]: [u32; 2]| {
        [&b"ispe\0\0\0\0"[..], &width.to_be_bytes(), &height.to_be_bytes()].concat()
    };
    let tile = size([78, 64]);
    assert!(changed(&tile, &size([79, 64])).contains("another size"));
    assert!(changed(&tile, &size([29_999, 29_999])).contains("ends before the picture does"));
    assert!(changed(&tile, &size([40_000, 64])).contains("too large"));
    assert!(changed(b"gridColor", b"iovlColor").contains("avifdec"));
}
