//! The same twice: by engines that know nothing of each other, by one that keeps what it made, and
//! at once.

use std::thread;

use impasto::canvas::KeepColor;
use impasto::fast::FastOptions;

use crate::common::pictures::{RGB_F32, drawn, example, most_difference, photo_part, scene};
use crate::common::{another_engine, paint, paint_by, settings, style};

#[test]
fn the_same_twice_is_the_same_to_the_bit() {
    let photo = photo_part(0, 0, 240, 180);
    let style = style("starry-night");
    for brush_size in [0.0, 2.0] {
        let options = FastOptions { brush_size, ..FastOptions::default() };
        let [first, second] =
            [(); 2].map(|()| paint_by(&another_engine(), &photo, &style, &options));
        assert!(first.data() == second.data(), "brush {brush_size}");
    }
}

#[test]
fn what_an_engine_keeps_of_one_painting_changes_nothing_of_the_next() {
    let (one, other) = (photo_part(0, 0, 200, 150), photo_part(60, 20, 200, 150));
    let portrait = example("portrait.png");
    let [night, wave] = ["starry-night", "great-wave"].map(style);
    let plain = settings(|_| ());
    let matched = settings(|s| s.finishing.keep_color = KeepColor::Match);
    let paintings = [
        (&one, &night, plain.clone()),
        (&one, &night, settings(|s| s.finishing.opacity = 0.5)),
        (&one, &night, matched.clone()),
        (&one, &wave, matched),
        (&other, &night, plain.clone()),
        (&one, &night, settings(|s| s.fast.turbulence = 0.9)),
        (&one, &night, settings(|s| s.seed = 7)),
        (&one, &night, settings(|s| s.fast.layers = 1)),
        (&portrait, &night, plain.clone()),
        (&portrait, &night, settings(|s| s.fast.keep_faces = 1.0)),
        (&one, &night, plain),
    ];
    let keeping = another_engine();
    for (k, (picture, style, settings)) in paintings.iter().enumerate() {
        let found = paint_by(&keeping, picture, style, settings);
        let expected = paint_by(&another_engine(), picture, style, settings);
        assert!(found.data() == expected.data(), "painting {k}");
    }
}

#[test]
fn threads_that_share_an_engine_do_not_disturb_each_other() {
    let pictures = [
        photo_part(0, 0, 240, 180),
        photo_part(200, 100, 211, 103),
        drawn(160, 160, RGB_F32, scene),
    ];
    let styles = ["starry-night", "great-wave", "ink"].map(style);
    let options = FastOptions::default();
    let alone: Vec<_> =
        pictures.iter().zip(&styles).map(|(p, style)| paint(p, style, &options)).collect();
    let shared = another_engine();
    for _ in 0..2 {
        let together: Vec<_> = thread::scope(|scope| {
            let paint = |k: usize| paint_by(&shared, &pictures[k], &styles[k], &options);
            let threads: Vec<_> = (0..3).map(|k| scope.spawn(move || paint(k))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for (alone, together) in alone.iter().zip(&together) {
            assert!(most_difference(alone, together) < 1e-4);
        }
    }
}
