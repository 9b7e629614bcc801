//! Stopping, and what is told on the way.

use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use impasto::fast::FastOptions;
use impasto::job::{Cancel, Progress};
use impasto::{ErrorKind, Result};

use crate::common::pictures::{RGB_F32, RGB_U8, drawn, scene};
use crate::common::{Job, engine, job, paint, settings, style, try_paint};

/// The promise is half a second; this machine may be busy.
const SOON: Duration = Duration::from_secs(2);

/// Whether work that is asked to stop at a moment was stopped and not done before.
fn stopped_at(moment: Duration, work: impl Fn(Job<'_>) -> Result<()> + Sync) -> bool {
    let cancel = Cancel::new();
    let (result, latency) = thread::scope(|scope| {
        let work = scope.spawn(|| (work(job(&cancel)), Instant::now()));
        thread::sleep(moment);
        cancel.request();
        let requested = Instant::now();
        let (result, ended) = work.join().unwrap();
        (result, ended.saturating_duration_since(requested))
    });
    println!("asked at {moment:?}: stopped in {latency:?}");
    assert!(latency < SOON, "{latency:?}");
    if let Err(e) = &result {
        assert_eq!(e.kind(), ErrorKind::Cancelled, "{}", e.full_message());
    }
    result.is_err()
}

#[test]
fn a_painting_stops_soon_at_any_moment_and_the_engine_goes_on() {
    let picture = drawn(800, 600, RGB_U8, scene);
    let style = style("great-wave");
    let options = FastOptions { brush_size: 1.0, ..FastOptions::default() };
    engine().prepare().unwrap();
    let started = Instant::now();
    let before = paint(&picture, &style, &options);
    let whole = started.elapsed();

    // xorshift (Marsaglia 2003).
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut cancelled = 0;
    for seed in 1..=10 {
        // Of the same painting again, most would be kept.
        let again = settings(|s| (s.fast, s.seed) = (options.clone(), seed));
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let moment = whole.mul_f64((random >> 11) as f64 / (1_u64 << 53) as f64 * 0.7);
        let stopped =
            stopped_at(moment, |job| try_paint(&picture, None, &style, &again, job).map(drop));
        cancelled += u32::from(stopped);
    }
    // A painting may be quicker than the measured one and be done before it is asked.
    assert!(cancelled >= 5, "{cancelled}");
    assert!(paint(&picture, &style, &options).data() == before.data());
}

#[test]
fn what_is_cancelled_beforehand_does_not_begin() {
    let picture = drawn(64, 64, RGB_F32, scene);
    let cancel = Cancel::new();
    cancel.request();
    let options = FastOptions::default();
    let error = try_paint(&picture, None, &style("ink"), &options, job(&cancel)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let error = engine().style_of_picture(&picture, "x", job(&cancel).engines()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn the_largest_tile_stops_soon() {
    let picture = drawn(1450, 1450, RGB_U8, scene);
    let style = style("great-wave");
    let options = FastOptions { brush_size: 1.0, ..FastOptions::default() };
    let cancel = Cancel::new();
    let (begun, begins) = mpsc::channel();
    let listen = |progress: Progress| {
        if progress.fraction > 0.0 {
            let _ = begun.send(());
        }
    };
    let job = Job { cancel: &cancel, progress: &listen, memory: Some(4 << 30) };
    let (result, latency) = thread::scope(|scope| {
        let request = cancel.clone();
        let ask = scope.spawn(move || {
            begins.recv_timeout(Duration::from_secs(60)).unwrap();
            // Well within the tile, which takes seconds on two cores.
            thread::sleep(Duration::from_millis(300));
            request.request();
            Instant::now()
        });
        let result = try_paint(&picture, None, &style, &options, job).map(drop);
        let ended = Instant::now();
        (result, ended.saturating_duration_since(ask.join().unwrap()))
    });
    println!("stopped in {latency:?}");
    assert!(latency < SOON, "{latency:?}");
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled);
}

#[test]
fn looking_at_a_style_picture_stops_soon() {
    let picture = drawn(3000, 1500, RGB_U8, scene);
    let stopped = stopped_at(Duration::from_millis(5), |job| {
        engine().style_of_picture(&picture, "x", job.engines()).map(drop)
    });
    assert!(stopped);
}

#[test]
fn progress_grows_to_1_on_the_callers_thread() {
    let picture = drawn(200, 150, RGB_F32, scene);
    let told: Mutex<Vec<Progress>> = Mutex::default();
    let caller = thread::current().id();
    let listen = |progress: Progress| {
        assert_eq!(thread::current().id(), caller);
        told.lock().unwrap().push(progress);
    };
    let cancel = Cancel::new();
    let job = Job { cancel: &cancel, progress: &listen, memory: Some(0) };
    try_paint(&picture, None, &style("ink"), &FastOptions::default(), job).unwrap();
    let told = told.into_inner().unwrap();
    assert!(told.windows(2).all(|pair| pair[0].fraction <= pair[1].fraction), "{told:?}");
    assert_eq!((told[0].fraction, told[told.len() - 1].fraction), (0.0, 1.0));
    // At least one word for each of several tiles, and not a flood.
    assert!((5..=120).contains(&told.len()), "{}", told.len());
    assert!(told.iter().all(|progress| !progress.phase.is_empty()));
}

#[test]
fn a_listener_may_ask_to_stop() {
    let picture = drawn(300, 200, RGB_F32, scene);
    let cancel = Cancel::new();
    let stop = |progress: Progress| {
        if progress.fraction > 0.0 {
            cancel.request();
        }
    };
    let job = Job { cancel: &cancel, progress: &stop, memory: None };
    let error = try_paint(&picture, None, &style("ink"), &FastOptions::default(), job).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}
