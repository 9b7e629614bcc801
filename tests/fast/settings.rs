//! Every setting does something.

use impasto::canvas::KeepColor;
use impasto::fast::FastOptions;

use crate::common::pictures::{mean_difference, photo_part};
use crate::common::{paint, style};

fn changes(from: &FastOptions, to: &FastOptions) -> f32 {
    let photo = photo_part(140, 60, 180, 130);
    let style = style("starry-night");
    mean_difference(&paint(&photo, &style, from), &paint(&photo, &style, to))
}

#[test]
fn every_setting_changes_the_picture() {
    let defaults = FastOptions::default;
    // Detail shows only over strokes that are larger than a pixel.
    let coarse = || FastOptions { brush_size: 3.0, ..defaults() };
    let cases = [
        ("strength", defaults(), FastOptions { strength: 0.2, ..defaults() }),
        ("grain", defaults(), FastOptions { grain: 1.0, ..defaults() }),
        ("brush-size", defaults(), FastOptions { brush_size: 2.0, ..defaults() }),
        ("detail", coarse(), FastOptions { detail: 1.0, ..coarse() }),
        ("turbulence", defaults(), FastOptions { turbulence: 1.0, ..defaults() }),
        ("seed", defaults(), FastOptions { seed: 1, ..defaults() }),
        ("luminance", defaults(), FastOptions { keep_color: KeepColor::Luminance, ..defaults() }),
        ("match", defaults(), FastOptions { keep_color: KeepColor::Match, ..defaults() }),
        ("opacity", defaults(), FastOptions { opacity: 0.8, ..defaults() }),
    ];
    for (name, from, to) in cases {
        let change = changes(&from, &to);
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
    let still = |seed| FastOptions { turbulence: 0.0, seed, ..FastOptions::default() };
    assert_eq!(changes(&still(1), &still(2)), 0.0);
    let seeded = |seed| FastOptions { turbulence: 0.8, seed, ..FastOptions::default() };
    assert_eq!(changes(&seeded(5), &seeded(5)), 0.0);
    assert!(changes(&seeded(5), &seeded(6)) > 1.0 / 255.0);
}
