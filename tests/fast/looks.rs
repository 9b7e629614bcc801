//! Looks that frames share, and proxies.

use impasto::canvas::{Canvas, KeepColor};
use impasto::fast::{FastOptions, Look};
use impasto::file;
use impasto::image::Picture;
use impasto::job::Cancel;

use crate::common::pictures::{RGB_F32, drawn, most_difference, photo_part, pixels};
use crate::common::{engine, job, paint, style};

fn look(picture: &Picture, options: &FastOptions) -> Look {
    let (view, space) = (picture.view(), picture.color_space());
    engine().look_fast(view, space, &style("starry-night"), options, job(&Cancel::new())).unwrap()
}

fn paint_in(picture: &Picture, look: &Look, options: &FastOptions) -> Picture {
    let (width, height) = (picture.width(), picture.height());
    let space = picture.color_space().clone();
    let mut painted = Picture::new(width, height, picture.format(), space).unwrap();
    let canvas = Canvas {
        input: picture.view(),
        color_space: picture.color_space(),
        mask: None,
        output: &mut painted.view_mut(),
    };
    let (style, cancel) = (style("starry-night"), Cancel::new());
    engine().paint_fast_in_look(canvas, &style, options, Some(look), job(&cancel)).unwrap();
    painted
}

#[test]
fn a_picture_in_its_own_look_is_its_painting() {
    let photo = photo_part(0, 0, 240, 180);
    for keep_color in [KeepColor::None, KeepColor::Match] {
        let options = FastOptions { keep_color, ..FastOptions::default() };
        let own = look(&photo, &options);
        let painted = paint(&photo, &style("starry-night"), &options);
        assert!(paint_in(&photo, &own, &options).data() == painted.data());
        let mixed = Look::mix(&[(&own, 3.0), (&own, 1.0)]).unwrap();
        assert!(most_difference(&paint_in(&photo, &mixed, &options), &painted) < 1e-3);
    }
}

#[test]
fn a_look_brings_its_picture_along() {
    let (bright, dark) = (photo_part(0, 0, 240, 180), photo_part(0, 0, 240, 180));
    let values = pixels(&dark);
    let dark = drawn(240, 180, RGB_F32, |x, y| values[(y * 240 + x) as usize].map(|v| v * 0.3));
    let options = FastOptions::default();
    let (of_bright, of_dark) = (look(&bright, &options), look(&dark, &options));
    let own = paint_in(&dark, &of_dark, &options);
    let other = paint_in(&dark, &of_bright, &options);
    assert!(most_difference(&own, &other) > 0.05);
    let half = Look::mix(&[(&of_bright, 1.0), (&of_dark, 1.0)]).unwrap();
    let between = paint_in(&dark, &half, &options);
    assert!(most_difference(&between, &own) < most_difference(&other, &own));
}

#[test]
fn a_proxy_looks_like_its_picture_made_smaller() {
    let photo = file::read(&crate::common::example("photo.png")).unwrap();
    let (width, height) = (photo.width() / 2, photo.height() / 2);
    let halved = |picture: &Picture| picture.reduced(width, height).unwrap();
    for brush_size in [0.0, 1.0] {
        let options = FastOptions { brush_size, ..FastOptions::default() };
        let proxy = FastOptions { picture_scale: [0.5, 0.5], ..options.clone() };
        let style = style("starry-night");
        let expected = halved(&paint(&photo, &style, &options));
        let distance = |options: &FastOptions| {
            let painted = paint(&halved(&photo), &style, options);
            let (a, b) = (pixels(&painted), pixels(&expected));
            let sum: f32 = a.iter().zip(&b).map(|(a, b)| (a[1] - b[1]).abs()).sum();
            sum / a.len() as f32
        };
        let (told, untold) = (distance(&proxy), distance(&options));
        println!("brush {brush_size}: {told} told of its scale, {untold} untold");
        assert!(told < 0.06 && told < 0.7 * untold, "{told} {untold}");
    }
}
