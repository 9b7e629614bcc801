//! Pictures that are stored lying on a side.

use impasto::file::{FileFormat, read_bytes};
use impasto::image::{Channels, ColorSpace, Picture, PixelFormat, SampleType};

use crate::by_hand::{TiffFile, png_chunk, tiff_file};
use crate::fixtures::{bytes_of, exif, patterned, through};

/// The stored 3x2 picture 1 2 3 / 4 5 6, upright, for every orientation.
const UPRIGHT: [(u32, [u8; 6]); 8] = [
    (3, [1, 2, 3, 4, 5, 6]),
    (3, [3, 2, 1, 6, 5, 4]),
    (3, [6, 5, 4, 3, 2, 1]),
    (3, [4, 5, 6, 1, 2, 3]),
    (2, [1, 4, 2, 5, 3, 6]),
    (2, [4, 1, 5, 2, 6, 3]),
    (2, [6, 3, 5, 2, 4, 1]),
    (2, [3, 6, 2, 5, 1, 4]),
];

#[test]
fn pictures_are_turned_upright() {
    for (k, (width, upright)) in UPRIGHT.into_iter().enumerate() {
        let orientation = k as u16 + 1;
        for format in [FileFormat::Png, FileFormat::WebP, FileFormat::Jpeg] {
            // Squares of 16 pixels, which JPEG keeps apart.
            let cell = 16;
            let layout = PixelFormat::new(Channels::Rgb, SampleType::U8);
            let mut stored = Picture::new(3 * cell, 2 * cell, layout, ColorSpace::Srgb).unwrap();
            for (k, pixel) in stored.data_mut().chunks_exact_mut(3).enumerate() {
                let (x, y) = (k as u32 % (3 * cell), k as u32 / (3 * cell));
                pixel.fill((y / cell * 3 + x / cell + 1) as u8 * 30);
            }
            stored.metadata_mut().exif = Some(exif(orientation));
            let (back, _) = through(&stored, format);
            assert_eq!((back.width(), back.height()), (width * cell, 6 / width * cell));
            let at = |x: u32, y: u32| back.data()[((y * width * cell + x) * 3) as usize];
            let cells: Vec<_> = (0..6)
                .map(|k| at(k % width * cell + 8, k / width * cell + 8))
                .map(|value| (f32::from(value) / 30.0).round() as u8)
                .collect();
            assert_eq!(cells, upright, "{format:?} {orientation}");
            // The block stays, told that there is nothing left to turn.
            assert_eq!(back.metadata().exif.as_deref(), Some(&exif(1)[..]));
            let (again, _) = through(&back, format);
            assert_eq!(
                (again.width(), again.metadata().exif.as_deref()),
                (back.width(), Some(&exif(1)[..]))
            );
        }
        let tiff =
            tiff_file(&TiffFile { orientation, ..TiffFile::gray(3, 2, &[1, 2, 3, 4, 5, 6]) });
        let back = read_bytes(&tiff, "memory").unwrap();
        assert_eq!((back.width(), back.data()), (width, &upright[..]), "TIFF {orientation}");
    }
}

#[test]
fn a_png_may_have_its_exif_block_after_the_pixels() {
    let (mut bytes, _) = bytes_of(
        &patterned(3, 2, Channels::Gray, SampleType::U8, ColorSpace::Srgb),
        FileFormat::Png,
    );
    let end = bytes.split_off(bytes.len() - 12);
    bytes.extend(png_chunk(b"eXIf", &exif(6)));
    bytes.extend(end);
    let picture = read_bytes(&bytes, "memory").unwrap();
    assert_eq!((picture.width(), picture.height()), (2, 3));
    assert_eq!(picture.metadata().exif.as_deref(), Some(&exif(1)[..]));
}
