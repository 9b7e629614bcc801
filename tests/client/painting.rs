//! Paintings of the fast method.

use std::num::NonZeroU64;
use std::ops::ControlFlow;

use impasto::settings::Settings as EnginesSettings;
use impasto_client::{PixelFormat, PixelsMut, Run};

use crate::common;
use crate::fixtures::{engine, paint, painted, picture, portrait, settings, style};

#[test]
fn a_painting_is_that_of_the_engine() {
    let portrait = portrait();
    let mut engines = EnginesSettings::default();
    engines.set_text("strength", "0.9").unwrap();
    engines.set_text("turbulence", "0.5").unwrap();
    engines.set_text("seed", "3").unwrap();
    let expected = common::paint(&portrait, &common::style("great-wave"), &engines);

    let mut settings = settings(&[("turbulence", "0.5")]);
    settings.set_number("strength", 0.9).unwrap();
    settings.set_number("seed", 3.0).unwrap();
    let mut heard: Vec<(f32, String)> = Vec::new();
    let run = Run::new().progress(|progress| {
        assert_eq!(progress.losses, None);
        heard.push((progress.fraction, progress.phase.to_owned()));
        ControlFlow::Continue(())
    });
    let (painted, done) = paint(&portrait, &style("great-wave"), &settings, run);
    let report = done.unwrap();
    assert!(painted == expected.data(), "the paintings differ");
    assert_eq!(report.device, "cpu");
    assert!(report.tiles >= 1 && report.peak_bytes > 0, "{report:?}");
    assert!(report.seconds > 0.0 && report.seconds >= report.network_seconds, "{report:?}");
    assert_eq!((report.steps, report.stopped), (0, false));
    let json: serde_json::Value = serde_json::from_str(&report.json).unwrap();
    assert_eq!((&json["method"], &json["device"]), (&"fast".into(), &"cpu".into()));
    assert!(!heard.is_empty() && heard.len() <= 200, "{}", heard.len());
    assert!(heard.iter().all(|(part, phase)| (0.0..=1.0).contains(part) && !phase.is_empty()));
    assert!(heard.is_sorted_by(|a, b| a.0 <= b.0), "{heard:?}");
}

#[test]
fn a_memory_budget_makes_more_tiles() {
    let (picture, style, settings) = (picture(600, 120), style("ink"), settings(&[]));
    let whole = paint(&picture, &style, &settings, Run::new()).1.unwrap();
    let run = Run::new().memory_budget(NonZeroU64::new(50 << 20));
    let cut = paint(&picture, &style, &settings, run).1.unwrap();
    assert!(whole.tiles < cut.tiles, "{} and {}", whole.tiles, cut.tiles);
}

#[test]
fn a_proxy_gets_smaller_strokes() {
    let (picture, style) = (picture(200, 120), style("ink"));
    let large = settings(&[("brush-size", "2")]);
    let run = Run::new().scale(0.5, 0.5);
    let proxy = painted(&picture, &style, &large, run);
    assert!(proxy == painted(&picture, &style, &settings(&[("brush-size", "1")]), Run::new()));
    assert!(proxy != painted(&picture, &style, &large, Run::new()));
    let refused = paint(&picture, &style, &large, Run::new().scale(0.0, 1.0)).1.unwrap_err();
    assert!(refused.message().contains("scale"), "{refused}");
}

#[test]
fn one_buffer_serves_as_picture_and_output() {
    let (portrait, style, settings) = (portrait(), style("ink"), settings(&[]));
    let expected = painted(&portrait, &style, &settings, Run::new());
    let mut bytes = portrait.data().to_vec();
    let (width, height) = (portrait.width(), portrait.height());
    let mut pixels = PixelsMut::new(&mut bytes, width, height, PixelFormat::RGBA_U8).unwrap();
    engine().paint_in_place(&style, &settings, Run::new(), &mut pixels, None).unwrap();
    assert!(bytes == expected);
    assert!(bytes != portrait.data());
}
