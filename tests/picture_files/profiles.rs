//! Colour profiles: kept, converted from, or left out.

use impasto::file::FileFormat;
use impasto::image::{Channels, ColorSpace, SampleType};
use moxcms::ColorProfile;

use crate::fixtures::{assert_near, floats, patterned, through, with_pixels};

#[test]
fn profiles_survive_byte_for_byte() {
    let rgb = ColorProfile::new_display_p3().encode().unwrap();
    let gray = ColorProfile::new_gray_with_gamma(1.8).encode().unwrap();
    for format in [FileFormat::Png, FileFormat::Jpeg, FileFormat::Tiff, FileFormat::WebP] {
        for (channels, icc) in [(Channels::Rgb, &rgb), (Channels::Gray, &gray)] {
            if format == FileFormat::WebP && channels == Channels::Gray {
                continue;
            }
            let space = ColorSpace::Icc(icc.clone().into());
            let picture = patterned(12, 10, channels, SampleType::U8, space.clone());
            let (back, notes) = through(&picture, format);
            assert!(*back.color_space() == space, "{format:?} {channels:?}");
            assert!(notes.is_empty(), "{notes:?}");
        }
    }
    let space = ColorSpace::Icc(rgb.into());
    for sample in [SampleType::U16, SampleType::F16, SampleType::F32] {
        let picture = patterned(12, 10, Channels::Rgba, sample, space.clone());
        assert!(through(&picture, FileFormat::Tiff).0 == picture);
    }
}

#[test]
fn profiles_that_do_not_fit_are_left_out_with_a_word() {
    let rgb = ColorProfile::new_display_p3().encode().unwrap();
    for icc in [rgb, b"no profile".to_vec()] {
        for format in FileFormat::WRITTEN {
            let space = ColorSpace::Icc(icc.clone().into());
            let picture = patterned(4, 4, Channels::Gray, SampleType::U8, space);
            let (back, notes) = through(&picture, format);
            assert!(!matches!(back.color_space(), ColorSpace::Icc(_)));
            assert!(notes.iter().any(|note| note.contains("profile")), "{format:?} {notes:?}");
        }
    }
}

#[test]
fn a_gray_profile_becomes_srgb_in_webp() {
    let linear = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    let picture = with_pixels(
        Channels::Gray,
        SampleType::U16,
        ColorSpace::Icc(linear.into()),
        &[0.0, 0.214, 0.5, 1.0],
    );
    let (back, notes) = through(&picture, FileFormat::WebP);
    let (zero, half, three) = (0.0, 0.5, 0.735);
    let expected = [zero, zero, zero, half, half, half, three, three, three, 1.0, 1.0, 1.0];
    assert_near(&floats(&back), &expected, 0.01);
    assert_eq!(notes.len(), 2, "{notes:?}");
}

#[test]
fn srgb_floats_in_tiff_stay_srgb() {
    for channels in [Channels::Gray, Channels::Rgb] {
        let picture = patterned(5, 5, channels, SampleType::F32, ColorSpace::Srgb);
        let (back, notes) = through(&picture, FileFormat::Tiff);
        assert_eq!(back.data(), picture.data());
        let ColorSpace::Icc(icc) = back.color_space() else { panic!("no profile") };
        // 0.5 of it is 0.214 of linear light.
        let picture =
            with_pixels(channels, SampleType::F32, ColorSpace::Icc(icc.clone()), &[0.5; 3]);
        let (linear, _) = through(&picture, FileFormat::OpenExr);
        assert_near(&floats(&linear), &[0.214; 3], 0.002);
        assert!(notes.is_empty());
    }
}
