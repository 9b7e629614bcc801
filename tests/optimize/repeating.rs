//! The same twice, one after the other and at once.

use std::thread;

use impasto::optimize::{Averaging, OptimizeOptions, Optimizer, Start};

use crate::common::pictures::{RGB_F32, drawn, example, mean_difference, photo_part, scene};
use crate::{changed, optimize, shallow, style};

#[test]
fn a_seed_makes_the_same_picture_to_the_bit() {
    let (photo, wood) = (photo_part(200, 150, 64, 48), example("styles/woodcut.png"));
    let from_noise = |seed| {
        let options = OptimizeOptions { start: Start::Noise, ..shallow(4) };
        changed(options, |s| s.seed = seed)
    };
    for options in [
        from_noise(5),
        changed(from_noise(5), |s| s.optimize.optimizer = Optimizer::Lbfgs),
        OptimizeOptions { averaging: Averaging::On, ..shallow(4) }.into(),
        OptimizeOptions { iterations: 2, ..OptimizeOptions::default() }.into(),
    ] {
        let painted = || optimize(&photo, &[style(&wood)], &options).0;
        assert!(painted().data() == painted().data(), "{options:?}");
    }
    let paint = |seed| optimize(&photo, &[style(&wood)], &from_noise(seed)).0;
    let apart = mean_difference(&paint(5), &paint(6));
    assert!(apart > 0.05, "{apart}");
}

#[test]
fn the_seed_means_nothing_to_a_start_from_the_photograph() {
    let (photo, wood) = (photo_part(200, 150, 48, 48), example("styles/woodcut.png"));
    let paint = |seed| {
        let options = changed(shallow(2), |s| s.seed = seed);
        optimize(&photo, &[style(&wood)], &options).0
    };
    assert!(paint(1).data() == paint(2).data());
}

#[test]
fn optimisations_at_once_do_not_disturb_each_other() {
    let pictures = [photo_part(0, 0, 64, 64), drawn(80, 56, RGB_F32, scene)];
    let styles = [example("styles/ink.png"), example("styles/mosaic.png")];
    let options = [shallow(6), OptimizeOptions { optimizer: Optimizer::Lbfgs, ..shallow(6) }];
    let paint = |k: usize| optimize(&pictures[k], &[style(&styles[k])], &options[k]).0;
    let alone = [0, 1].map(paint);
    let together = thread::scope(|scope| {
        let threads = [0, 1].map(|k| scope.spawn(move || paint(k)));
        threads.map(|thread| thread.join().unwrap())
    });
    for (alone, together) in alone.iter().zip(&together) {
        assert!(alone.data() == together.data());
    }
}
