//! Runs: who stops them, who hears of them.

use std::ops::ControlFlow;
use std::sync::mpsc;
use std::thread;

use impasto_client::{Cancel, PixelFormat, PixelsMut, Run, Status};

use crate::fixtures::{engine, library, paint, picture, settings, style};

#[test]
fn another_thread_cancels() {
    let (picture, cancel) = (picture(2600, 2000), Cancel::new(&library()).unwrap());
    let (style, settings) = (style("ink"), settings(&[("brush-size", "1")]));
    let (started, has_started) = mpsc::channel();
    let canceller = thread::spawn({
        let cancel = cancel.clone();
        move || {
            has_started.recv().unwrap();
            cancel.request();
        }
    });
    let run = Run::new().cancel(&cancel).progress(|_| {
        let _ = started.send(());
        ControlFlow::Continue(())
    });
    let (bytes, done) = paint(&picture, &style, &settings, run);
    canceller.join().unwrap();
    assert_eq!(done.unwrap_err().status(), Status::Cancelled);
    assert!(bytes.iter().all(|&byte| byte == 7), "the output was touched");

    // Once requested it stays requested.
    assert!(cancel.is_requested());
    let (_, done) = paint(&picture, &style, &settings, Run::new().cancel(&cancel));
    assert_eq!(done.unwrap_err().status(), Status::Cancelled);
    paint(&self::picture(64, 64), &style, &settings, Run::new()).1.unwrap();
}

#[test]
fn a_listener_cancels_its_own_painting_only() {
    let (picture, cancel) = (picture(300, 200), Cancel::new(&library()).unwrap());
    let (style, settings) = (style("ink"), settings(&[]));
    let mut calls = 0;
    let run = Run::new().cancel(&cancel).progress(|_| {
        calls += 1;
        ControlFlow::Break(())
    });
    let (bytes, done) = paint(&picture, &style, &settings, run);
    assert_eq!(done.unwrap_err().status(), Status::Cancelled);
    assert_eq!(calls, 1);
    assert!(bytes.iter().all(|&byte| byte == 7));
    assert!(!cancel.is_requested());
    paint(&picture, &style, &settings, Run::new().cancel(&cancel)).1.unwrap();
}

#[test]
fn a_panic_of_a_listener_goes_on_after_the_painting() {
    let (picture, style, settings) = (picture(300, 200), style("ink"), settings(&[]));
    let mut bytes = picture.data().to_vec();
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut pixels = PixelsMut::new(&mut bytes, 300, 200, PixelFormat::RGBA_U8).unwrap();
        let run = Run::new()
            .progress(|_| std::panic::resume_unwind(Box::new("the listener's own words")));
        engine().paint_in_place(&style, &settings, run, &mut pixels, None)
    }))
    .unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"the listener's own words"));
    assert!(bytes == picture.data());
    paint(&picture, &style, &settings, Run::new()).1.unwrap();
}
