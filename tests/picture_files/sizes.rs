//! The largest pictures, and those that are larger.

use impasto::ErrorKind;
use impasto::file::{FileFormat, WriteOptions, read_bytes, write_bytes};
use impasto::image::{Channels, ColorSpace, MAX_SIDE, Picture, SampleType};

use crate::by_hand::{TiffFile, png_file, tiff_file};
use crate::fixtures::{bytes_of, exif, patterned, through};

#[test]
fn long_pictures_are_taken() {
    let picture = patterned(MAX_SIDE, 2, Channels::Rgb, SampleType::U16, ColorSpace::Srgb);
    for format in [FileFormat::Png, FileFormat::Tiff] {
        assert!(through(&picture, format).0 == picture);
    }
}

#[test]
fn oversized_pictures_are_refused_by_their_header() {
    let too_large = |bytes: &[u8]| {
        let error = read_bytes(bytes, "huge").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Picture);
        let message = error.full_message();
        assert!(message.contains(&MAX_SIDE.to_string()), "{message}");
        assert!(message.starts_with("cannot read the picture 'huge'"), "{message}");
    };
    for size in [(100_000, 100_000), (u32::MAX / 2, 1), (1, MAX_SIDE + 1)] {
        too_large(&png_file(size, 16, 6, &[], &[0]));
        too_large(&tiff_file(&TiffFile::gray(size.0, size.1, &[0])));
    }
    let small = patterned(16, 16, Channels::Gray, SampleType::U8, ColorSpace::Srgb);
    let (mut jpeg, _) = bytes_of(&small, FileFormat::Jpeg);
    let frame = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    too_large(&jpeg);
    let (exr, _) = bytes_of(&small, FileFormat::OpenExr);
    for name in [&b"dataWindow\0"[..], b"displayWindow\0"] {
        let mut exr = exr.clone();
        let at = exr.windows(name.len()).position(|text| text == name).unwrap();
        // The name, "box2i", its length, then left, top, right, bottom.
        let right = at + name.len() + 6 + 4 + 8;
        exr[right..right + 4].copy_from_slice(&99_999_i32.to_le_bytes());
        let message = read_bytes(&exr, "huge").unwrap_err().full_message();
        assert!(message.contains("too large") || message.contains("invalid"), "{message}");
    }
    // WebP: the canvas of an extended file.
    let mut webp = small.clone();
    webp.metadata_mut().exif = Some(exif(1));
    let (mut webp, _) = bytes_of(&webp, FileFormat::WebP);
    assert_eq!(&webp[12..16], b"VP8X");
    webp[24..30].fill(0xff);
    let error = read_bytes(&webp, "huge").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Picture);
    let big = Picture::new(20_000, 1, small.format(), ColorSpace::Srgb).unwrap();
    let error =
        write_bytes(&big, FileFormat::WebP, &WriteOptions::default(), &mut Vec::new()).unwrap_err();
    assert!(error.full_message().contains("16383"), "{}", error.full_message());
}
