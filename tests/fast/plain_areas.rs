//! What has no contrast of its own stays plain, and fades fade.

use impasto::Settings;
use impasto::canvas::PlainAreas;
use impasto::fast::Look;
use impasto::image::Picture;

use crate::common::pictures::{RGB_F32, drawn, photo_part, pixels};
use crate::common::{paint, settings, style};
use crate::looks::{WHOLE, look_for, paint_with};

const STYLES: [&str; 3] = ["starry-night", "great-wave", "woodcut"];

fn flat(tone: f32) -> Picture {
    drawn(240, 160, RGB_F32, |_, _| [tone, tone, tone, 1.0])
}

/// Mean and standard deviation of all samples, in steps of 8 bits.
fn spread(picture: &Picture) -> (f32, f32) {
    let samples: Vec<f32> = pixels(picture).iter().flat_map(|p| [p[0], p[1], p[2]]).collect();
    let count = samples.len() as f32;
    let mean = samples.iter().sum::<f32>() / count;
    let square = samples.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / count;
    (mean * 255.0, square.sqrt() * 255.0)
}

#[test]
fn black_frames_stay_black_and_white_ones_plain() {
    for name in STYLES {
        for layers in [1, 3] {
            for strength in [0.0, 1.0] {
                let options = settings(|s| (s.fast.layers, s.fast.strength) = (layers, strength));
                let (black, _) = spread(&paint(&flat(0.0), &style(name), &options));
                let (_, white) = spread(&paint(&flat(1.0), &style(name), &options));
                assert!(black <= 3.0 && white <= 3.0, "{name}: {black} {white}");
            }
        }
    }
}

#[test]
fn what_is_flat_is_painted_where_that_is_asked_for() {
    let options = settings(|s| s.finishing.plain_areas = PlainAreas::Paint);
    let (_, painted) = spread(&paint(&flat(1.0), &style("woodcut"), &options));
    assert!(painted > 3.0, "{painted}");
}

#[test]
fn a_product_is_painted_and_its_background_is_not() {
    let photo = pixels(&photo_part(0, 0, 400, 300));
    let is_product = |x: u32, y: u32| (130..270).contains(&x) && (80..220).contains(&y);
    let product = drawn(400, 300, RGB_F32, |x, y| {
        if is_product(x, y) { photo[(y * 400 + x) as usize] } else { [1.0; 4] }
    });
    for name in STYLES {
        let painted = paint(&product, &style(name), &Settings::default());
        let (before, after) = (pixels(&product), pixels(&painted));
        let mean_change = |of: &dyn Fn(u32, u32) -> bool| {
            let places = (0..300).flat_map(|y| (0..400).map(move |x| (x, y)));
            let changes: Vec<f32> = places
                .filter(|&(x, y)| of(x, y))
                .map(|(x, y)| {
                    (before[(y * 400 + x) as usize][1] - after[(y * 400 + x) as usize][1]).abs()
                })
                .collect();
            changes.iter().sum::<f32>() / changes.len() as f32
        };
        let far = mean_change(&|x, y| !(60..340).contains(&x) || !(30..270).contains(&y));
        let product = mean_change(&is_product);
        assert!(far < 1.0 / 255.0 && product > 10.0 / 255.0, "{name}: {far} {product}");
    }
}

#[test]
fn a_small_light_in_a_dark_picture_stays_light() {
    let photo = pixels(&photo_part(100, 60, 240, 180));
    let is_light = |x: u32, y: u32| (117..123).contains(&x) && (87..93).contains(&y);
    let dark = drawn(240, 180, RGB_F32, |x, y| match is_light(x, y) {
        true => [1.0, 0.9, 0.8, 1.0],
        false => photo[(y * 240 + x) as usize].map(|v| v * 0.2),
    });
    let painted = pixels(&paint(&dark, &style("starry-night"), &Settings::default()));
    assert!(painted[90 * 240 + 120][0] > 0.7, "{:?}", painted[90 * 240 + 120]);
}

#[test]
fn a_fade_to_black_fades() {
    let photo = pixels(&photo_part(100, 60, 360, 270));
    let frame = |share: f32| {
        drawn(360, 270, RGB_F32, |x, y| photo[(y * 360 + x) as usize].map(|v| v * share))
    };
    let options = Settings::default();
    for name in STYLES {
        let mut means = Vec::new();
        let mut first: Option<Look> = None;
        for step in 0..9 {
            let frame = frame(1.0 - step as f32 / 8.0);
            let (own, _) = spread(&paint(&frame, &style(name), &options));
            let look = first.get_or_insert_with(|| look_for(&style(name), &frame, &options));
            let (locked, _) =
                spread(&paint_with(&style(name), &frame, Some(look), &options, WHOLE));
            assert!((own - locked).abs() < 15.0, "{name}, step {step}: {own}, locked {locked}");
            means.push(own);
        }
        println!("{name}: {means:?}");
        assert!(means.is_sorted_by(|a, b| a > b), "{name}: {means:?}");
        assert!(means[8] < 3.0, "{name}: {means:?}");
    }
}
