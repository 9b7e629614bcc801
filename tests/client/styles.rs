//! Styles: saved, mixed, taken from pictures.

use std::ops::ControlFlow;

use impasto_client::{Cancel, Run, Status, Style};

use crate::common;
use crate::common::scratch;
use crate::fixtures::{
    assert_refused, borrowed, engine, library, painted, picture, portrait, settings, style,
};

#[test]
fn a_style_survives_being_saved() {
    let wave = style("great-wave");
    assert_eq!(wave.name(), "great-wave");
    assert_eq!(wave.bytes(), common::style("great-wave").to_text().as_bytes());
    let again = Style::from_bytes(&library(), wave.bytes()).unwrap();
    assert_eq!((again.name(), again.bytes()), (wave.name(), wave.bytes()));
    let (picture, settings) = (picture(120, 80), settings(&[]));
    let expected = painted(&picture, &wave, &settings, Run::new());
    assert!(expected == painted(&picture, &again, &settings, Run::new()));

    for bytes in [&b""[..], b"\xff\xfe", b"name = 3", &wave.bytes()[..200]] {
        let error = Style::from_bytes(&library(), bytes).unwrap_err();
        assert_refused(&error, Status::Style, &[]);
        assert!(!error.message().is_empty());
    }
}

#[test]
fn styles_are_mixed() {
    let (wave, ink) = (style("great-wave"), style("ink"));
    let (picture, settings) = (picture(120, 80), settings(&[]));
    let painted = |style: &Style| painted(&picture, style, &settings, Run::new());
    let mixed = Style::mix(&[(&wave, 1.0), (&ink, 3.0)]).unwrap();
    assert!(painted(&mixed) != painted(&wave) && painted(&mixed) != painted(&ink));
    assert!(painted(&Style::mix(&[(&wave, 2.0), (&ink, 0.0)]).unwrap()) == painted(&wave));
    for weights in [[0.0, 0.0], [-1.0, 2.0], [f32::NAN, 1.0]] {
        let wrong = Style::mix(&[(&wave, weights[0]), (&ink, weights[1])]).unwrap_err();
        assert_refused(&wrong, Status::Argument, &[]);
    }
    assert_refused(&Style::mix(&[]).unwrap_err(), Status::Argument, &["cannot mix no styles"]);
}

#[test]
fn a_picture_is_a_style_from_its_file_and_from_memory() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let (portrait, file) = (portrait(), folder.path().join("portrait.png"));
    impasto::file::write(&portrait, &file, &Default::default()).unwrap();
    let from_file = Style::from_file(engine(), &file, Run::new()).unwrap();
    assert_eq!(from_file.name(), "portrait");
    let pixels = borrowed(&portrait);
    let from_pixels = Style::from_pixels(engine(), &pixels, Some("mine"), Run::new()).unwrap();
    assert_eq!(from_pixels.name(), "mine");
    assert_eq!(Style::from_pixels(engine(), &pixels, None, Run::new()).unwrap().name(), "picture");
    let (picture, settings) = (picture(120, 80), settings(&[]));
    let expected = painted(&picture, &from_file, &settings, Run::new());
    assert!(expected == painted(&picture, &from_pixels, &settings, Run::new()));

    let cancel = Cancel::new(&library()).unwrap();
    cancel.request();
    let (unseen, run) = (self::picture(301, 203), Run::new().cancel(&cancel));
    let cancelled = Style::from_pixels(engine(), &borrowed(&unseen), None, run);
    assert_refused(&cancelled.unwrap_err(), Status::Cancelled, &[]);

    let run = Run::new().progress(|_| ControlFlow::Break(()));
    let cancelled = Style::from_pixels(engine(), &borrowed(&unseen), None, run);
    assert_refused(&cancelled.unwrap_err(), Status::Cancelled, &[]);
}
