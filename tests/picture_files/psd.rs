//! The flat picture of Photoshop's files.

use impasto::file::read_bytes;
use impasto::image::{Channels, Picture, SampleType};

use crate::by_hand::{PsdFile, psd_file};
use crate::fixtures::{assert_near, floats};

fn picture(file: PsdFile) -> Picture {
    read_bytes(&psd_file(file), "memory").unwrap()
}

#[test]
fn colours_of_every_kind_are_read() {
    use Channels::{Gray, Rgb};
    let half = 0.5_f32.to_be_bytes();
    let halves: [&[u8]; 3] = [&half, &half, &half];
    let palette: Vec<u8> = [10, 20, 30].iter().flat_map(|&v| [0, v].repeat(128)).collect();
    let cases: [(PsdFile, Channels, SampleType, &[f32], f32); 9] = [
        (PsdFile::pixel(0, 1, &[&[0x80]]), Gray, SampleType::U8, &[0.0], 0.0),
        (PsdFile::pixel(1, 8, &[&[51]]), Gray, SampleType::U8, &[0.2], 1e-6),
        (PsdFile::pixel(1, 16, &[&[0x33, 0x33]]), Gray, SampleType::U16, &[0.2], 1e-6),
        (
            PsdFile { palette: &palette, ..PsdFile::pixel(2, 8, &[&[3]]) },
            Rgb,
            SampleType::U8,
            &[10.0 / 255.0, 20.0 / 255.0, 30.0 / 255.0],
            1e-6,
        ),
        (PsdFile::pixel(3, 8, &[&[51], &[0], &[255]]), Rgb, SampleType::U8, &[0.2, 0.0, 1.0], 1e-6),
        (PsdFile::pixel(3, 32, &halves), Rgb, SampleType::F32, &[0.5; 3], 0.0),
        // Stored is what is left of the light: no cyan, all of yellow, a fifth of black.
        (
            PsdFile::pixel(4, 8, &[&[255], &[255], &[0], &[204]]),
            Rgb,
            SampleType::U8,
            &[0.8, 0.8, 0.0],
            1e-6,
        ),
        (PsdFile::pixel(9, 8, &[&[255], &[128], &[128]]), Rgb, SampleType::U8, &[1.0; 3], 0.005),
        // A selection that was kept is no alpha.
        (
            PsdFile::pixel(3, 8, &[&[51], &[0], &[255], &[7]]),
            Rgb,
            SampleType::U8,
            &[0.2, 0.0, 1.0],
            1e-6,
        ),
    ];
    for (file, channels, sample, expected, tolerance) in cases {
        let picture = picture(file);
        let format = picture.format();
        assert_eq!((format.channels, format.sample), (channels, sample), "{}", file.mode);
        assert_near(&floats(&picture), expected, tolerance);
    }
}

#[test]
fn the_white_behind_the_flat_picture_is_taken_out() {
    let channels: &[&[u8]] = &[&[255, 255, 128], &[127, 255, 0], &[255; 3], &[128, 0, 255]];
    let file = PsdFile { layers: -2, width: 3, ..PsdFile::pixel(3, 8, channels) };
    let picture = picture(file);
    assert_eq!(picture.format().channels, Channels::Rgba);
    let half = 128.0 / 255.0;
    let expected =
        [1.0, 0.0, 1.0, half, /**/ 1.0, 1.0, 1.0, 0.0, /**/ half, 0.0, 1.0, 1.0];
    assert_near(&floats(&picture), &expected, 0.005);
}

#[test]
fn packed_rows_are_read_and_damaged_files_refused() {
    let mut file = psd_file(PsdFile { width: 4, ..PsdFile::pixel(1, 8, &[]) });
    // One channel, whose row is three bytes long: 51 four times is two.
    file[13] = 1;
    let kind = file.len() - 1;
    file[kind] = 1;
    file.extend([0, 2, 253, 51]);
    assert_near(&floats(&read_bytes(&file, "memory").unwrap()), &[0.2; 4], 1e-6);
    for length in 0..file.len() {
        assert!(read_bytes(&file[..length], "memory").is_err());
    }
    for at in 4..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 0xff;
        read_bytes(&damaged, "memory").ok();
    }
}
