//! What is not as it should be in a file, and what other programs make of it.

use impasto::file::read_bytes;
use impasto::image::{Channels, Picture};

use crate::by_hand::{TiffFile, tiff_file};
use crate::fixtures::floats;

/// A BMP of 3x2 pixels with a palette of four colours, not compressed or in runs.
fn bmp(height: i32, compression: u32, pixels: &[u8]) -> Vec<u8> {
    let mut file = b"BM\0\0\0\0\0\0\0\0".to_vec();
    let numbers = [14 + 40 + 16, 40, 3, height as u32, 8 << 16 | 1, compression, 0, 0, 0, 4, 0];
    file.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    file.extend([9, 9, 9, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0]);
    file.extend(pixels);
    file
}

const ROWS: [u8; 8] = [1, 2, 3, 0, 3, 2, 1, 0];

fn read(file: &[u8]) -> Picture {
    read_bytes(file, "memory").unwrap()
}

#[test]
fn headers_of_bitmaps_are_mended() {
    let whole = bmp(2, 0, &ROWS);
    let expected = read(&whole);
    let changed = |at: usize, value: &[u8]| {
        let mut file = whole.clone();
        file[at..at + value.len()].copy_from_slice(value);
        file
    };
    let with_os2_header = {
        let mut file = changed(14, &[64]);
        file[10] += 24;
        file.splice(54..54, [0; 24]);
        file
    };
    for (what, file) in [
        ("a name of OS/2", changed(6, &[21, 0, 16, 0])),
        ("no planes", changed(26, &[0])),
        ("pixels in the palette", changed(10, &[54])),
        ("OS/2's second header", with_os2_header),
        ("a clipboard", whole[14..].to_vec()),
    ] {
        assert!(read(&file) == expected, "{what}");
    }
}

#[test]
fn runs_from_the_top_are_turned() {
    // One pixel, the end of the row, two pixels, the end. What is left out has the first colour.
    let runs = [1, 2, 0, 0, 2, 3, 0, 1];
    let [gray, green, blue] = [[9; 3], [0, 255, 0], [0, 0, 255]];
    assert_eq!(
        read(&bmp(2, 1, &runs)).data(),
        [blue, blue, gray, green, gray, gray].as_flattened()
    );
    assert_eq!(
        read(&bmp(-2, 1, &runs)).data(),
        [green, gray, gray, blue, blue, gray].as_flattened()
    );
}

#[test]
fn runs_over_the_border_are_cut_off() {
    let [gray, red, green, blue] = [[9; 3], [255, 0, 0], [0, 255, 0], [0, 0, 255]];
    let expected = [gray, gray, blue, red, red, red];
    for runs in [
        vec![9, 1, 0, 0, 0, 2, 2, 0, 7, 3, 0, 0, 5, 2, 0, 1],
        // Up to the border, then one to the right and two down, where nothing is.
        vec![0, 3, 1, 1, 1, 0, 0, 0, 0, 2, 2, 0, 1, 3, 0, 2, 1, 2, 9, 2],
    ] {
        assert_eq!(read(&bmp(2, 1, &runs)).data(), expected.as_flattened(), "{runs:?}");
    }
    for length in 0..6 {
        let message = read_bytes(&bmp(2, 1, &[3, 1, 0, 0, 1, 1, 1][..length]), "memory");
        assert!(message.is_err_and(|e| e.full_message().contains("ends before")), "{length}");
    }
    let nibbles = [4, 0x12, 0, 0, 0, 3, 0x12, 0x30, 0, 1];
    let mut file = bmp(2, 2, &nibbles);
    file[28] = 4;
    assert_eq!(read(&file).data(), [red, green, blue, red, green, red].as_flattened());
}

#[test]
fn a_first_picture_beside_its_screen_widens_it() {
    let side = 1_u16.to_le_bytes();
    let screen = [&b"GIF89a"[..], &side, &side, &[0x80, 0, 0, 1, 2, 3, 4, 5, 6]].concat();
    let frame = [&[0x2c, 1, 0, 0, 0][..], &side, &side, &[0, 2, 2, 0x44, 0x01, 0, 0x3b]].concat();
    let picture = read(&[screen, frame].concat());
    assert_eq!([picture.width(), picture.height()], [2, 1]);
    assert_eq!(picture.data(), [0, 0, 0, 0, 1, 2, 3, 255]);
}

#[test]
fn four_samples_of_unsaid_colours_are_inks_where_the_file_has_inks() {
    let pixels = [0, 255, 255, 0];
    let said = TiffFile { samples: 4, photometric: 5, ..TiffFile::gray(1, 1, &pixels) };
    let expected = read(&tiff_file(&said));
    let mut file = tiff_file(&said);
    let tag = |number: u16| [&number.to_le_bytes()[..], &[3, 0]].concat();
    let at = file.windows(4).position(|bytes| bytes == tag(262)).unwrap();
    file[at..at + 12].copy_from_slice(&[&tag(332)[..], &[1, 0, 0, 0, 1, 0, 0, 0]].concat());
    assert!(read(&file) == expected);
}

/// A TGA of one pixel of 32 bits.
fn tga(alpha_bits: u8, pixel: [u8; 4]) -> Vec<u8> {
    [&[0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 32, alpha_bits][..], &pixel].concat()
}

#[test]
fn alpha_that_says_nothing_is_none() {
    for (file, channels) in [
        (tga(8, [1, 2, 3, 4]), Channels::Rgba),
        (tga(8, [1, 2, 3, 0]), Channels::Rgb),
        (tga(0, [1, 2, 3, 4]), Channels::Rgb),
    ] {
        let picture = read(&file);
        assert_eq!(picture.format().channels, channels);
        assert_eq!(picture.data()[..3], [3, 2, 1]);
    }
}

#[test]
fn floats_of_netpbm_are_read_from_the_lowest_row() {
    let numbers = [0.25_f32, 0.5, 2.0, -1.0];
    for (scale, bytes) in
        [("-1.0", numbers.map(f32::to_le_bytes)), ("1", numbers.map(f32::to_be_bytes))]
    {
        let file = [format!("Pf\n2 2\n{scale}\n").as_bytes(), bytes.as_flattened()].concat();
        assert_eq!(floats(&read(&file)), [2.0, -1.0, 0.25, 0.5]);
        for length in 0..file.len() {
            assert!(read_bytes(&file[..length], "memory").is_err());
        }
    }
}

#[test]
fn an_orientation_of_another_kind_is_none() {
    let mut file = tiff_file(&TiffFile { orientation: 6, ..TiffFile::gray(2, 1, &[1, 2]) });
    let tag = 274_u16.to_le_bytes();
    assert_eq!(read(&file).width(), 1);
    let at = file.windows(4).position(|bytes| bytes == [tag[0], tag[1], 3, 0]).unwrap();
    file[at + 2] = 7;
    assert_eq!(read(&file).width(), 2);
}
