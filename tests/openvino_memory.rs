//! A device with too little memory: the CPU goes on. Alone in its process, whose limits it sets.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::num::NonZeroUsize;

use common::{job, scratch, try_paint_by};
use impasto::job::Cancel;
use impasto::runtime::{Device, Precision};
use impasto::{Engine, EngineOptions, Settings};
use rlimit::Resource;

/// Lifts the limit when the engine says that it leaves the device: on a real one, the device's
/// memory is not the CPU's.
struct Lifter;

impl log::Log for Lifter {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        if record.args().to_string().contains("on the CPU instead") {
            limit(None);
        }
    }

    fn flush(&self) {}
}

fn limit(bytes: Option<u64>) {
    rlimit::setrlimit(Resource::AS, bytes.unwrap_or(rlimit::INFINITY), rlimit::INFINITY).unwrap();
}

fn address_space() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').next().unwrap().parse::<u64>().unwrap() * 4096
}

#[test]
#[ignore = "needs `cargo xtask setup --openvino`"]
fn the_cpu_paints_where_the_device_has_too_little_memory() {
    log::set_logger(&Lifter).unwrap();
    log::set_max_level(log::LevelFilter::Warn);
    let device = Device::OpenVino(Precision::F32);
    let engine = Engine::new(EngineOptions {
        device,
        threads: Some(NonZeroUsize::MIN),
        cache: Some(scratch().join("codes")),
        ..EngineOptions::default()
    });
    let photo = common::pictures::example("photo.png");
    let style = engine.styles().unwrap().find("ink").unwrap();
    let paint = || {
        let (settings, cancel) = (Settings::default(), Cancel::new());
        try_paint_by(&engine, &photo, None, &style, &settings, job(&cancel)).unwrap()
    };
    let (by_device, report) = paint();
    assert!(report.notes.is_empty(), "{:?}", report.notes);
    // Room for the engine's own pixels, not for the network's.
    limit(Some(address_space() + (24 << 20)));
    let (by_cpu, report) = paint();
    limit(None);
    assert_eq!(report.device, Device::Cpu);
    assert!(report.notes.iter().any(|note| note.contains("on the CPU instead")), "{report:?}");
    assert!(report.retries as usize == report.notes.len(), "{report:?}");
    assert!(common::pictures::most_difference(&by_cpu, &by_device) <= 1.01 / 255.0);
}
