//! The losses fall, and their weights say which.

use impasto::Settings;
use impasto::job::Cancel;
use impasto::optimize::{Averaging, OptimizeOptions, Optimizer, Pooling, Start, StyleLoss};

use crate::common::job;
use crate::common::pictures::{example, mean_difference, most_difference, photo_part, pixels};
use crate::{Watching, changed, course, final_losses, layers, optimize, shallow, started, style};

#[test]
fn the_loss_falls_in_every_setting() {
    let (photo, wave) = (photo_part(200, 150, 64, 64), example("styles/mosaic.png"));
    // Losses through two networks are no course.
    let deep = |iterations| OptimizeOptions {
        iterations,
        features: "vgg16".to_owned(),
        ..OptimizeOptions::default()
    };
    for options in [
        deep(9),
        OptimizeOptions { features: "vgg16-slim".to_owned(), ..deep(9) },
        OptimizeOptions { pooling: Pooling::Max, ..deep(9) },
        OptimizeOptions { style_loss: StyleLoss::Gram, ..deep(9) },
        OptimizeOptions { style_loss: StyleLoss::Matching, ..deep(9) },
        OptimizeOptions { optimizer: Optimizer::Lbfgs, ..deep(9) },
        OptimizeOptions { start: Start::Noise, ..shallow(15) },
        OptimizeOptions { averaging: Averaging::On, ..shallow(15) },
    ] {
        let course = course(&photo, &[style(&wave)], &options);
        let (first, last) = (course[0].0.total, course.last().unwrap().0.total);
        println!("{first} fell to {last}");
        assert!(last < 0.85 * first, "{first} {last} {options:?}");
    }
}

#[test]
fn with_lbfgs_the_loss_never_rises() {
    let (photo, ink) = (photo_part(200, 150, 64, 48), example("styles/ink.png"));
    for start in [Start::Content, Start::Noise] {
        let options = OptimizeOptions { optimizer: Optimizer::Lbfgs, start, ..shallow(30) };
        let course = course(&photo, &[style(&ink)], &options);
        let losses: Vec<f32> = course.iter().map(|(losses, _)| losses.total).collect();
        println!("{losses:?}");
        assert!(losses.len() > 5, "{losses:?}");
        assert!(losses.windows(2).all(|pair| pair[1] <= pair[0]), "{losses:?}");
        assert!(losses[losses.len() - 1] < 0.7 * losses[0], "{losses:?}");
    }
}

#[test]
fn lbfgs_gets_further_than_adam_in_the_same_evaluations() {
    let (photo, wood) = (photo_part(200, 150, 64, 48), example("styles/woodcut.png"));
    let reached = |optimizer| {
        let options = OptimizeOptions { optimizer, ..shallow(40) };
        final_losses(&optimize(&photo, &[style(&wood)], &options).1).total
    };
    let (adam, lbfgs) = (reached(Optimizer::Adam), reached(Optimizer::Lbfgs));
    println!("Adam {adam}, L-BFGS {lbfgs}");
    assert!(lbfgs < adam);
}

/// It lies where the photograph lies, not over the margin around it too.
#[test]
fn without_steps_a_start_picture_is_the_painting() {
    let photo = photo_part(200, 150, 100, 60);
    let (other, mosaic) = (photo_part(20, 30, 100, 60), example("styles/mosaic.png"));
    let (styles, cancel) = ([style(&mosaic)], Cancel::new());
    let options = OptimizeOptions { schedule: vec!["100:0".parse().unwrap()], ..shallow(0) };
    let painted =
        started(&photo, &styles, Some(&other), &options, Watching::default(), job(&cancel));
    let apart = mean_difference(&painted.unwrap().0, &other);
    assert!(apart < 1e-3, "{apart}");
}

#[test]
fn averaging_gives_the_mean_of_the_last_half() {
    let (photo, wood) = (photo_part(200, 150, 48, 48), example("styles/woodcut.png"));
    let plain = course(&photo, &[style(&wood)], &shallow(8));
    let options = OptimizeOptions { averaging: Averaging::On, ..shallow(8) };
    let averaged = course(&photo, &[style(&wood)], &options).pop().unwrap().1;
    let last: Vec<_> = plain[4..].iter().map(|(_, picture)| pixels(picture)).collect();
    for (at, pixel) in pixels(&averaged).iter().enumerate() {
        for k in 0..3 {
            let mean = last.iter().map(|pixels| pixels[at][k]).sum::<f32>() / last.len() as f32;
            assert!((mean - pixel[k]).abs() < 1e-5, "{mean} {}", pixel[k]);
        }
    }
    assert!(most_difference(&averaged, &plain[7].1) > 0.01);
}

#[test]
fn the_weights_trade_one_loss_for_another() {
    let (photo, mosaic) = (photo_part(200, 150, 48, 48), example("styles/mosaic.png"));
    let reached = |options: &OptimizeOptions| {
        let (painted, report) = optimize(&photo, &[style(&mosaic)], options);
        (final_losses(&report), mean_difference(&photo, &painted))
    };
    let styled = |style_weight| reached(&OptimizeOptions { style_weight, ..shallow(15) });
    let courses = [0.03, 0.3, 30.0].map(styled);
    println!("style weight: {courses:?}");
    for pair in courses.windows(2) {
        assert!(pair[0].0.style > pair[1].0.style && pair[0].0.content < pair[1].0.content);
        assert!(pair[0].1 < pair[1].1, "the picture leaves the photograph further");
    }
    let content = |content_weight| reached(&OptimizeOptions { content_weight, ..shallow(15) }).0;
    let (low, high) = (content(0.1), content(100.0));
    assert!(low.content > high.content && low.style < high.style, "{low:?} {high:?}");
    let smooth = |tv_weight| reached(&OptimizeOptions { tv_weight, ..shallow(15) }).0;
    let (rough, smooth) = (smooth(0.0), smooth(10_000.0));
    assert!(smooth.variation < 0.5 * rough.variation, "{rough:?} {smooth:?}");
}

#[test]
fn every_setting_changes_the_picture() {
    let (photo, mosaic) = (photo_part(200, 150, 48, 48), example("styles/mosaic.png"));
    let paint = |settings: &Settings| optimize(&photo, &[style(&mosaic)], settings).0;
    let plain = paint(&shallow(6).into());
    let thin = paint(&changed(shallow(6), |s| s.finishing.opacity = 0.5));
    assert!(mean_difference(&plain, &thin) > 0.3 / 255.0);
    let balanced = OptimizeOptions { content_weight: 1000.0, ..shallow(12) };
    for (name, from, options) in [
        ("style scale", &plain, OptimizeOptions { style_scale: 0.3, ..shallow(6) }),
        ("iterations", &plain, shallow(12)),
        ("resolution", &plain, OptimizeOptions { resolution: 32, ..shallow(6) }),
        ("pooling", &plain, OptimizeOptions { pooling: Pooling::Max, ..shallow(6) }),
        ("gram", &plain, OptimizeOptions { style_loss: StyleLoss::Gram, ..shallow(6) }),
        ("matching", &plain, OptimizeOptions { style_loss: StyleLoss::Matching, ..shallow(6) }),
        ("optimizer", &plain, OptimizeOptions { optimizer: Optimizer::Lbfgs, ..shallow(6) }),
        ("start", &plain, OptimizeOptions { start: Start::Noise, ..shallow(6) }),
        ("averaging", &plain, OptimizeOptions { averaging: Averaging::On, ..shallow(6) }),
        (
            "style layers",
            &plain,
            OptimizeOptions { style_layers: layers(&["block1_conv2"]), ..shallow(6) },
        ),
        (
            "layer weights",
            &plain,
            OptimizeOptions {
                style_layers: layers(&["block1_conv1:0.01", "block2_conv1:100"]),
                ..shallow(6)
            },
        ),
        (
            "content layers",
            &paint(&balanced.clone().into()),
            OptimizeOptions { content_layers: layers(&["block1_conv1"]), ..balanced.clone() },
        ),
    ] {
        let change = mean_difference(from, &paint(&options.into()));
        println!("{name} changes a sample by {:.2}/255 in the mean", change * 255.0);
        assert!(change > 0.3 / 255.0, "{name}: {change}");
    }
}

#[test]
fn a_start_picture_goes_before_the_photograph() {
    let (photo, mosaic) = (photo_part(200, 150, 48, 48), example("styles/mosaic.png"));
    // Another size: it is scaled to fit.
    let other = photo_part(0, 0, 96, 80);
    let (styles, cancel) = ([style(&mosaic)], Cancel::new());
    let painted =
        started(&photo, &styles, Some(&other), &shallow(1), Watching::default(), job(&cancel));
    let painted = painted.unwrap().0;
    let scaled = other.reduced(48, 48).unwrap();
    let (near, far) = (mean_difference(&painted, &scaled), mean_difference(&painted, &photo));
    println!("{near} {far}");
    assert!(near < far);
}
