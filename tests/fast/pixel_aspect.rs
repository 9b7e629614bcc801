//! Pictures whose pixels are not square.

use impasto::fast::FastOptions;
use impasto::image::{Picture, Resolution, Unit};
use impasto::job::Cancel;

use crate::common::pictures::{example, mean_difference, photo_part};
use crate::common::{engine, job, paint};

/// With pixels that are shown `aspect` times as wide as high.
fn shown(mut picture: Picture, aspect: f64) -> Picture {
    picture.metadata_mut().resolution = Some(Resolution { x: 1.0, y: aspect, unit: Unit::Unknown });
    picture
}

#[test]
fn a_style_is_seen_as_it_is_shown() {
    let photo = photo_part(150, 100, 256, 192);
    let square = example("styles/woodcut.png").reduced(256, 256).unwrap();
    let (width, height) = (square.width(), square.height());
    let painted = |style: &Picture| {
        let style = engine().style_of_picture(style, "style", job(&Cancel::new()).engines());
        let style = style.unwrap();
        paint(&photo, &style, &FastOptions::default())
    };
    let expected = painted(&square.reduced(width / 2, height / 2).unwrap());
    for (size, aspect) in [([width / 2, height], 2.0), ([width, height / 2], 0.5)] {
        let squeezed = square.reduced(size[0], size[1]).unwrap();
        let as_stored = mean_difference(&painted(&squeezed), &expected);
        let as_shown = mean_difference(&painted(&shown(squeezed, aspect)), &expected);
        println!("{aspect}: {as_shown} apart as shown, {as_stored} as stored");
        assert!(as_shown < 0.3 * as_stored, "{aspect}: {as_shown} {as_stored}");
    }
}

#[test]
fn only_shapes_of_pixels_count() {
    let of = |resolution| {
        let mut picture = photo_part(0, 0, 30, 20);
        picture.metadata_mut().resolution = resolution;
        picture.squeeze()
    };
    let said = |x, y, unit| of(Some(Resolution { x, y, unit }));
    assert_eq!(said(1.0, 2.0, Unit::Unknown), [0.5, 1.0]);
    assert_eq!(said(72.0, 36.0, Unit::Unknown), [2.0, 1.0]);
    assert_eq!(said(300.0, 600.0, Unit::Inch), [1.0, 1.0], "that is a printer's");
    assert_eq!(said(1.0, f64::NAN, Unit::Unknown), [1.0, 1.0]);
    assert_eq!(said(0.0, 0.0, Unit::Unknown), [1.0, 1.0]);
    assert_eq!(of(None), [1.0, 1.0]);
}
