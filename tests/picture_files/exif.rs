//! EXIF blocks are of the picture as it is written.

use impasto::file::FileFormat;
use impasto::image::{Channels, ColorSpace, SampleType};

use crate::fixtures::{patterned, through};

const THUMBNAIL: &[u8] = b"\xff\xd8 a little picture of what was there before \xff\xd9";

/// A number in a directory: its tag, and what it is.
type Line = (u16, u32);

/// A block with sizes in both of its directories, and behind them a thumbnail.
fn with_thumbnail(is_little: bool, turned: u32, behind: &[u8]) -> Vec<u8> {
    let short = |v: u16| if is_little { v.to_le_bytes() } else { v.to_be_bytes() };
    let long = |v: u32| if is_little { v.to_le_bytes() } else { v.to_be_bytes() };
    let directory = |lines: &[Line], next: u32| {
        let mut bytes = short(lines.len() as u16).to_vec();
        for &(tag, value) in lines {
            bytes.extend(short(tag));
            bytes.extend(short(4));
            bytes.extend(long(1));
            bytes.extend(long(value));
        }
        bytes.extend(long(next));
        bytes
    };
    let length = |lines: u32| 2 + 12 * lines + 4;
    let own = 8 + length(4);
    let second = own + length(2);
    let pixels = second + length(2);
    let mut block = if is_little { b"II".to_vec() } else { b"MM".to_vec() };
    block.extend(short(42));
    block.extend(long(8));
    let first = [(0x0100, 4000), (0x0101, 3000), (0x0112, 1), (0x8769, own)];
    let at = block.len();
    block.extend(directory(&first, second));
    // The orientation is a number of 16 bits.
    let line = at + 2 + 2 * 12;
    block[line + 2..line + 4].copy_from_slice(&short(3));
    block[line + 8..line + 12].copy_from_slice(&[short(turned as u16), [0; 2]].concat());
    block.extend(directory(&[(0xa002, 4000), (0xa003, 3000)], 0));
    block.extend(directory(&[(0x0201, pixels), (0x0202, THUMBNAIL.len() as u32)], 0));
    block.extend(THUMBNAIL);
    block.extend(behind);
    block
}

#[test]
fn the_thumbnail_of_the_photograph_is_left_out_and_sizes_are_the_pictures() {
    for is_little in [false, true] {
        for format in [FileFormat::Jpeg, FileFormat::Png, FileFormat::WebP] {
            for behind in [&b""[..], b"a camera's own notes"] {
                let mut picture =
                    patterned(48, 32, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
                picture.metadata_mut().exif = Some(with_thumbnail(is_little, 6, behind));
                let (back, _) = through(&picture, format);
                assert_eq!((back.width(), back.height()), (32, 48));
                let block = back.metadata().exif.as_deref().unwrap();
                let has = |part: &[u8]| block.windows(part.len()).any(|bytes| bytes == part);
                assert!(!has(&THUMBNAIL[2..10]));
                assert!(block.ends_with(behind));
                let number = |at: usize| {
                    let bytes = block[at..at + 4].try_into().unwrap();
                    if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
                };
                let value = |directory: usize, line: usize| number(directory + 10 + 12 * line);
                assert_eq!([value(8, 0), value(8, 1)], [32, 48]);
                let own = value(8, 3) as usize;
                assert_eq!([value(own, 0), value(own, 1)], [32, 48]);
                // No second directory is linked.
                assert_eq!(number(8 + 2 + 12 * 4), 0);
            }
        }
    }
}

#[test]
fn a_damaged_block_does_no_harm() {
    let whole = with_thumbnail(true, 1, b"");
    for length in 0..whole.len() {
        let mut picture = patterned(8, 8, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
        picture.metadata_mut().exif = Some(whole[..length].to_vec());
        let (back, _) = through(&picture, FileFormat::Png);
        assert_eq!(back.data(), picture.data());
    }
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] = 0xff;
        let mut picture = patterned(8, 8, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
        picture.metadata_mut().exif = Some(damaged);
        let (back, _) = through(&picture, FileFormat::Png);
        // It may say now that the picture lies on its side.
        assert_eq!((back.width(), back.height()), (8, 8));
    }
}
