//! Looks that frames share, and proxies.

use impasto::canvas::KeepColor;
use impasto::fast::{Look, Style};
use impasto::file;
use impasto::image::Picture;
use impasto::job::Cancel;
use impasto::{Request, Settings};

use crate::common::pictures::{
    RGB_F32, drawn, mean_difference, most_difference, photo_part, pixels,
};
use crate::common::{canvas, engine, job, like, paint, settings, style};

pub const WHOLE: [f32; 2] = [1.0; 2];

pub fn look_for(style: &Style, picture: &Picture, settings: &Settings) -> Look {
    let (view, space, cancel) = (picture.view(), picture.color_space(), Cancel::new());
    engine().look(view, space, style, settings, WHOLE, job(&cancel).engines()).unwrap()
}

fn look(picture: &Picture, settings: &Settings) -> Look {
    look_for(&style("starry-night"), picture, settings)
}

pub fn paint_with(
    style: &Style,
    picture: &Picture,
    look: Option<&Look>,
    settings: &Settings,
    picture_scale: [f32; 2],
) -> Picture {
    let mut painted = like(picture).unwrap();
    let cancel = Cancel::new();
    let mut output = painted.view_mut();
    let canvas = canvas(picture, None, &mut output);
    let request = Request::new(canvas, style.into(), settings, &cancel);
    engine().paint(Request { look, picture_scale, ..request }, &()).unwrap();
    painted
}

fn paint_in(picture: &Picture, look: &Look, settings: &Settings) -> Picture {
    paint_with(&style("starry-night"), picture, Some(look), settings, WHOLE)
}

#[test]
fn a_picture_in_its_own_look_is_its_painting() {
    let photo = photo_part(0, 0, 240, 180);
    for keep_color in [KeepColor::None, KeepColor::Match] {
        let options = settings(|s| s.finishing.keep_color = keep_color);
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
    let options = Settings::default();
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
        let options = settings(|s| s.fast.brush_size = brush_size);
        let expected = halved(&paint(&photo, &style("starry-night"), &options));
        let distance = |scale: f32| {
            let starry = style("starry-night");
            let painted = paint_with(&starry, &halved(&photo), None, &options, [scale; 2]);
            let (a, b) = (pixels(&painted), pixels(&expected));
            let sum: f32 = a.iter().zip(&b).map(|(a, b)| (a[1] - b[1]).abs()).sum();
            sum / a.len() as f32
        };
        let (told, untold) = (distance(0.5), distance(1.0));
        println!("brush {brush_size}: {told} told of its scale, {untold} untold");
        assert!(told < 0.06 && told < 0.7 * untold, "{told} {untold}");
    }
}

#[test]
fn a_draft_looks_like_its_painting_and_takes_its_look() {
    let photo = photo_part(0, 0, 480, 320);
    let style = style("starry-night");
    let drafted = |look: Option<&Look>, options: &Settings| {
        let mut painted = like(&photo).unwrap();
        let cancel = Cancel::new();
        let mut output = painted.view_mut();
        let request =
            Request::new(canvas(&photo, None, &mut output), (&style).into(), options, &cancel);
        engine().paint(Request { look, is_draft: true, ..request }, &()).unwrap();
        painted
    };
    for layers in [0, 1, 4] {
        let options = settings(|s| s.fast.layers = layers);
        let painted = paint(&photo, &style, &options);
        let draft = drafted(None, &options);
        let off = mean_difference(&draft, &painted);
        assert!(0.01 < off && off < 0.12, "a draft of {layers} layers differs by {off}");
        let in_look = drafted(Some(&look(&photo, &options)), &options);
        let off = mean_difference(&in_look, &draft);
        assert!(off < 0.05, "a draft of {layers} layers in its look differs by {off}");
    }
}
