//! What is kept of faces.

use impasto::Settings;
use impasto::fast::FastOptions;
use impasto::image::Picture;
use impasto::job::Cancel;

use crate::common::pictures::{
    example, luma, mean_difference, most_difference, photo_part, pixels,
};
use crate::common::{Job, paint, settings, style, try_paint};

/// In `portrait.png`: the middle of the face and half its width and height.
const FACE: [f32; 4] = [226.0, 119.0, 46.0, 58.0];

fn keeping(keep_faces: f32) -> Settings {
    settings(|s| (s.fast.keep_faces, s.fast.strength) = (keep_faces, 1.0))
}

/// How far the lines of a painting are from the photograph's in the face, or far from it: the mean
/// difference of the steps from pixel to pixel.
fn lines(photo: &Picture, painting: &Picture, in_face: bool) -> f32 {
    let width = photo.width() as usize;
    let steps = |picture: &Picture| -> Vec<f32> {
        let tones: Vec<f32> = pixels(picture).into_iter().map(luma).collect();
        tones
            .windows(width + 1)
            .map(|window| window[0] - (window[1] + window[width]) / 2.0)
            .collect()
    };
    let [x, y, half_width, half_height] = FACE;
    let is_meant = |at: usize| {
        let across = ((at % width) as f32 - x) / half_width;
        let away = across.hypot(((at / width) as f32 - y) / half_height);
        if in_face { away < 0.7 } else { away > 2.0 }
    };
    let (photo, painting) = (steps(photo), steps(painting));
    let differences: Vec<f32> = (0..photo.len())
        .filter(|&at| is_meant(at))
        .map(|at| (photo[at] - painting[at]).abs())
        .collect();
    differences.iter().sum::<f32>() / differences.len() as f32
}

#[test]
fn the_lines_of_a_face_come_back_and_those_around_stay_painted() {
    let photo = example("portrait.png");
    for name in ["woodcut", "mosaic", "starry-night"] {
        let [none, half, all] = [0.0, 0.5, 1.0].map(|keep| {
            let painting = paint(&photo, &style(name), &keeping(keep));
            [true, false].map(|in_face| lines(&photo, &painting, in_face))
        });
        println!("{name}: {none:?} {half:?} {all:?}");
        assert!(all[0] < half[0] && half[0] < none[0] && all[0] < 0.5 * none[0], "{name}");
        assert!(all[1] > 0.9 * none[1], "{name}");
    }
}

#[test]
fn a_picture_without_faces_is_painted_as_ever() {
    let photo = photo_part(80, 40, 300, 220);
    let [none, all] = [0.0, 1.0].map(|keep| paint(&photo, &style("great-wave"), &keeping(keep)));
    assert_eq!(none.data(), all.data());
}

#[test]
fn kept_faces_are_cut_into_tiles_without_seams() {
    let photo = example("portrait.png");
    let cancel = Cancel::new();
    for brush_size in [1.0, 1.5] {
        let options = FastOptions { brush_size, keep_faces: 1.0, ..FastOptions::default() };
        let [whole, cut] = [4 << 30, 90 << 20].map(|memory| {
            let job = Job { cancel: &cancel, progress: &|_| {}, memory: Some(memory) };
            try_paint(&photo, None, &style("mosaic"), &options, job).unwrap()
        });
        assert!(cut.1.tiles > whole.1.tiles, "{}", cut.1.tiles);
        let difference = most_difference(&whole.0, &cut.0);
        assert!(difference <= 2.0 / 255.0, "{brush_size}: {difference}");
    }
}

#[test]
fn a_face_at_any_size_is_found() {
    let photo = example("portrait.png");
    for side in [128, 256, 512] {
        let small = photo.reduced(side, side).unwrap();
        let [none, all] = [0.0, 1.0].map(|keep| paint(&small, &style("mosaic"), &keeping(keep)));
        assert!(mean_difference(&none, &all) > 0.5 / 255.0, "{side}");
    }
}
