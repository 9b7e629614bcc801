//! Paintings steadied by those of the frames around.

use impasto::image::Picture;
use impasto_client::{
    Cancel, Channels, Error, PaintedFrame, PixelFormat, Pixels, PixelsMut, Run, Sample, Status,
};

use crate::fixtures::{
    assert_refused, borrowed, engine, library, painted, picture, settings, style,
};

const FORMAT: PixelFormat = PixelFormat::RGBA_U8;

/// [`picture`] with a little noise.
fn noisy(width: u32, height: u32) -> Picture {
    let mut noisy = picture(width, height);
    for (k, pixel) in noisy.data_mut().chunks_exact_mut(4).enumerate() {
        for value in &mut pixel[..3] {
            *value = value.saturating_add((k * k % 7) as u8);
        }
    }
    noisy
}

fn frame<'a>(picture: &'a Picture, painting: &'a [u8]) -> PaintedFrame<'a> {
    let (width, height) = (picture.width(), picture.height());
    PaintedFrame {
        picture: borrowed(picture),
        painting: Pixels::new(painting, width, height, FORMAT).unwrap(),
    }
}

/// A frame of 96x64 pixels, steadied into a buffer that was filled with 7.
fn steadied(
    own: &PaintedFrame<'_>,
    neighbors: &[PaintedFrame<'_>],
    mask: Option<&Pixels<'_>>,
    run: Run<'_>,
) -> (Vec<u8>, Result<(), Error>) {
    let mut bytes = vec![7; 96 * 64 * 4];
    let mut to = PixelsMut::new(&mut bytes, 96, 64, FORMAT).unwrap();
    let done = engine().steady(own, neighbors, mask, run, &mut to);
    (bytes, done)
}

#[test]
fn a_painting_is_steadied_by_its_neighbours() {
    let (one, other) = (picture(96, 64), noisy(96, 64));
    let (style, settings) = (style("great-wave"), settings(&[("turbulence", "0")]));
    let paintings = [&one, &other].map(|picture| painted(picture, &style, &settings, Run::new()));
    let (own, neighbor) = (frame(&one, &paintings[0]), frame(&other, &paintings[1]));

    let (alone, done) = steadied(&own, &[], None, Run::new());
    done.unwrap();
    assert!(alone == paintings[0]);
    let (mean, done) = steadied(&own, &[neighbor], None, Run::new());
    done.unwrap();
    assert!(mean != paintings[0]);

    // Where the mask is black, the picture stays.
    let mask = vec![0; 96 * 64];
    let gray = PixelFormat::new(Channels::Gray, Sample::U8);
    let mask = Pixels::new(&mask, 96, 64, gray).unwrap();
    let (nothing, done) = steadied(&own, &[neighbor], Some(&mask), Run::new());
    done.unwrap();
    assert!(nothing == one.data());

    let (bytes, refused) = steadied(&own, &[neighbor; 17], None, Run::new());
    assert_refused(&refused.unwrap_err(), Status::Argument, &["17", "16"]);
    assert!(bytes.iter().all(|&byte| byte == 7));
    let cancel = Cancel::new(&library()).unwrap();
    cancel.request();
    let (bytes, cancelled) = steadied(&own, &[neighbor], None, Run::new().cancel(&cancel));
    assert_eq!(cancelled.unwrap_err().status(), Status::Cancelled);
    assert!(bytes.iter().all(|&byte| byte == 7));
}
