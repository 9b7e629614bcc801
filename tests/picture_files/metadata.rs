//! What is said beside the pixels is kept where the format can, else that is told.

use impasto::file::{FileFormat, read_bytes};
use impasto::image::{Channels, ColorSpace, Metadata, Picture, Resolution, SampleType, Unit};

use crate::by_hand::{png_chunk, png_file};
use crate::fixtures::{bytes_of, exif, patterned, through};

const XMP: &str = "<x:xmpmeta><dc:rights>me</dc:rights></x:xmpmeta>";
/// IIM: the caption "me!".
const IPTC: &[u8] = b"\x1c\x02\x78\0\x03me!";

pub fn picture() -> Picture {
    let mut picture = patterned(24, 16, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
    *picture.metadata_mut() = Metadata {
        exif: Some(exif(1)),
        xmp: Some(XMP.as_bytes().to_vec()),
        iptc: Some(IPTC.to_vec()),
        artist: Some("Agnès".to_owned()),
        copyright: Some("Agnès, 1965".to_owned()),
        resolution: Some(Resolution { x: 300.0, y: 150.0, unit: Unit::Inch }),
        ..Metadata::default()
    };
    picture
}

/// What a format cannot keep, as its notes name it.
const LOST: [(FileFormat, &[&str]); 5] = [
    (FileFormat::Png, &["IPTC"]),
    (FileFormat::Jpeg, &["artist", "copyright"]),
    (FileFormat::Tiff, &["EXIF"]),
    (FileFormat::WebP, &["IPTC", "artist", "copyright", "resolution"]),
    (FileFormat::OpenExr, &["EXIF", "XMP", "IPTC", "artist", "copyright"]),
];

#[test]
fn what_is_said_of_a_picture_is_kept_or_its_loss_is_told() {
    let picture = picture();
    let said = picture.metadata();
    for (format, lost) in LOST {
        let (back, notes) = through(&picture, format);
        let is_lost = |what: &str| lost.contains(&what);
        for what in ["EXIF", "XMP", "IPTC", "artist", "copyright", "resolution"] {
            let is_told = notes.iter().any(|note| note.contains(what));
            assert_eq!(is_told, is_lost(what), "{format:?} {what}: {notes:?}");
        }
        let kept = back.metadata();
        let when_kept = |what, is_same: bool, is_none: bool| {
            assert!(if is_lost(what) { is_none } else { is_same }, "{format:?} {what}: {kept:?}");
        };
        when_kept("EXIF", kept.exif == said.exif, kept.exif.is_none());
        when_kept("XMP", kept.xmp == said.xmp, kept.xmp.is_none());
        when_kept("IPTC", kept.iptc == said.iptc, kept.iptc.is_none());
        when_kept("artist", kept.artist == said.artist, kept.artist.is_none());
        when_kept("copyright", kept.copyright == said.copyright, kept.copyright.is_none());
        let Some(Resolution { x, y, unit }) = kept.resolution else {
            assert!(is_lost("resolution"), "{format:?}");
            continue;
        };
        assert!((x / y - 2.0).abs() < 1e-3, "{format:?} {x} {y}");
        let per_inch = Resolution { x, y, unit }.per(Unit::Inch);
        let is_length = unit != Unit::Unknown;
        assert_eq!(is_length, format != FileFormat::OpenExr);
        assert!(!is_length || (per_inch.x - 300.0).abs() < 0.1, "{format:?} {per_inch:?}");
    }
}

#[test]
fn a_turned_picture_has_its_resolution_turned() {
    let mut picture = picture();
    picture.metadata_mut().exif = Some(exif(6));
    let (back, _) = through(&picture, FileFormat::Jpeg);
    let expected = Resolution { x: 150.0, y: 300.0, unit: Unit::Inch };
    assert_eq!(back.metadata().resolution, Some(expected));
}

#[test]
fn xmp_says_how_a_picture_lies_where_exif_does_not() {
    let mut picture = picture();
    let metadata = picture.metadata_mut();
    metadata.exif = None;
    metadata.xmp = Some(b"<rdf:Description tiff:Orientation=\"8\"/>".to_vec());
    for format in [FileFormat::Png, FileFormat::Jpeg, FileFormat::WebP, FileFormat::Tiff] {
        let (back, _) = through(&picture, format);
        assert_eq!((back.width(), back.height()), (16, 24), "{format:?}");
        let packet = back.metadata().xmp.clone().unwrap();
        assert_eq!(packet, b"<rdf:Description tiff:Orientation=\"1\"/>");
        let (again, _) = through(&back, format);
        assert_eq!((again.width(), again.height()), (16, 24), "{format:?}");
    }
}

/// Before PNG had chunks for them, ImageMagick wrote blocks as text.
#[test]
fn raw_profiles_in_png_are_read() {
    let block = exif(6);
    let hexadecimal: String = block.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!("\nexif\n{:8}\n{hexadecimal}\n", block.len());
    let content = [b"Raw profile type exif\0", text.as_bytes()].concat();
    let file = png_file((2, 1), 8, 0, &[png_chunk(b"tEXt", &content)], &[0, 10, 20]);
    let picture = read_bytes(&file, "memory").unwrap();
    assert_eq!((picture.width(), picture.height()), (1, 2));
    assert_eq!(picture.metadata().exif.as_deref(), Some(&exif(1)[..]));
}

#[test]
fn what_is_too_long_for_a_jpeg_is_told() {
    let mut picture = picture();
    picture.metadata_mut().xmp = Some(vec![b' '; 70_000]);
    let (_, notes) = bytes_of(&picture, FileFormat::Jpeg);
    assert!(notes.iter().any(|note| note.contains("XMP") && note.contains("too long")));
}
