//! Broad strokes under fine ones.

use impasto::Settings;
use impasto::fast::FastOptions;
use impasto::image::Picture;
use impasto::job::Cancel;

use crate::common::pictures::{
    RGB_F32, drawn, mean_difference, most_difference, photo_part, scene,
};
use crate::common::{Job, paint, settings, style, try_paint};

fn layered(layers: u64, abstraction: f32) -> Settings {
    settings(|s| (s.fast.layers, s.fast.abstraction) = (layers, abstraction))
}

fn painted(picture: &Picture, layers: u64, abstraction: f32) -> Picture {
    paint(picture, &style("great-wave"), &layered(layers, abstraction))
}

#[test]
fn more_layers_make_broader_strokes() {
    let photo = photo_part(80, 40, 400, 300);
    // What is left at an eighth of the size is broad.
    let broad = |picture: &Picture| picture.reduced(50, 38).unwrap();
    let changes = [1, 2, 3]
        .map(|layers| mean_difference(&broad(&photo), &broad(&painted(&photo, layers, 0.5))));
    println!("{changes:?}");
    assert!(changes[2] > changes[0], "{changes:?}");
}

#[test]
fn abstraction_leads_away_from_the_drawing() {
    let photo = photo_part(80, 40, 400, 300);
    let drawing = painted(&photo, 3, 0.0);
    let distances = [0.0, 0.3, 0.6, 0.9]
        .map(|abstraction| mean_difference(&drawing, &painted(&photo, 3, abstraction)));
    assert!(distances.is_sorted_by(|a, b| a < b), "{distances:?}");
}

#[test]
fn without_abstraction_layers_below_do_not_show() {
    let photo = photo_part(80, 40, 200, 150);
    assert_eq!(painted(&photo, 2, 0.0).data(), painted(&photo, 4, 0.0).data());
}

#[test]
fn the_number_of_layers_follows_the_picture_where_none_is_given() {
    let small = photo_part(80, 40, 200, 150);
    assert_eq!(painted(&small, 0, 0.5).data(), painted(&small, 2, 0.5).data());
    let large = drawn(700, 600, RGB_F32, scene);
    assert_eq!(painted(&large, 0, 0.5).data(), painted(&large, 3, 0.5).data());
}

#[test]
fn coarse_layers_are_cut_without_seams_as_well() {
    let picture = drawn(1100, 700, RGB_F32, scene);
    let options = FastOptions { brush_size: 1.0, layers: 3, ..FastOptions::default() };
    let cancel = Cancel::new();
    let [whole, cut] = [4 << 30, 90 << 20].map(|memory| {
        let job = Job { cancel: &cancel, progress: &|_| {}, memory: Some(memory) };
        try_paint(&picture, None, &style("starry-night"), &options, job).unwrap()
    });
    assert_eq!(whole.1.tiles, 1);
    assert!(cut.1.tiles > 4, "{}", cut.1.tiles);
    let difference = most_difference(&whole.0, &cut.0);
    assert!(difference <= 2.0 / 255.0, "{difference}");
}

#[test]
fn layers_larger_than_the_picture_are_painted() {
    for (width, height) in [(1, 1), (3, 2), (17, 1), (1, 40)] {
        let tiny = drawn(width, height, RGB_F32, scene);
        let out = painted(&tiny, 4, 1.0);
        let is_sound = crate::common::pictures::pixels(&out)
            .iter()
            .all(|pixel| pixel.iter().all(|v| (0.0..=1.0).contains(v)));
        assert!(is_sound, "{width}x{height}");
    }
}
