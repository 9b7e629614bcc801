//! Large pictures in little memory.

use impasto::image::Picture;
use impasto::job::Cancel;
use impasto::optimize::{OptimizeOptions, Optimizer, StylePart};
use impasto::{ErrorKind, Report};

use crate::common::Job;
use crate::common::pictures::{example, mean_difference, most_difference, photo_part};
use crate::{Watching, final_losses, shallow, style, watched};

const PLENTY: u64 = 4 << 30;

fn within(
    memory: u64,
    picture: &Picture,
    styles: &[StylePart<'_>],
    options: &OptimizeOptions,
) -> impasto::Result<(Picture, Report)> {
    let cancel = Cancel::new();
    let job = Job { cancel: &cancel, progress: &|_| {}, memory: Some(memory) };
    watched(picture, styles, options, Watching::default(), job)
}

#[test]
fn in_little_memory_tiles_make_the_same_picture() {
    let (photo, ink) = (photo_part(150, 100, 200, 152), example("styles/ink.png"));
    let half = crate::common::pictures::drawn(200, 152, photo.format(), |x, _| {
        if x < 100 { [0.0, 0.0, 0.0, 1.0] } else { [1.0; 4] }
    });
    let mosaic = example("styles/mosaic.png");
    let everywhere = [style(&ink)];
    let guided = [style(&ink), StylePart { mask: Some(&half), ..style(&mosaic) }];
    let flat = OptimizeOptions { schedule: vec!["200:2".parse().unwrap()], ..shallow(0) };
    for (styles, optimizer) in [
        (&everywhere[..], Optimizer::Adam),
        (&guided[..], Optimizer::Adam),
        (&everywhere[..], Optimizer::Lbfgs),
    ] {
        let options = OptimizeOptions { optimizer, ..flat.clone() };
        let (whole, report) = within(PLENTY, &photo, styles, &options).unwrap();
        assert_eq!(report.scales[0].tiles, 1);
        let losses = final_losses(&report);
        let little = if optimizer == Optimizer::Adam { 236 << 20 } else { 256 << 20 };
        let (painted, report) = within(little, &photo, styles, &options).unwrap();
        assert!(report.scales[0].tiles > 1 && report.retries == 0, "{report:?}");
        let tiled = final_losses(&report);
        let (mean, most) = (mean_difference(&whole, &painted), most_difference(&whole, &painted));
        println!("{optimizer:?}, {} tiles: off by {mean}, {most}", report.scales[0].tiles);
        assert!((tiled.total / losses.total - 1.0).abs() < 1e-3, "{losses:?} {tiled:?}");
        // Adam's first steps follow the sign of each gradient, and one that is next to nothing may
        // have either: single values may differ by steps, all of them together may not.
        assert!(mean < 1e-3, "{mean}");
        if optimizer == Optimizer::Lbfgs {
            assert!(most < 0.01, "{most}");
        }
    }
}

#[test]
fn too_little_memory_is_told_with_what_is_needed() {
    let (photo, ink) = (photo_part(150, 100, 200, 152), example("styles/ink.png"));
    for (optimizer, cure) in [(Optimizer::Adam, "smaller resolution"), (Optimizer::Lbfgs, "adam")] {
        let options = OptimizeOptions { optimizer, ..shallow(1) };
        let error = within(20 << 20, &photo, &[style(&ink)], &options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Memory);
        let words = error.full_message();
        assert!(words.contains("within 20 MiB") && words.contains(cure), "{words}");
        // What it asks for is enough.
        let needed = words
            .split(": ")
            .find_map(|part| part.split(" MiB are needed").next()?.parse::<u64>().ok());
        let needed = needed.unwrap_or_else(|| panic!("{words}"));
        within(needed << 20, &photo, &[style(&ink)], &options).unwrap();
    }
}
