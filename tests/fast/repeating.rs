//! The same twice, one after the other and at once.

use std::thread;

use impasto::fast::FastOptions;

use crate::common::pictures::{RGB_F32, drawn, most_difference, photo_part, scene};
use crate::common::{paint, style};

#[test]
fn the_same_twice_is_the_same_to_the_bit() {
    let photo = photo_part(0, 0, 240, 180);
    let style = style("starry-night");
    for brush_size in [0.0, 2.0] {
        let options = FastOptions { brush_size, ..FastOptions::default() };
        let first = paint(&photo, &style, &options);
        let second = paint(&photo, &style, &options);
        assert!(first.data() == second.data(), "brush {brush_size}");
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
    for _ in 0..2 {
        let together: Vec<_> = thread::scope(|scope| {
            let paint = |k: usize| paint(&pictures[k], &styles[k], &options);
            let threads: Vec<_> = (0..3).map(|k| scope.spawn(move || paint(k))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for (alone, together) in alone.iter().zip(&together) {
            assert!(most_difference(alone, together) < 1e-4);
        }
    }
}
