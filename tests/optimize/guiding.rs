//! Several styles, and where each is taken.

use impasto::ErrorKind;
use impasto::image::Picture;
use impasto::optimize::{OptimizeOptions, StylePart};

use crate::common::pictures::{RGB_F32, RGBA_F32, drawn, mean_color, photo_part, pixels};
use crate::{optimize, part_of, refusal, shallow, style};

const SIDE: u32 = 64;

/// Strokes of one colour, so that the Gram matrices have something off their diagonals.
fn strokes(color: [f32; 3]) -> Picture {
    drawn(64, 64, RGB_F32, |x, y| stroke(color, x, y))
}

fn stroke(color: [f32; 3], x: u32, y: u32) -> [f32; 4] {
    let light = 0.8 + 0.2 * ((x + 2 * y) as f32 / 5.0).sin();
    [color[0] * light, color[1] * light, color[2] * light, 1.0]
}

const RED: [f32; 3] = [0.9, 0.15, 0.1];
const BLUE: [f32; 3] = [0.1, 0.2, 0.9];

fn steps() -> OptimizeOptions {
    OptimizeOptions { style_weight: 300.0, ..shallow(15) }
}

fn left_half() -> Picture {
    drawn(SIDE, SIDE, RGB_F32, |x, _| if x < SIDE / 2 { [1.0; 4] } else { [0.0, 0.0, 0.0, 1.0] })
}

fn right_half() -> Picture {
    drawn(SIDE, SIDE, RGB_F32, |x, _| if x < SIDE / 2 { [0.0, 0.0, 0.0, 1.0] } else { [1.0; 4] })
}

/// Red minus blue in the mean, within some columns.
fn warmth(picture: &Picture, columns: std::ops::Range<u32>) -> f32 {
    let width = picture.width();
    let pixels = pixels(picture);
    let seen = pixels.iter().enumerate().filter(|(at, _)| columns.contains(&(*at as u32 % width)));
    let [red, _, blue] = mean_color(seen.map(|(_, pixel)| *pixel));
    red - blue
}

#[test]
fn weights_mix_styles() {
    let (photo, red, blue) = (photo_part(200, 150, SIDE, SIDE), strokes(RED), strokes(BLUE));
    let paint = |of_red, of_blue| {
        let styles = [
            StylePart { weight: of_red, ..style(&red) },
            StylePart { weight: of_blue, ..style(&blue) },
        ];
        optimize(&photo, &styles, &steps()).0
    };
    let warmths = [(9.0, 1.0), (1.0, 1.0), (0.1, 0.9)].map(|(r, b)| warmth(&paint(r, b), 0..SIDE));
    println!("{warmths:?}");
    assert!(warmths[0] > warmths[1] + 0.02 && warmths[1] > warmths[2] + 0.02, "{warmths:?}");
    // Only the ratio counts.
    assert!(paint(2.0, 2.0).data() == paint(0.5, 0.5).data());
}

#[test]
fn masks_lead_two_styles_to_two_halves() {
    let photo = photo_part(200, 150, SIDE, SIDE);
    let (red, blue, left, right) = (strokes(RED), strokes(BLUE), left_half(), right_half());
    let styles = [
        StylePart { mask: Some(&left), ..style(&red) },
        StylePart { mask: Some(&right), ..style(&blue) },
    ];
    let painted = optimize(&photo, &styles, &steps()).0;
    // Features reach over the border.
    let (on_left, on_right) = (warmth(&painted, 0..28), warmth(&painted, 36..SIDE));
    let (before_left, before_right) = (warmth(&photo, 0..28), warmth(&photo, 36..SIDE));
    println!("left {before_left} to {on_left}, right {before_right} to {on_right}");
    assert!(on_left > before_left + 0.1 && on_right < before_right - 0.1);

    let exchanged = [
        StylePart { mask: Some(&right), ..style(&red) },
        StylePart { mask: Some(&left), ..style(&blue) },
    ];
    let painted = optimize(&photo, &exchanged, &steps()).0;
    assert!(warmth(&painted, 0..28) < warmth(&painted, 36..SIDE));
}

#[test]
fn a_mask_of_any_size_and_a_style_without_one_go_together() {
    let photo = photo_part(200, 150, SIDE, SIDE);
    let (red, blue) = (strokes(RED), strokes(BLUE));
    let small = left_half().reduced(SIDE / 4, SIDE / 2).unwrap();
    let styles = [StylePart { mask: Some(&small), weight: 3.0, ..style(&red) }, style(&blue)];
    let painted = optimize(&photo, &styles, &steps()).0;
    assert!(warmth(&painted, 0..28) > warmth(&painted, 36..SIDE) + 0.05);
}

#[test]
fn a_region_says_which_part_of_the_style_counts() {
    let photo = photo_part(200, 150, SIDE, SIDE);
    let both = drawn(64, 64, RGB_F32, |x, y| stroke(if x < 32 { RED } else { BLUE }, x, y));
    let (left, right) = (left_half(), right_half());
    let paint = |region| {
        let styles = [part_of(&both, region)];
        warmth(&optimize(&photo, &styles, &steps()).0, 0..SIDE)
    };
    let (warm, cold) = (paint(&left), paint(&right));
    println!("{warm} {cold}");
    assert!(warm > cold + 0.1);
}

#[test]
fn what_is_transparent_in_a_style_does_not_count() {
    let photo = photo_part(200, 150, SIDE, SIDE);
    let half = |hidden: [f32; 3]| {
        drawn(64, 64, RGBA_F32, |x, y| {
            let [r, g, b, _] = stroke(if x < 32 { RED } else { hidden }, x, y);
            [r, g, b, if x < 32 { 1.0 } else { 0.0 }]
        })
    };
    let paint = |picture: &Picture| optimize(&photo, &[style(picture)], &steps()).0;
    let (over_blue, over_green) = (paint(&half(BLUE)), paint(&half([0.0, 1.0, 0.0])));
    assert!(over_blue.data() == over_green.data());
    assert!(warmth(&over_blue, 0..SIDE) > warmth(&photo, 0..SIDE) + 0.1);
}

#[test]
fn styles_that_cannot_count_are_refused() {
    let photo = photo_part(200, 150, SIDE, SIDE);
    let red = strokes(RED);
    let error = refusal(&photo, &[], &shallow(1));
    assert_eq!(error.kind(), ErrorKind::Style);
    assert!(error.full_message().contains("without a style"), "{}", error.full_message());
    for weight in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e30] {
        let styles = [style(&red), StylePart { weight, ..style(&red) }];
        let error = refusal(&photo, &styles, &shallow(1));
        assert_eq!(error.kind(), ErrorKind::Style);
        assert!(error.full_message().contains("1000000"), "{}", error.full_message());
    }

    let black = drawn(SIDE, SIDE, RGB_F32, |_, _| [0.0, 0.0, 0.0, 1.0]);
    let masked = StylePart { mask: Some(&black), ..style(&red) };
    let error = refusal(&photo, &[style(&red), masked], &shallow(1));
    assert_eq!(error.kind(), ErrorKind::Argument);
    let words = error.full_message();
    assert!(words.contains("mask") && words.contains("more white"), "{words}");

    let nothing = part_of(&red, &black);
    let error = refusal(&photo, &[nothing], &shallow(1));
    assert_eq!(error.kind(), ErrorKind::Style);
    assert!(error.full_message().contains("nothing of it is left"), "{}", error.full_message());

    let clear = drawn(SIDE, SIDE, RGBA_F32, |x, y| {
        let [r, g, b, _] = stroke(RED, x, y);
        [r, g, b, 0.0]
    });
    assert_eq!(refusal(&photo, &[style(&clear)], &shallow(1)).kind(), ErrorKind::Style);
}
