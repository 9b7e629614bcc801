//! Looks, which the frames of a shot share.

use impasto_client::{Cancel, Engine, Look, Run, Status, Style};

use crate::common::{example, scratch};
use crate::fixtures::{
    assert_refused, borrowed, engine, library, painted, picture, portrait, settings, style,
};

fn look(style: &Style, picture: &impasto::image::Picture) -> Look {
    Look::from_pixels(engine(), style, &settings(&[]), Run::new(), &borrowed(picture)).unwrap()
}

#[test]
fn a_picture_in_its_own_look_is_painted_as_without() {
    let (picture, style, settings) = (picture(160, 100), style("ink"), settings(&[]));
    let own = look(&style, &picture);
    let bytes = painted(&picture, &style, &settings, Run::new().look(Some(&own)));
    assert!(bytes == painted(&picture, &style, &settings, Run::new()));
}

#[test]
fn another_pictures_look_paints_otherwise() {
    let (picture, style, settings) = (picture(160, 100), style("ink"), settings(&[]));
    let (own, other) = (look(&style, &picture), look(&style, &portrait()));
    let in_look = |look: &Look| painted(&picture, &style, &settings, Run::new().look(Some(look)));
    assert!(in_look(&own) != in_look(&other));
    let mixed = Look::mix(&[(&own, 1.0), (&other, 1.0)]).unwrap();
    assert!(in_look(&mixed) != in_look(&own) && in_look(&mixed) != in_look(&other));
    assert!(in_look(&Look::mix(&[(&own, 3.0), (&other, 0.0)]).unwrap()) == in_look(&own));
    // A clone is the same one, and outlives it.
    let clone = other.clone();
    let expected = in_look(&other);
    drop(other);
    assert!(in_look(&clone) == expected);
}

#[test]
fn a_file_has_the_look_of_its_picture() {
    let (picture, style, settings) = (picture(160, 100), style("ink"), settings(&[]));
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let file = folder.path().join("portrait.png");
    impasto::file::write(&portrait(), &file, &Default::default()).unwrap();
    let of_file = Look::from_file(engine(), &style, &settings, Run::new(), &file).unwrap();
    let of_pixels = look(&style, &portrait());
    let in_look = |look: &Look| painted(&picture, &style, &settings, Run::new().look(Some(look)));
    assert!(in_look(&of_file) == in_look(&of_pixels));
}

#[test]
fn a_look_that_was_written_to_a_file_is_the_same() {
    let (picture, style, settings) = (picture(160, 100), style("ink"), settings(&[]));
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let file = folder.path().join("portrait.look");
    let own = crate::common::engine();
    let ink = own.styles().unwrap().find("ink").unwrap();
    let (portrait, cancel) = (portrait(), impasto::job::Cancel::new());
    let (view, space) = (portrait.view(), portrait.color_space());
    let usual = impasto::Settings::default();
    let job = impasto::Job::silent(&cancel);
    own.look(view, space, &ink, &usual, [1.0; 2], job).unwrap().write(&file).unwrap();
    let of_file = Look::from_file(engine(), &style, &settings, Run::new(), &file).unwrap();
    let of_pixels = look(&style, &portrait);
    let in_look = |look: &Look| painted(&picture, &style, &settings, Run::new().look(Some(look)));
    assert!(in_look(&of_file) == in_look(&of_pixels));
    let other = crate::fixtures::style("mosaic");
    let refused = Look::from_file(engine(), &other, &settings, Run::new(), &file).unwrap_err();
    assert_refused(&refused, Status::Argument, &["portrait.look", "another style"]);
}

#[test]
fn looks_that_cannot_be_are_refused_in_words() {
    let (picture, style, settings) = (picture(160, 100), style("ink"), settings(&[]));
    let found = |engine: &Engine, run: Run<'_>| {
        Look::from_pixels(engine, &style, &settings, run, &borrowed(&picture))
    };
    let cancel = Cancel::new(&library()).unwrap();
    cancel.request();
    let cancelled = found(engine(), Run::new().cancel(&cancel)).unwrap_err();
    assert_refused(&cancelled, Status::Cancelled, &[]);
    let missing = example("no-such-picture.png");
    let refused = Look::from_file(engine(), &style, &settings, Run::new(), &missing).unwrap_err();
    assert_refused(&refused, Status::File, &["no-such-picture.png"]);
    assert_refused(&Look::mix(&[]).unwrap_err(), Status::Argument, &["cannot mix no looks"]);
    let own = found(engine(), Run::new()).unwrap();
    for weights in [[0.0, 0.0], [-1.0, 2.0], [f32::NAN, 1.0]] {
        let wrong = Look::mix(&[(&own, weights[0]), (&own, weights[1])]).unwrap_err();
        assert_refused(&wrong, Status::Argument, &[]);
    }
}
