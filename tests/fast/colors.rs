//! Colours outside sRGB.

use impasto::fast::FastOptions;
use impasto::image::{CodePoints, ColorSpace, Picture};
use moxcms::ColorProfile;

use crate::common::pictures::{RGB_F32, drawn, mean_difference, photo_part, pixels, scene};
use crate::common::{paint, style};

#[test]
fn light_above_white_survives() {
    let lamp = |x: u32, y: u32| (80..120).contains(&x) && (40..80).contains(&y);
    let mut picture = drawn(200, 120, RGB_F32, |x, y| {
        let [r, g, b, a] = scene(x, y);
        if lamp(x, y) { [7.5, 4.0, 2.0, a] } else { [r * 0.5, g * 0.5, b * 0.5, a] }
    });
    picture.set_color_space(ColorSpace::LinearSrgb);
    let painted = pixels(&paint(&picture, &style("great-wave"), &FastOptions::default()));
    for (k, pixel) in painted.iter().enumerate() {
        let (x, y) = (k as u32 % 200, k as u32 / 200);
        // What lies above 1 is put back over a painting that lies within 0 and 1.
        let least = if lamp(x, y) { [6.5, 3.0, 1.0] } else { [0.0; 3] };
        for channel in 0..3 {
            let over = pixel[channel] - least[channel];
            assert!((-1e-3..=1.0 + 1e-3).contains(&over), "{x},{y}: {pixel:?}");
        }
    }
}

#[test]
fn darkness_below_black_survives() {
    let picture = drawn(96, 96, RGB_F32, |x, y| {
        let [r, g, b, a] = scene(x, y);
        if x < 48 { [-0.5, g, b, a] } else { [r, g, b, a] }
    });
    let painted = pixels(&paint(&picture, &style("ink"), &FastOptions::default()));
    for row in painted.chunks_exact(96) {
        assert!(row[..48].iter().all(|p| (-0.501..=0.501).contains(&p[0])));
        assert!(row[48..].iter().all(|p| (-1e-3..=1.001).contains(&p[0])));
    }
}

/// The same colours in other numbers give the same colours painted.
fn assert_same_colors(space: ColorSpace, tolerance: f32) {
    let picture = photo_part(100, 60, 200, 150);
    let style = style("starry-night");
    let options = FastOptions::default();
    let expected = paint(&picture, &style, &options);
    let other = picture.converted(RGB_F32, space.clone()).unwrap();
    let painted = paint(&other, &style, &options);
    assert!(*painted.color_space() == space);
    let back = painted.converted(RGB_F32, ColorSpace::Srgb).unwrap();
    let near = mean_difference(&back, &expected);
    let untold = mean_difference(&numbers(&painted), &expected);
    println!("{:.3}/255 apart; numbers alone {:.3}/255", near * 255.0, untold * 255.0);
    assert!(near < tolerance, "{near}");
    // Otherwise the conversion did nothing.
    assert!(untold > 3.0 * near, "{untold}");
}

fn numbers(picture: &Picture) -> Picture {
    let mut picture = picture.clone();
    picture.set_color_space(ColorSpace::Srgb);
    picture
}

#[test]
fn a_picture_in_display_p3_is_painted_as_the_same_picture_in_srgb() {
    let icc = ColorProfile::new_display_p3().encode().unwrap();
    assert_same_colors(ColorSpace::Icc(icc.into()), 1.5 / 255.0);
}

#[test]
fn a_picture_in_linear_light_is_painted_as_the_same_picture_in_srgb() {
    assert_same_colors(ColorSpace::LinearSrgb, 0.5 / 255.0);
}

#[test]
fn a_picture_in_pq_or_hlg_is_painted_as_the_same_picture_in_srgb() {
    for transfer in [16, 18] {
        assert_same_colors(ColorSpace::Coded(CodePoints::full_range(9, transfer)), 0.5 / 255.0);
    }
}

/// A lamp of 1000 cd/m² is 0.751827 of PQ, white 0.580689.
#[test]
fn light_above_white_survives_in_pq() {
    let lamp = |x: u32| (80..120).contains(&x);
    let coded = ColorSpace::Coded(CodePoints::full_range(9, 16));
    let mut picture = drawn(200, 120, RGB_F32, scene).converted(RGB_F32, coded).unwrap();
    for y in 40..80 {
        picture.view_mut().write_row(y, 80, &[[0.751_827; 4]; 40]);
    }
    let painted = pixels(&paint(&picture, &style("great-wave"), &FastOptions::default()));
    for row in painted.chunks_exact(200).skip(40).take(40) {
        for (x, pixel) in (0..).zip(row) {
            let least = if lamp(x) { 0.751_827 - 0.580_689 } else { 0.0 };
            for value in &pixel[..3] {
                let over = value - least;
                assert!((-2e-3..=0.580_689 + 2e-3).contains(&over), "{x}: {pixel:?}");
            }
        }
    }
}

#[test]
fn a_profile_that_is_none_is_refused() {
    let mut picture = drawn(32, 32, RGB_F32, scene);
    picture.set_color_space(ColorSpace::Icc(b"no profile".to_vec().into()));
    let cancel = impasto::job::Cancel::new();
    let refused = crate::common::try_paint(
        &picture,
        None,
        &style("ink"),
        &FastOptions::default(),
        crate::common::job(&cancel),
    );
    let error = refused.err().unwrap();
    assert_eq!(error.kind(), impasto::ErrorKind::Picture);
    assert!(error.full_message().contains("profile"));
}
