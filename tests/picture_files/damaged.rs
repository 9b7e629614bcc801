//! Files that are cut off, damaged, or no pictures.

use impasto::ErrorKind;
use impasto::file::{FileFormat, read, read_bytes};
use impasto::image::{Channels, ColorSpace, SampleType};
use moxcms::ColorProfile;

use crate::by_hand::{TiffFile, tiff_file};
use crate::fixtures::{bytes_of, exif, patterned};

#[test]
fn damaged_files_are_errors_and_never_panics() {
    let icc = ColorProfile::new_display_p3().encode().unwrap();
    for format in FileFormat::WRITTEN {
        for sample in [SampleType::U8, SampleType::F32] {
            let mut picture =
                patterned(40, 30, Channels::Rgba, sample, ColorSpace::Icc(icc.clone().into()));
            picture.metadata_mut().exif = Some(exif(6));
            let (bytes, _) = bytes_of(&picture, format);
            let width = read_bytes(&bytes, "whole").unwrap().width();
            let step = (bytes.len() / 150).max(1);
            for end in (0..bytes.len().min(64)).chain((64..bytes.len()).step_by(step)) {
                match read_bytes(&bytes[..end], "cut.png") {
                    // Only what stands after the pixels may be missing, but in JPEG.
                    Ok(whole) => assert!(
                        (bytes.len() - end <= 64 || format == FileFormat::Jpeg)
                            && whole.width() == width,
                        "{format:?} {end} of {}",
                        bytes.len()
                    ),
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::Picture, "{}", error.full_message());
                        let message = error.full_message();
                        assert!(message.starts_with("cannot read the picture 'cut.png': "));
                    }
                }
            }
            // Damage inside: any result but a panic, and no other kind of error.
            let mut random = 12345_u32;
            for _ in 0..300 {
                let mut damaged = bytes.clone();
                for _ in 0..3 {
                    random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let at = (random >> 8) as usize % damaged.len().min(2000);
                    damaged[at] ^= (random >> 3) as u8 | 1;
                }
                if let Err(error) = read_bytes(&damaged, "damaged") {
                    let kind = error.kind();
                    assert_eq!(kind, ErrorKind::Picture, "{}", error.full_message());
                }
            }
        }
    }
}

/// What came of a download that broke off is worth painting.
#[test]
fn a_jpeg_that_breaks_off_keeps_what_is_there() {
    let picture = patterned(256, 256, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
    let (bytes, _) = bytes_of(&picture, FileFormat::Jpeg);
    let whole = read_bytes(&bytes, "memory").unwrap();
    let cut = read_bytes(&bytes[..bytes.len() * 2 / 5], "memory").unwrap();
    assert_eq!((cut.width(), cut.height()), (256, 256));
    let quarter = whole.data().len() / 4;
    assert_eq!(cut.data()[..quarter], whole.data()[..quarter]);
    // Without any pixels there is nothing to keep.
    assert!(read_bytes(&bytes[..200], "memory").is_err());
}

#[test]
fn a_tag_that_claims_all_memory_is_refused() {
    let icc = ColorProfile::new_display_p3().encode().unwrap();
    let space = ColorSpace::Icc(icc.into());
    let picture = patterned(4, 4, Channels::Rgb, SampleType::U8, space);
    let (mut bytes, _) = bytes_of(&picture, FileFormat::Tiff);
    // Tag 34675, of bytes without a meaning; their count follows.
    let entry = [34675_u16.to_ne_bytes(), 7_u16.to_ne_bytes()].concat();
    let at = bytes.windows(4).position(|window| window == entry).unwrap();
    bytes[at + 4..at + 8].fill(0xff);
    assert_eq!(read_bytes(&bytes, "memory").unwrap_err().kind(), ErrorKind::Picture);
}

/// The pixels that these files claim would take more than twice as much.
fn assert_little_was_taken() {
    if let Some(peak) = impasto::memory::peak_resident_bytes() {
        assert!(peak < 400 << 20, "{peak} bytes");
    }
}

#[test]
fn a_header_that_claims_more_than_the_file_holds_is_refused() {
    let long = [0, 0, 0x4e, 0x20];
    let turned = [0x20, 0x4e];
    let psd = [&b"8BPS\0\x01\0\0\0\0\0\0\0\x03"[..], &long, &long, &[0, 8, 0, 3], &[0; 14]];
    let tga = [&[0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &turned, &turned, &[24, 0]];
    let bmp_size = [0x20, 0x4e, 0, 0];
    let bmp = [
        &b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"[..],
        &bmp_size,
        &bmp_size,
        &[1, 0, 24, 0],
        &[0; 24],
    ];
    let mut runs = bmp.concat();
    (runs[28], runs[30]) = (8, 1);
    let tiles = include_bytes!("../../fuzz/corpus/exr/wide-tiles");
    let gif = [&b"GIF89a"[..], &turned, &turned, &[0, 0, 0]];
    let frame = [&[0x2c, 0, 0, 0, 0][..], &turned, &turned, &[0x80, 0, 0, 0, 255, 255, 255, 2]];
    for (file, name) in [
        ([&b"qoif"[..], &long, &long, &[3, 0], &[0xfd; 40]].concat(), "QOI"),
        ([&b"P6 20000 20000 255\n"[..], &[0; 40]].concat(), "PNM"),
        ([&b"#?RADIANCE\n\n-Y 20000 +X 20000\n"[..], &[0; 40]].concat(), "HDR"),
        (psd.concat(), "PSD"),
        (tga.concat(), "TGA"),
        (bmp.concat(), "BMP"),
        (runs, "BMP in runs"),
        (tiles.to_vec(), "OpenEXR"),
        ([gif.concat(), frame.concat(), vec![2, 0x4c, 1, 0, 0x3b]].concat(), "GIF"),
    ] {
        let message = read_bytes(&file, "memory").unwrap_err().full_message();
        assert!(message.contains("ends before the picture does"), "{name}: {message}");
    }
    assert_little_was_taken();
}

#[test]
fn an_openexr_with_a_window_of_nothing_is_refused() {
    let space = ColorSpace::LinearSrgb;
    let picture = patterned(4, 4, Channels::Rgb, SampleType::F16, space);
    let (mut bytes, _) = bytes_of(&picture, FileFormat::OpenExr);
    let window = b"displayWindow\0box2i\0\x10\0\0\0";
    let at = bytes.windows(window.len()).position(|bytes| bytes == window).unwrap();
    let last = at + window.len() + 8;
    bytes[last..last + 8].copy_from_slice(&[29_999_u32.to_le_bytes(); 2].concat());
    let message = read_bytes(&bytes, "memory").unwrap_err().full_message();
    assert!(message.contains("ends before the picture does"), "{message}");
    assert_little_was_taken();
}

#[test]
fn a_tiff_that_claims_more_than_it_holds_is_refused() {
    for (compression, photometric) in
        [(1, 2), (1, 6), (4, 1), (5, 2), (7, 6), (34925, 2), (50000, 2)]
    {
        let mut file = TiffFile::gray(30_000, 30_000, &[0; 60]);
        (file.samples, file.photometric) = (if photometric == 1 { 1 } else { 3 }, photometric);
        file.bits = if photometric == 1 { 1 } else { 8 };
        let mut bytes = tiff_file(&file);
        let entry = [259_u16.to_le_bytes(), 3_u16.to_le_bytes()].concat();
        let at = bytes.windows(4).position(|bytes| bytes == entry).unwrap();
        bytes[at + 8..at + 10].copy_from_slice(&u16::to_le_bytes(compression));
        let message = read_bytes(&bytes, "memory").unwrap_err().full_message();
        assert!(message.contains("ends before the picture does"), "{compression}: {message}");
    }
    assert_little_was_taken();
}

#[test]
fn a_jpeg_xl_that_breaks_off_is_refused() {
    let whole = include_bytes!("others/picture.jxl");
    for end in 0..whole.len() {
        let result = read_bytes(&whole[..end], "cut.jxl");
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Picture, "{end} of {}", whole.len());
    }
}

#[test]
fn what_is_no_picture_file_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    for (path, kind, cause) in [
        (file("empty.png", b""), ErrorKind::Picture, "the file is empty"),
        (file("text.png", b"dear diary, today"), ErrorKind::Picture, "not one of PNG, JPEG"),
        (file("two.jpg", b"\xff\xd8"), ErrorKind::Picture, "not one of"),
        (folder.path().join("missing.png"), ErrorKind::File, "No such file"),
        (folder.path().to_path_buf(), ErrorKind::File, "directory"),
    ] {
        let error = read(&path).unwrap_err();
        let message = error.full_message();
        assert_eq!(error.kind(), kind, "{message}");
        let start = format!("cannot read the picture '{}': ", path.display());
        assert!(message.starts_with(&start) && message.contains(cause), "{message}");
    }
}
