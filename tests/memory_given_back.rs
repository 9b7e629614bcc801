//! What is left of the engine's memory when it is gone. Alone in its process, whose memory it
//! measures.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod common;

use std::num::NonZeroUsize;

use common::{job, scratch};
use impasto::canvas::Canvas;
use impasto::fast::FastOptions;
use impasto::image::Picture;
use impasto::job::Cancel;
use impasto::{Engine, EngineOptions};

/// Bytes of memory that belong to no file.
fn held() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().strip_suffix("kB").unwrap().trim().parse::<u64>().unwrap() * 1024
}

fn engine() -> Engine {
    Engine::new(EngineOptions {
        threads: NonZeroUsize::new(2),
        cache: Some(scratch().join("codes")),
        ..EngineOptions::default()
    })
}

fn paint(engine: &Engine, photo: &Picture) {
    let style = engine.styles().unwrap().find("ink").unwrap();
    let (format, space) = (photo.format(), photo.color_space().clone());
    let mut painted = Picture::new(photo.width(), photo.height(), format, space).unwrap();
    let canvas = Canvas {
        input: photo.view(),
        color_space: photo.color_space(),
        mask: None,
        output: &mut painted.view_mut(),
    };
    engine.paint_fast(canvas, &style, &FastOptions::default(), job(&Cancel::new())).unwrap();
}

/// ONNX Runtime's library stays, with what it keeps for itself, and so do the threads that every
/// engine shares: a few MiB. The networks' pool and weights, of 100 MiB and more, do not, nor what
/// the allocator keeps for others to come.
#[test]
fn the_pool_goes_with_the_last_engine() {
    const STAYS: u64 = 16 << 20;
    let photo = common::pictures::example("photo.png");
    engine().runtime().unwrap();
    let before = held();
    for _ in 0..2 {
        let (first, second) = (engine(), engine());
        paint(&first, &photo);
        paint(&second, &photo);
        drop(first);
        // The pool is still the second's.
        paint(&second, &photo);
        let used = held();
        drop(second);
        let left = held();
        println!("{before} before, {used} in use, {left} after");
        assert!(left < before + STAYS, "{before} before, {used} in use, {left} after");
        assert!(used > before + 4 * STAYS, "{before} before, {used} in use");
    }
}
