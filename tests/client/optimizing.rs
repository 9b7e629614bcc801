//! The optimise method.

use std::ops::{ControlFlow, Range};

use impasto::image::Picture;
use impasto_client::{
    Cancel, Channels, Losses, PixelFormat, Pixels, Run, Sample, Settings, Status, Style,
};

use crate::common::pictures::{RGBA_U8, drawn};
use crate::common::scratch;
use crate::fixtures::{
    assert_refused, borrowed, engine, library, paint, painted, picture, settings, style,
};

const SIDE: u32 = 48;

/// Settings without deep features, whose graphs load and run in no time.
fn shallow(schedule: &str) -> Settings {
    settings(&[
        ("method", "optimize"),
        ("content-layers", "block2_conv2"),
        ("style-layers", "block1_conv1,block2_conv1"),
        ("schedule", schedule),
    ])
}

fn of_picture(at: impl Fn(u32, u32) -> [f32; 3]) -> Style {
    let picture = drawn(SIDE, SIDE, RGBA_U8, |x, y| {
        let [r, g, b] = at(x, y);
        [r, g, b, 1.0]
    });
    Style::from_pixels(engine(), &borrowed(&picture), Some("drawn"), Run::new()).unwrap()
}

fn stripes() -> Style {
    of_picture(|x, y| if (x + 2 * y) % 12 < 6 { [0.9, 0.2, 0.1] } else { [0.1, 0.1, 0.5] })
}

fn photograph() -> Picture {
    picture(SIDE, SIDE)
}

#[test]
fn progress_and_previews_are_told_with_losses() {
    let mut told: Vec<(f32, Losses)> = Vec::new();
    let mut seen: Vec<(u32, u32, f32)> = Vec::new();
    let run = Run::new()
        .progress(|progress| {
            told.extend(progress.losses.map(|losses| (progress.fraction, losses)));
            ControlFlow::Continue(())
        })
        .preview(2, |preview| {
            let pixels = preview.pixels;
            assert_eq!(pixels.format(), PixelFormat::new(Channels::Rgb, Sample::F32));
            let rows: Vec<_> = pixels.rows().collect();
            assert_eq!(rows.len(), pixels.height() as usize);
            assert!(rows.iter().all(|row| row.len() == pixels.width() as usize * 12));
            assert!(
                rows.concat()
                    .chunks_exact(4)
                    .all(|v| { f32::from_ne_bytes([v[0], v[1], v[2], v[3]]).is_finite() })
            );
            seen.push((preview.step, preview.steps, preview.losses.total));
        });
    let (bytes, done) = paint(&photograph(), &stripes(), &shallow("32:4,48:2"), run);
    let report = done.unwrap();
    assert!(bytes.iter().any(|&byte| byte != 7));
    assert_eq!((report.steps, report.stopped), (6, false));
    let steps: Vec<_> = seen.iter().map(|&(step, steps, _)| (step, steps)).collect();
    assert_eq!(steps, [(2, 6), (4, 6), (6, 6)]);
    assert!(seen.iter().all(|(.., total)| total.is_finite() && *total > 0.0), "{seen:?}");
    assert!(told.is_sorted_by(|a, b| a.0 <= b.0) && !told.is_empty(), "{told:?}");
    let (_, last) = *told.last().unwrap();
    assert_eq!((last.content, last.style), (report.content_loss, report.style_loss));
    assert!(report.style_loss > 0.0, "{report:?}");

    let json: serde_json::Value = serde_json::from_str(&report.json).unwrap();
    assert_eq!(json["method"], "optimize");
    assert_eq!((&json["scales"][0]["steps"], &json["scales"][1]["steps"]), (&4.into(), &2.into()));
    assert_eq!(json["scales"][1]["losses"]["style"], f64::from(report.style_loss));
}

#[test]
fn a_panic_of_a_preview_goes_on_after_the_painting() {
    let (photograph, style) = (photograph(), stripes());
    let mut calls = 0;
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let run = Run::new().preview(0, |_| {
            calls += 1;
            std::panic::resume_unwind(Box::new("the viewer's own words"))
        });
        paint(&photograph, &style, &shallow("48:5"), run)
    }))
    .unwrap_err();
    assert_eq!((panic.downcast_ref(), calls), (Some(&"the viewer's own words"), 1));
}

#[test]
fn the_start_is_a_picture_of_any_size() {
    let (photograph, style, settings) = (photograph(), stripes(), shallow("48:3"));
    let usual = painted(&photograph, &style, &settings, Run::new());
    let other = picture(31, 17);
    let run = Run::new().start(borrowed(&other));
    let started = painted(&photograph, &style, &settings, run);
    assert!(started != usual);
}

#[test]
fn masked_styles_share_a_painting() {
    let half = |left: bool| -> Vec<u8> {
        let is_inside = |x: u32| (x < SIDE / 2) == left;
        (0..SIDE * SIDE).map(|k| if is_inside(k % SIDE) { 255 } else { 0 }).collect()
    };
    let gray = PixelFormat::new(Channels::Gray, Sample::U8);
    let (left, right) = (half(true), half(false));
    let mask = |bytes| Pixels::new(bytes, SIDE, SIDE, gray).unwrap();
    let first = stripes().masked(Some(&mask(&left)), None).unwrap();
    let green = of_picture(|_, _| [0.1, 0.8, 0.1]);
    let second = green.masked(Some(&mask(&right)), Some(&mask(&left))).unwrap();
    let both = Style::mix(&[(&first, 1.0), (&second, 1.0)]).unwrap();
    let mut settings = shallow("48:25");
    settings.set_number("content-weight", 0.1).unwrap();
    let bytes = painted(&photograph(), &both, &settings, Run::new());
    let greenness = |columns: Range<usize>| -> i64 {
        let rows = bytes.chunks_exact(SIDE as usize * 4);
        let pixels =
            rows.flat_map(|row| row.chunks_exact(4).skip(columns.start).take(columns.len()));
        pixels.map(|pixel| i64::from(pixel[1]) - i64::from(pixel[0])).sum()
    };
    let (left, right) = (greenness(0..16), greenness(32..48));
    assert!(right > left + 48 * 16 * 10, "{left} and {right}");

    let refused = code_alone().masked(None, None).unwrap_err();
    assert_refused(&refused, Status::Style, &["picture"]);
    let of_a_region = style("ink").masked(None, Some(&mask(&half(true))));
    assert_refused(&of_a_region.unwrap_err(), Status::Style, &["'ink'", "picture"]);
}

/// A style that was saved.
fn code_alone() -> Style {
    Style::from_bytes(&library(), style("ink").bytes()).unwrap()
}

#[test]
fn a_shipped_style_is_painted_where_its_mask_is_white() {
    let gray = PixelFormat::new(Channels::Gray, Sample::U8);
    let white = vec![255; (SIDE * SIDE) as usize];
    let mask = Pixels::new(&white, SIDE, SIDE, gray).unwrap();
    let masked = style("ink").masked(Some(&mask), None).unwrap();
    let [free, masked, mixed] =
        [style("ink"), masked, Style::mix(&[(&style("ink"), 1.0), (&stripes(), 1.0)]).unwrap()]
            .map(|style| painted(&photograph(), &style, &shallow("48:5"), Run::new()));
    assert!(free != mixed && masked != mixed);
}

/// A run that asks to stop after a step.
fn stopped_at(step: u32, cancel: &Cancel) -> Run<'_> {
    Run::new().cancel(cancel).preview(1, move |preview| {
        if preview.step == step {
            cancel.request();
        }
    })
}

#[test]
fn a_stopped_painting_is_kept_where_that_is_asked_for() {
    let (photograph, style) = (photograph(), stripes());
    let mut settings = shallow("48:40");
    let cancel = Cancel::new(&library()).unwrap();
    let (bytes, done) = paint(&photograph, &style, &settings, stopped_at(3, &cancel));
    assert_eq!(done.unwrap_err().status(), Status::Cancelled);
    assert!(bytes.iter().all(|&byte| byte == 7));

    settings.set_choice("on-cancel", "keep").unwrap();
    let cancel = Cancel::new(&library()).unwrap();
    let (bytes, done) = paint(&photograph, &style, &settings, stopped_at(3, &cancel));
    let report = done.unwrap();
    assert!(report.stopped && (3..40).contains(&report.steps), "{report:?}");
    assert!(bytes.iter().any(|&byte| byte != 7));
    let json: serde_json::Value = serde_json::from_str(&report.json).unwrap();
    assert_eq!(json["stopped"], true);

    // Before the first step there is nothing to keep.
    let (bytes, done) = paint(&photograph, &style, &settings, Run::new().cancel(&cancel));
    assert_eq!(done.unwrap_err().status(), Status::Cancelled);
    assert!(bytes.iter().all(|&byte| byte == 7));
}

#[test]
fn work_goes_on_where_its_checkpoint_stopped() {
    let folder = tempfile::tempdir_in(scratch()).unwrap();
    let (photograph, style) = (photograph(), stripes());
    let (whole, done) = paint(&photograph, &style, &shallow("48:8"), Run::new());
    assert_eq!(done.unwrap().steps, 8);

    let checkpoint = folder.path().join("work.state");
    let mut settings = shallow("48:8");
    settings.set_text("checkpoint", checkpoint.to_str().unwrap()).unwrap();
    settings.set_number("checkpoint-every", 0.0).unwrap();
    let cancel = Cancel::new(&library()).unwrap();
    let (_, done) = paint(&photograph, &style, &settings, stopped_at(3, &cancel));
    assert_eq!(done.unwrap_err().status(), Status::Cancelled);
    assert!(checkpoint.is_file());

    let mut steps = Vec::new();
    let run = Run::new().preview(1, |preview| steps.push(preview.step));
    let resumed = painted(&photograph, &style, &settings, run);
    assert!(resumed == whole, "the work took another way");
    assert!(steps.first().is_some_and(|&first| first > 3) && steps.last() == Some(&8), "{steps:?}");
}

#[test]
fn what_cannot_be_optimised_is_told() {
    let photograph = photograph();
    let (bytes, done) = paint(&photograph, &code_alone(), &shallow("48:2"), Run::new());
    assert_refused(&done.unwrap_err(), Status::Style, &["picture"]);
    assert!(bytes.iter().all(|&byte| byte == 7));
    let mut unknown = shallow("48:2");
    unknown.set_text("features", "vgg99").unwrap();
    let refused = paint(&photograph, &stripes(), &unknown, Run::new()).1.unwrap_err();
    assert!(refused.message().contains("vgg99"), "{refused}");
}
