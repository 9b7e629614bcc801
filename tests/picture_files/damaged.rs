//! Files that are cut off, damaged, or no pictures.

use impasto::ErrorKind;
use impasto::file::{FileFormat, read, read_bytes};
use impasto::image::{Channels, ColorSpace, SampleType};
use moxcms::ColorProfile;

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
