//! What is left of the engine's memory when it is gone. Alone in its process, whose memory it
//! measures.

#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![allow(unsafe_code, clippy::unwrap_used)]

mod common;

use std::num::NonZeroUsize;

use common::{job, scratch, try_paint_by};
use impasto::image::Picture;
use impasto::job::Cancel;
use impasto::runtime::Device;
use impasto::{Engine, EngineOptions, Settings};

/// glibc's account of what it gave out.
#[repr(C)]
struct Account {
    arena: usize,
    free_chunks: usize,
    fast_chunks: usize,
    mappings: usize,
    mapped: usize,
    most: usize,
    fast: usize,
    used: usize,
    free: usize,
    releasable: usize,
}

unsafe extern "C" {
    fn mallinfo2() -> Account;
}

/// Bytes that were asked for and not yet given back.
fn asked_for() -> usize {
    // SAFETY: the function is glibc's (2.33), with this signature, and only reads its account.
    let account = unsafe { mallinfo2() };
    account.used + account.mapped
}

/// Bytes of memory that belong to no file.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().strip_suffix("kB").unwrap().trim().parse::<usize>().unwrap() * 1024
}

fn engine() -> Engine {
    Engine::new(EngineOptions {
        device: Device::Cpu,
        threads: NonZeroUsize::new(2),
        cache: Some(scratch().join("codes")),
        ..EngineOptions::default()
    })
}

fn paint(engine: &Engine, photo: &Picture) {
    let style = engine.styles().unwrap().find("ink").unwrap();
    let (settings, cancel) = (Settings::default(), Cancel::new());
    try_paint_by(engine, photo, None, &style, &settings, job(&cancel)).unwrap();
}

/// ONNX Runtime's library stays, with what it keeps for itself, and so do the threads that all
/// engines share: 2 MiB. The networks' pool and weights, of 200 MiB, do not. Of freed memory glibc
/// keeps the end of each thread's heap, which it gives back to no one's asking: 40 MiB.
#[test]
fn the_pool_goes_with_the_last_engine() {
    let photo = common::pictures::example("photo.png");
    engine().runtime().unwrap();
    let before = [asked_for(), resident()];
    for _ in 0..2 {
        let (first, second) = (engine(), engine());
        paint(&first, &photo);
        paint(&second, &photo);
        drop(first);
        // The pool is still the second's.
        paint(&second, &photo);
        let used = [asked_for(), resident()];
        drop(second);
        let after = [asked_for(), resident()];
        let words = format!("asked for and resident: {before:?}, {used:?} in use, {after:?} after");
        println!("{words}");
        assert!(used[0] > before[0] + (64 << 20), "{words}");
        assert!(after[0] < before[0] + (8 << 20), "{words}");
        let more = |than: [usize; 2]| than[1].saturating_sub(before[1]);
        assert!(more(after) < more(used) / 2, "{words}");
    }
}
