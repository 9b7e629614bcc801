//! PNG of other programs.

use impasto::file::read_bytes;
use impasto::image::{Channels, PixelFormat, SampleType};

use crate::by_hand::{png_chunk, png_file};

#[test]
fn small_png_kinds_are_expanded() {
    let palette = png_chunk(b"PLTE", &[1, 2, 3, 40, 50, 60, 7, 8, 9]);
    let clear = png_chunk(b"tRNS", &[255, 0]);
    let file = png_file((3, 1), 2, 3, &[palette.clone(), clear], &[0, 0b00_01_10_00]);
    let picture = read_bytes(&file, "memory").unwrap();
    assert_eq!(picture.format(), PixelFormat::new(Channels::Rgba, SampleType::U8));
    assert_eq!(picture.data(), [1, 2, 3, 255, 40, 50, 60, 0, 7, 8, 9, 255]);
    let file = png_file((3, 1), 8, 3, &[palette], &[0, 2, 1, 0]);
    assert_eq!(read_bytes(&file, "memory").unwrap().data(), [7, 8, 9, 40, 50, 60, 1, 2, 3]);
    for (bits, row, expected) in [(1, 0b1010_0000, [255, 0, 255]), (2, 0b11_01_00_00, [255, 85, 0])]
    {
        let picture = read_bytes(&png_file((3, 1), bits, 0, &[], &[0, row]), "memory").unwrap();
        assert_eq!(picture.data(), expected);
    }
}

#[test]
fn of_a_transparent_gray_its_own_bits_count() {
    for (bits, row, key) in
        [(1, 0b1000_0000, [0, 255]), (2, 0b1100_0000, [7, 3]), (8, 255, [1, 255])]
    {
        let clear = png_chunk(b"tRNS", &key);
        // Code points that are not those of RGB are left out before it.
        for extra in [vec![clear.clone()], vec![png_chunk(b"cICP", &[1, 13, 1, 1]), clear]] {
            let file = png_file((2, 1), bits, 0, &extra, &[0, row, 0][..bits as usize / 8 + 2]);
            assert_eq!(
                read_bytes(&file, "memory").unwrap().data(),
                [255, 0, 0, 255],
                "{bits} bits"
            );
        }
    }
}
