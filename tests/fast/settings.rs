//! Every setting does something.

use impasto::Settings;
use impasto::fast::FastOptions;
use impasto::settings::SETTINGS;

use crate::common::pictures::{RGB_F32, drawn, example, mean_difference, photo_part, pixels};
use crate::common::{paint, settings, style};

/// How much a sample changes in the mean, in a picture that the setting is for.
fn changes(name: &str, from: &Settings, to: &Settings) -> f32 {
    let picture = match name {
        "keep-faces" => {
            let portrait = pixels(&example("portrait.png"));
            drawn(180, 130, RGB_F32, |x, y| portrait[((54 + y) * 512 + 136 + x) as usize])
        }
        _ => {
            let colors = pixels(&photo_part(140, 60, 180, 130));
            // Part of it is a white background.
            drawn(180, 130, RGB_F32, |x, y| match x {
                0..130 => colors[(y * 180 + x) as usize],
                _ => [1.0; 4],
            })
        }
    };
    let style = style("starry-night");
    mean_difference(&paint(&picture, &style, from), &paint(&picture, &style, to))
}

#[test]
fn every_setting_changes_the_picture() {
    let plain = Settings::default();
    // Detail shows only over strokes that are larger than a pixel.
    let coarse = settings(|s| s.fast.brush_size = 3.0);
    let cases = [
        ("strength", "0.2"),
        ("grain", "1"),
        ("brush-size", "2"),
        ("detail", "1"),
        ("turbulence", "1"),
        ("layers", "1"),
        ("abstraction", "0.9"),
        ("keep-faces", "1"),
        ("seed", "1"),
        ("keep-color", "luminance"),
        ("keep-color", "match"),
        ("plain-areas", "paint"),
        ("opacity", "0.8"),
    ];
    for setting in SETTINGS.iter().filter(|setting| setting.methods.fast) {
        let is_tried = cases.iter().any(|(name, _)| *name == setting.name);
        assert!(is_tried || setting.name == "method", "{} is not tried", setting.name);
    }
    for (name, value) in cases {
        let from = if name == "detail" { &coarse } else { &plain };
        let mut to = from.clone();
        to.set_text(name, value).unwrap();
        let change = changes(name, from, &to);
        println!("{name} changes a sample by {:.2}/255 in the mean", change * 255.0);
        assert!(change > 1.0 / 255.0, "{name}: {change}");
    }
}

#[test]
fn strength_leads_away_from_the_photograph() {
    let photo = photo_part(140, 60, 180, 130);
    let style = style("starry-night");
    let distance = |strength: f32| {
        let options = FastOptions { strength, turbulence: 0.0, ..FastOptions::default() };
        mean_difference(&photo, &paint(&photo, &style, &options))
    };
    let distances = [0.0, 0.5, 1.0].map(distance);
    println!("{distances:?}");
    assert!(distances.is_sorted(), "{distances:?}");
}

#[test]
fn without_turbulence_the_seed_means_nothing() {
    let swirling =
        |turbulence, seed| settings(|s| (s.fast.turbulence, s.seed) = (turbulence, seed));
    let still = |seed| swirling(0.0, seed);
    assert_eq!(changes("seed", &still(1), &still(2)), 0.0);
    let seeded = |seed| swirling(0.8, seed);
    assert_eq!(changes("seed", &seeded(5), &seeded(5)), 0.0);
    assert!(changes("seed", &seeded(5), &seeded(6)) > 1.0 / 255.0);
}
