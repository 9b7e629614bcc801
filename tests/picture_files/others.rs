//! Formats that are read and not written. The files below `others` were made with Pillow,
//! ImageMagick, libjxl's `cjxl` and libavif's `avifenc`, that of Radiance by hand: 5x3 pixels, red 50 more to the right,
//! green 100 more downwards, blue 128.

use std::path::{Path, PathBuf};

use impasto::ErrorKind;
use impasto::file::{FileFormat, WriteOptions, detect, read, read_bytes, write};
use impasto::image::{Channels, ColorSpace};

use crate::fixtures::floats;

fn file(ending: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/picture_files/others");
    folder.join(format!("picture.{ending}"))
}

#[test]
fn pictures_of_other_programs_are_read() {
    for (ending, format) in [
        ("avif", FileFormat::Avif),
        ("bmp", FileFormat::Bmp),
        ("gif", FileFormat::Gif),
        ("hdr", FileFormat::Hdr),
        ("jxl", FileFormat::JpegXl),
        ("pam", FileFormat::Pnm),
        ("pgm", FileFormat::Pnm),
        ("ppm", FileFormat::Pnm),
        ("psd", FileFormat::Psd),
        ("qoi", FileFormat::Qoi),
        ("tga", FileFormat::Tga),
    ] {
        let path = file(ending);
        assert_eq!(detect(&std::fs::read(&path).unwrap()), Some(format), "{ending}");
        let picture = read(&path).unwrap();
        assert_eq!((picture.width(), picture.height()), (5, 3), "{ending}");
        let is_gray = picture.format().channels == Channels::Gray;
        assert_eq!(is_gray, ending == "pgm");
        let count = picture.format().channels.count();
        for (k, pixel) in floats(&picture).chunks_exact(count).enumerate() {
            let [r, g, b] = [k % 5 * 50, k / 5 * 100, 128].map(|v| v as f32 / 255.0);
            let expected =
                if is_gray { vec![0.299 * r + 0.587 * g + 0.114 * b] } else { vec![r, g, b] };
            for (&found, expected) in pixel.iter().zip(expected) {
                let found = match picture.color_space() {
                    ColorSpace::LinearSrgb => encoded(found),
                    _ => found,
                };
                assert!((found - expected).abs() < 0.012, "{ending} {k}: {found} {expected}");
            }
        }
    }
}

/// The curve of sRGB.
fn encoded(light: f32) -> f32 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

#[test]
fn damaged_files_are_errors() {
    for ending in ["avif", "bmp", "gif", "hdr", "jxl", "pam", "ppm", "psd", "qoi", "tga"] {
        let whole = std::fs::read(file(ending)).unwrap();
        for length in 0..whole.len() {
            // The end may hold nothing of the picture.
            if let Err(error) = read_bytes(&whole[..length], "memory") {
                assert_eq!(error.kind(), ErrorKind::Picture, "{ending} {length}");
            }
        }
        let half = read_bytes(&whole[..whole.len() / 2], "memory");
        assert!(half.is_err(), "{ending}");
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            read_bytes(&damaged, "memory").ok();
        }
    }
}

#[test]
fn they_are_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let picture = read(&file("gif")).unwrap();
    let path = folder.path().join("picture.gif");
    let error = write(&picture, &path, &WriteOptions::default()).unwrap_err();
    assert!(error.full_message().contains("GIF is read, but not written"), "{error:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_is_not_read_names_a_program_that_converts_it() {
    for (begin, words) in [
        (&b"\0\0\0\x14ftypavis\0\0\0\0avis\0\0\0\x08mdat"[..], "avifdec"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "heif-convert"),
        (b"\0\0\0\x18ftypcrx \0\0\0\0", "darktable"),
        (b"FUJIFILMCCD-RAW 0201", "darktable"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "opj_decompress"),
        (b"%PDF-1.7", "pdftoppm"),
        (b"hello", "not one of PNG"),
    ] {
        let error = read_bytes(begin, "memory").unwrap_err();
        assert!(error.full_message().contains(words), "{}", error.full_message());
    }
}
