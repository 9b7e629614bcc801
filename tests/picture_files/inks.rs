//! CMYK becomes the colours that its profile says.

use impasto::file::read_bytes;
use impasto::image::{Channels, ColorSpace};
use moxcms::{
    ColorProfile, DataColorSpace, LutDataType, LutStore, LutType, LutWarehouse, Matrix3d,
    ProfileClass,
};

use crate::by_hand::{TiffFile, cmyk_jpeg, tiff_file};
use crate::fixtures::{assert_near, floats};

/// Inks of a strange printer: its cyan is red, the others are black.
fn profile() -> Vec<u8> {
    // Lab, as tables of 16 bits hold it.
    let lab = |l: f32, a: f32, b: f32| {
        [l / 100.0 * 65280.0, (a + 128.0) * 256.0, (b + 128.0) * 256.0].map(|v| v as u16)
    };
    let (paper, red, black) = (lab(100.0, 0.0, 0.0), lab(54.29, 80.81, 69.89), lab(0.0, 0.0, 0.0));
    // The last ink changes from one entry to the next.
    let corners = (0..16).flat_map(|inks| match inks {
        0b0000 => paper,
        0b1000 => red,
        _ => black,
    });
    let straight = |count: usize| LutStore::Store16([0, 65535].repeat(count));
    let table = LutDataType {
        num_input_channels: 4,
        num_output_channels: 3,
        num_clut_grid_points: 2,
        matrix: Matrix3d::IDENTITY,
        num_input_table_entries: 2,
        num_output_table_entries: 2,
        input_table: straight(4),
        clut_table: LutStore::Store16(corners.collect()),
        output_table: straight(3),
        lut_type: LutType::Lut16,
    };
    let mut profile = ColorProfile::default();
    profile.pcs = DataColorSpace::Lab;
    profile.color_space = DataColorSpace::Cmyk;
    profile.profile_class = ProfileClass::OutputDevice;
    profile.white_point = ColorProfile::new_srgb().white_point;
    profile.lut_a_to_b_perceptual = Some(LutWarehouse::Lut(table));
    profile.encode().unwrap()
}

/// Paper, cyan, black.
const PIXELS: [[u8; 4]; 3] = [[0, 0, 0, 0], [255, 0, 0, 0], [0, 0, 0, 255]];

const RED: [f32; 9] = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
const CYAN: [f32; 9] = [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0];

#[test]
fn tiff_is_printed_by_its_profile() {
    let file =
        TiffFile { samples: 4, photometric: 5, ..TiffFile::gray(3, 1, PIXELS.as_flattened()) };
    for (icc, expected) in [(None, CYAN), (Some(profile()), RED)] {
        let picture = read_bytes(&tiff_file(&TiffFile { icc: icc.as_deref(), ..file }), "memory");
        let picture = picture.unwrap();
        assert_eq!(picture.format().channels, Channels::Rgb);
        assert_eq!(*picture.color_space(), ColorSpace::Srgb);
        assert_near(&floats(&picture), &expected, 0.03);
    }
}

#[test]
fn jpeg_is_printed_by_its_profile() {
    for (icc, expected) in [(Vec::new(), CYAN), (profile(), RED)] {
        for (pixel, expected) in PIXELS.into_iter().zip(expected.chunks_exact(3)) {
            // What is left without the ink, and no more than the file's one code can hold.
            let stored = pixel.map(|ink| (255 - ink).clamp(2, 253));
            let picture = read_bytes(&cmyk_jpeg(stored, &icc), "memory").unwrap();
            assert_eq!(*picture.color_space(), ColorSpace::Srgb);
            assert_near(&floats(&picture)[..3], expected, 0.06);
        }
    }
}
