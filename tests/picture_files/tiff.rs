//! TIFF of other programs.

use half::f16;
use impasto::ErrorKind;
use impasto::file::read_bytes;
use impasto::image::{AlphaMode, Channels, ColorSpace, SampleType};

use crate::by_hand::{TiffFile, tiff_file};
use crate::fixtures::{assert_near, floats};

#[test]
fn tiff_kinds_of_others_are_read() {
    let read = |file: &TiffFile| read_bytes(&tiff_file(file), "memory").unwrap();
    let base = |pixels| TiffFile::gray(2, 1, pixels);

    // Associated alpha.
    let premultiplied = AlphaMode::Premultiplied;
    let picture = read(&TiffFile {
        samples: 4,
        photometric: 2,
        extra: Some(1),
        ..base(&[51, 102, 0, 102, 9, 9, 9, 0])
    });
    assert_eq!(picture.format().alpha, premultiplied);
    assert_eq!(picture.data(), [51, 102, 0, 102, 9, 9, 9, 0]);
    let picture = read(&TiffFile { samples: 2, extra: Some(1), ..base(&[51, 102, 3, 255]) });
    assert_eq!(picture.format().channels, Channels::GrayAlpha);
    assert_eq!(picture.format().alpha, premultiplied);
    assert_eq!(picture.data(), [51, 102, 3, 255]);
    // Unassociated, and a channel that is no alpha.
    let picture = read(&TiffFile { samples: 2, extra: Some(2), ..base(&[51, 102, 3, 255]) });
    assert_eq!(picture.format().alpha, AlphaMode::Straight);
    assert_eq!(picture.data(), [51, 102, 3, 255]);
    let picture = read(&TiffFile { samples: 2, extra: Some(0), ..base(&[51, 102, 3, 255]) });
    assert_eq!((picture.format().channels, picture.data()), (Channels::Gray, &[51, 3][..]));
    // Planes.
    let picture =
        read(&TiffFile { samples: 3, photometric: 2, planar: 2, ..base(&[1, 2, 3, 4, 5, 6]) });
    assert_eq!(picture.data(), [1, 3, 5, 2, 4, 6]);
    // CMYK.
    let picture =
        read(&TiffFile { samples: 4, photometric: 5, ..base(&[0, 0, 0, 0, 255, 0, 0, 51]) });
    assert_eq!(picture.data(), [255, 255, 255, 0, 204, 204]);
    // Bits, white is zero.
    let bits =
        TiffFile { bits: 1, photometric: 0, ..TiffFile::gray(10, 2, &[0x0f, 0x40, 0xff, 0]) };
    let picture = read(&bits);
    let w = 255;
    assert_eq!(picture.data(), [w, w, w, w, 0, 0, 0, 0, w, 0, 0, 0, 0, 0, 0, 0, 0, 0, w, w]);
    let picture = read(&TiffFile { bits: 4, ..TiffFile::gray(3, 1, &[0x0f, 0x80]) });
    assert_eq!(picture.data(), [0, 255, 136]);
    // 12 bits, of which a byte and a half are a sample.
    let picture = read(&TiffFile { bits: 12, ..base(&[0xff, 0xf0, 0x80]) });
    assert_eq!(picture.format().sample, SampleType::U16);
    assert_near(&floats(&picture), &[1.0, 128.0 / 4095.0], 1e-5);
    // The first bit of a byte last.
    let picture = read(&TiffFile { fill_order: 2, ..base(&[0b1000_0000, 0b0000_0101]) });
    assert_eq!(picture.data(), [1, 160]);
    // Four pixels that share chrominance.
    let shared =
        TiffFile { samples: 3, photometric: 6, ..TiffFile::gray(2, 2, &[9, 99, 0, 255, 128, 128]) };
    let picture = read(&shared);
    assert_eq!(picture.data(), [9, 9, 9, 99, 99, 99, 0, 0, 0, 255, 255, 255]);
    // Half and single floats.
    let half: Vec<u8> = [0.5, -2.0].iter().flat_map(|&v| f16::from_f32(v).to_le_bytes()).collect();
    let picture = read(&TiffFile { bits: 16, sample_format: 3, ..base(&half) });
    assert_eq!(picture.format().sample, SampleType::F16);
    assert_eq!(*picture.color_space(), ColorSpace::LinearSrgb);
    assert_eq!(floats(&picture), [0.5, -2.0]);
    let single: Vec<u8> = [0.5_f32, 1e9].iter().flat_map(|v| v.to_le_bytes()).collect();
    let picture = read(&TiffFile { bits: 32, sample_format: 3, ..base(&single) });
    assert_eq!(floats(&picture), [0.5, 1e9]);
    // Refused.
    for file in [
        // A palette that is missing, no known layout.
        TiffFile { photometric: 3, ..base(&[0, 1]) },
        TiffFile { planar: 7, ..base(&[0, 1]) },
    ] {
        let error = read_bytes(&tiff_file(&file), "memory").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Picture);
    }
}
