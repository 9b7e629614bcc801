//! Stopping.

use std::thread;
use std::time::Duration;

use impasto::ErrorKind;
use impasto::job::{Cancel, Progress};
use impasto::optimize::{OnCancel, OptimizeOptions, Optimizer};

use crate::common::Job;
use crate::common::pictures::{example, mean_difference, photo_part, pixels};
use crate::{Watching, optimize, shallow, style, watched};

/// Numbers that look like chance and are the same each time (Steele et al. 2014).
fn chance(seed: u64, below: u64) -> u64 {
    let mut bits = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (bits ^ (bits >> 27)) % below
}

#[test]
fn a_listener_may_stop_at_any_step() {
    let (photo, ink) = (photo_part(200, 150, 64, 48), example("styles/ink.png"));
    let before = optimize(&photo, &[style(&ink)], &shallow(3)).0;
    for seed in 1..=6 {
        let at = chance(seed, 10) as f32 / 10.0;
        let optimizer = if seed % 2 == 0 { Optimizer::Adam } else { Optimizer::Lbfgs };
        let options = OptimizeOptions { optimizer, ..shallow(500) };
        let cancel = Cancel::new();
        let stop = |progress: Progress| {
            if progress.fraction >= at / 50.0 {
                cancel.request();
            }
        };
        let job = Job { cancel: &cancel, progress: &stop, memory: None };
        let watching = Watching::default();
        let result = watched(&photo, &[style(&ink)], &options, watching, job);
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled, "{seed}");
    }
    // The engine goes on.
    assert!(optimize(&photo, &[style(&ink)], &shallow(3)).0.data() == before.data());
}

#[test]
fn another_thread_may_stop_at_any_moment() {
    let (photo, ink) = (photo_part(200, 150, 96, 64), example("styles/ink.png"));
    for seed in 11..=14 {
        // While graphs are made, targets are looked at, or steps are done.
        let options = OptimizeOptions { iterations: 100_000, ..OptimizeOptions::default() };
        let cancel = Cancel::new();
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(chance(seed, 1500)));
                cancel.request();
            });
            let job = Job { cancel: &cancel, progress: &|_| {}, memory: None };
            let watching = Watching::default();
            let result = watched(&photo, &[style(&ink)], &options, watching, job);
            assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled);
        });
    }
}

#[test]
fn what_is_cancelled_beforehand_does_not_begin() {
    let (photo, ink) = (photo_part(200, 150, 48, 48), example("styles/ink.png"));
    let cancel = Cancel::new();
    cancel.request();
    let never = |progress: Progress| panic!("{progress:?}");
    let job = Job { cancel: &cancel, progress: &never, memory: None };
    let result = watched(&photo, &[style(&ink)], &shallow(3), Watching::default(), job);
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled);
}

#[test]
fn unfinished_work_is_kept_where_that_is_wanted() {
    let (photo, ink) = (photo_part(200, 150, 64, 48), example("styles/ink.png"));
    for optimizer in [Optimizer::Adam, Optimizer::Lbfgs] {
        let options = OptimizeOptions {
            on_cancel: OnCancel::Keep,
            optimizer,
            schedule: vec!["48:4".parse().unwrap(), "64:400".parse().unwrap()],
            ..shallow(0)
        };
        let cancel = Cancel::new();
        let steps = std::sync::atomic::AtomicU32::new(0);
        let stop = |progress: Progress| {
            let done = progress.losses.is_some();
            let before = steps.fetch_add(done.into(), std::sync::atomic::Ordering::SeqCst);
            if done && before + 1 == 9 {
                cancel.request();
            }
        };
        let job = Job { cancel: &cancel, progress: &stop, memory: None };
        let watching = Watching::default();
        let (painted, report) = watched(&photo, &[style(&ink)], &options, watching, job).unwrap();
        assert!(report.stopped);
        let done: Vec<u32> = report.scales.iter().map(|scale| scale.steps).collect();
        println!("{optimizer:?} stopped after {done:?}");
        assert!(done.len() == 2 && done[1] > 0 && done[1] < 30, "{done:?}");
        if optimizer == Optimizer::Adam {
            assert_eq!(done, [4, 5]);
        }
        assert!(pixels(&painted).iter().flatten().all(|v| (0.0..=1.0).contains(v)));
        assert!(mean_difference(&photo, &painted) > 0.005);
    }
}

/// Where nothing was painted yet there is nothing to keep, at whatever moment the request comes.
#[test]
fn before_the_first_step_there_is_nothing_to_keep() {
    let (photo, ink) = (photo_part(200, 150, 64, 48), example("styles/ink.png"));
    let options = OptimizeOptions { on_cancel: OnCancel::Keep, ..shallow(20) };
    let styles = [style(&ink)];
    // Beforehand, and while the targets are gathered.
    let beforehand = Cancel::new();
    beforehand.request();
    let meanwhile = Cancel::new();
    let at_the_start = |_: Progress| meanwhile.request();
    for (cancel, progress) in
        [(&beforehand, &(|_| {}) as &(dyn Fn(Progress) + Sync)), (&meanwhile, &at_the_start)]
    {
        let job = Job { cancel, progress, memory: None };
        let refused = watched(&photo, &styles, &options, Watching::default(), job).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Cancelled);
    }
    // After the first step there is.
    let cancel = Cancel::new();
    let first = |progress: Progress| {
        if progress.losses.is_some() {
            cancel.request();
        }
    };
    let job = Job { cancel: &cancel, progress: &first, memory: None };
    let report = watched(&photo, &styles, &options, Watching::default(), job).unwrap().1;
    assert!(report.stopped && report.steps() == 1, "{report:?}");
}
